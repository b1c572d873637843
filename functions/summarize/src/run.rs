//! One run: from a message to a saved summary.

use std::time::Duration;

use identity::{OrganizationId, SessionId};
use jiff::{SignedDuration, Timestamp};
use platform::metrics;
use platform::queue::MAX_DELAY;
use store::{Advance, ChunkManifest, Progress, SaveOutcome};
use tasks::SummarizeTask;
use tracing::Span;

use crate::fold::Fold;
use crate::plan::{MAX_CHUNKS_PER_RUN, Rest, Step, plan};
use crate::{Error, State};

/// After this much silence a missing chunk counts as lost. A recorder begins another session after as much
/// (`IDLE_MS` in shared/web/recorder/src/session.ts).
const GIVE_UP_ON_GAP_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// Runs tried when others save first. Each of them makes progress, so only a crowd needs more.
const MAX_ATTEMPTS: usize = 5;

/// What is left to do after a run.
#[derive(Debug, PartialEq, Eq)]
enum WorkLeft {
    Nothing,
    /// Another run, at once.
    More,
    /// A look at the gap when the session, last heard of at `silent_since`, has been silent for long enough.
    Gap {
        silent_since: Timestamp,
        /// The first number that has not come.
        missing: u32,
    },
}

/// What a run is asked to do.
pub(crate) struct Message {
    pub(crate) organization: OrganizationId,
    pub(crate) session: SessionId,
    /// The silence that it was sent to look at.
    pub(crate) silent_since: Option<Timestamp>,
    /// Whether chunks have relied on its being delivered.
    pub(crate) wakes: bool,
}

/// Brings a session's summary up to date.
pub(crate) async fn run(state: &State, message: Message) -> Result<(), Error> {
    let span = Span::current();
    span.record("organization.id", message.organization.as_str());
    span.record("session.id", message.session.as_str());
    let sessions = state.store.of(&message.organization).sessions();
    for _ in 0..MAX_ATTEMPTS {
        let now = state.clock.now();
        let begun = match message.wakes {
            true => sessions.wake_summary(&message.session, now).await?,
            false => sessions.begin_summary(&message.session, now).await?,
        };
        let Some(progress) = begun else {
            // Expired, or never there: there is nothing to summarize.
            return Ok(());
        };
        if let Some((left, counted)) = advance(state, &progress, now).await? {
            let left = wait_at_gap(state, &message, left).await?;
            // First: the message comes again only so often, and chunks are not to wait for counting.
            queue_rest(state, message, left).await?;
            return Ok(counted?);
        }
    }
    Err(Error::Outrun {
        attempts: MAX_ATTEMPTS,
    })
}

/// One attempt, and whether problems could be counted; `None` when another run has saved first.
async fn advance(
    state: &State,
    progress: &Progress,
    now: Timestamp,
) -> Result<Option<(WorkLeft, Result<(), store::Error>)>, Error> {
    let mut fold = Fold::take_up(&state.recordings, progress).await?;
    let sessions = state.store.of(&progress.organization).sessions();
    let listed = sessions
        .chunks_from(&progress.session, fold.next_seq, MAX_CHUNKS_PER_RUN)
        .await?;
    let heard_at = last_heard_of(progress, &listed);
    let is_silent = now.duration_since(heard_at) >= GIVE_UP_ON_GAP_AFTER;
    let (steps, rest) = plan(fold.next_seq, listed, |gap| {
        is_silent || fold.has_given_up(gap)
    });
    let left = match rest {
        Rest::Nothing => WorkLeft::Nothing,
        Rest::More => WorkLeft::More,
        Rest::Gap => WorkLeft::Gap {
            silent_since: heard_at,
            missing: steps.last().map_or(fold.next_seq, Step::until),
        },
    };
    // With more to come it goes on, whatever there is: it began anew, and has not caught up yet.
    if rest != Rest::More && !fold.has_news(&steps) && !sessions.owes_problems(progress) {
        return Ok(Some((left, Ok(()))));
    }
    fold.follow(&state.recordings, steps).await?;
    // After a checkpoint there may be nothing to take, and something to count.
    let Some(received_at) = fold.received_at.or(progress.last_chunk_at) else {
        return Ok(Some((left, Ok(()))));
    };
    let kept = match fold.is_due_for_a_checkpoint() {
        true => {
            let kept = fold.analyzer.to_state();
            Some(state.recordings.write_state(progress, &kept).await?)
        }
        false => None,
    };
    let advance = Advance {
        next_seq: fold.next_seq,
        state: kept,
        summary: fold.analyzer.summary(),
        skipped: fold.gaps(),
        before: fold.before,
        received_at,
    };
    let noted = sessions.note_activity(progress, &advance, now);
    if let Err(error) = noted.await {
        // A match that is not found is less than a summary that is not written.
        tracing::warn!(%error, "where the visitor was is not noted");
    }
    let saved = state.recordings.save_summary(progress, &advance, now);
    match saved.await? {
        SaveOutcome::Saved => {
            let lag = state.clock.now().as_millisecond() - received_at.as_millisecond();
            tracing::info!(
                { metrics::SUMMARY_WRITTEN } = 1,
                { metrics::SUMMARY_LAG } = lag.max(0),
                chunks = advance.next_seq,
                "summary written"
            );
            // The summary stands. What is not counted is owed, and the message comes again.
            let counted = sessions.count_problems(progress, &advance).await;
            Ok(Some((left, counted)))
        }
        SaveOutcome::Outrun => Ok(None),
    }
}

/// Says that chunks wait beyond a gap, so that what fills it does not; [`WorkLeft::More`] when that has come
/// already.
async fn wait_at_gap(state: &State, message: &Message, left: WorkLeft) -> Result<WorkLeft, Error> {
    let WorkLeft::Gap { missing, .. } = left else {
        return Ok(left);
    };
    let sessions = state.store.of(&message.organization).sessions();
    sessions.note_gap(&message.session).await?;
    // What came before the note was written did not see it.
    let first = sessions.chunks_from(&message.session, missing, 1).await?;
    Ok(match first.iter().any(|chunk| chunk.seq == missing) {
        true => WorkLeft::More,
        false => left,
    })
}

/// When the session was last heard of. The chunks know better than the progress, which may be a minute
/// behind; but not all of them are listed.
fn last_heard_of(progress: &Progress, listed: &[ChunkManifest]) -> Timestamp {
    let arrivals = listed.iter().map(|chunk| chunk.stored_at);
    arrivals
        .chain(progress.last_chunk_at)
        .max()
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Queues what is left after the message's run.
async fn queue_rest(state: &State, message: Message, left: WorkLeft) -> Result<(), Error> {
    let (silent_since, delay) = match left {
        WorkLeft::Nothing => return Ok(()),
        WorkLeft::More => (None, Duration::ZERO),
        // The session was heard of since, and the run that this led to has sent a message of its own.
        WorkLeft::Gap { silent_since, .. }
            if message
                .silent_since
                .is_some_and(|woken_by| woken_by < silent_since) =>
        {
            return Ok(());
        }
        WorkLeft::Gap { silent_since, .. } => (
            Some(silent_since),
            until_silent(silent_since, state.clock.now()),
        ),
    };
    let task = SummarizeTask::V1 {
        organization: message.organization,
        session: message.session,
        silent_since,
    };
    Ok(state.queue.send(task.to_body(), delay).await?)
}

/// How long to wait before looking at a gap again: until the silence is long enough, or as long as queues
/// can.
fn until_silent(silent_since: Timestamp, now: Timestamp) -> Duration {
    let left = GIVE_UP_ON_GAP_AFTER - now.duration_since(silent_since);
    Duration::try_from(left)
        .unwrap_or(Duration::ZERO)
        .min(MAX_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_looked_at_when_the_silence_is_long_enough_in_steps_that_queues_can_wait() {
        let heard_at = Timestamp::from_second(1_000_000).unwrap();
        for (minutes_later, wait) in [(0, 15), (10, 15), (20, 10), (30, 0), (45, 0)] {
            let now = heard_at + SignedDuration::from_mins(minutes_later);
            assert_eq!(
                until_silent(heard_at, now),
                Duration::from_mins(wait),
                "{minutes_later}"
            );
        }
    }
}
