//! What a run reads, and who takes the next step. Pure.

use jiff::{SignedDuration, Timestamp};
use store::{SyncPart, SyncProgress, SyncRun};

/// Pages of one step: some ten seconds of work, so that other workspaces have their turn.
pub(crate) const PAGES_PER_STEP: usize = 4;

/// How far a run goes back behind the beginning of the last one. Intercom's searches find what has changed
/// only after some minutes, more when Intercom is busy, and its clock is not ours. What is read again changes
/// nothing.
pub(crate) const RUN_OVERLAP: SignedDuration = SignedDuration::from_hours(1);

/// How far the first run goes back: far enough for conversations under way when the workspace was connected.
/// Contacts who wrote earlier become known from the panel's requests, or when they next change.
pub(crate) const FIRST_RUN_REACH: SignedDuration = SignedDuration::from_hours(24);

/// Intercom compares days, in the workspace's time zone, and leaves out the day that is named: two days
/// before, that day has ended in every time zone.
pub(crate) const SEARCH_DAY_MARGIN: SignedDuration = SignedDuration::from_hours(48);

/// A step that is this late is abandoned: by then its message has either reached a worker or been delivered
/// again.
const ABANDONED_AFTER: SignedDuration = SignedDuration::from_mins(20);

/// The run that a message's step belongs to; `None` when nothing is left to do for it.
///
/// A run goes on with its own messages. A message that asks for another run begins it when none is under way,
/// and takes over one that nobody goes on with.
pub(crate) fn take_up(
    progress: &SyncProgress,
    asked_at: Timestamp,
    kept_days: u32,
    now: Timestamp,
) -> Option<SyncRun> {
    match &progress.run {
        Some(run) if run.asked_at != asked_at && run.due_at + ABANDONED_AFTER > now => None,
        Some(run) => Some(SyncRun {
            asked_at,
            due_at: now,
            ..run.clone()
        }),
        // A message of a run that has ended, delivered once more.
        None if progress
            .complete_until
            .is_some_and(|until| until >= asked_at) =>
        {
            None
        }
        None => Some(SyncRun {
            asked_at,
            started_at: now,
            since: since(progress, kept_days, now),
            part: SyncPart::Contacts,
            cursor: None,
            is_second_try: false,
            due_at: now,
        }),
    }
}

/// From when on a run that begins now reads changes: never further back than sessions are kept.
fn since(progress: &SyncProgress, kept_days: u32, now: Timestamp) -> Timestamp {
    let wanted = match progress.complete_until {
        Some(until) => until - RUN_OVERLAP,
        None => now - FIRST_RUN_REACH,
    };
    wanted.max(now - SignedDuration::from_hours(24) * i32::try_from(kept_days).unwrap_or(i32::MAX))
}

/// The run after a page of it; `None` when that was the last.
pub(crate) fn after_page(run: &SyncRun, next: Option<String>, now: Timestamp) -> Option<SyncRun> {
    let part = match (&next, run.part) {
        (Some(_), part) => part,
        (None, SyncPart::Contacts) => SyncPart::Conversations,
        (None, SyncPart::Conversations) => return None,
    };
    Some(SyncRun {
        part,
        is_second_try: run.is_second_try && next.is_some(),
        cursor: next,
        due_at: now,
        ..run.clone()
    })
}

/// Whether the pages after this one hold nothing that changed after `since`. `changed` has the times of this
/// page's records.
///
/// Pages begin with the latest change. A page in another order proves nothing, so the run reads on.
pub(crate) fn is_past(changed: &[Option<Timestamp>], since: Timestamp) -> bool {
    let is_sorted = changed.is_sorted_by(|earlier, later| match (earlier, later) {
        (Some(earlier), Some(later)) => earlier >= later,
        _ => false,
    });
    is_sorted && matches!(changed.last(), Some(Some(last)) if *last <= since)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_795_176_000 + 60 * minutes).unwrap()
    }

    fn run() -> SyncRun {
        SyncRun {
            asked_at: at(0),
            started_at: at(1),
            since: at(-75),
            part: SyncPart::Contacts,
            cursor: Some("WzE3".to_owned()),
            is_second_try: false,
            due_at: at(3),
        }
    }

    fn progress(complete_until: Option<Timestamp>, run: Option<SyncRun>) -> SyncProgress {
        let mut progress = SyncProgress::default();
        progress.complete_until = complete_until;
        progress.run = run;
        progress
    }

    #[test]
    fn a_run_reads_what_changed_since_the_last_one_began_and_an_hour() {
        let day = 24 * 60;
        for (complete_until, kept_days, since) in [
            (None, 30, -day),
            (Some(at(-15)), 30, -75),
            (Some(at(-45 * day)), 30, -30 * day),
            (Some(at(-45 * day)), 90, -45 * day - 60),
        ] {
            let progress = progress(complete_until, None);
            let begun = take_up(&progress, at(-1), kept_days, at(0)).unwrap();
            assert_eq!(begun.since, at(since), "{complete_until:?}");
            assert_eq!((begun.asked_at, begun.started_at), (at(-1), at(0)));
            assert_eq!((begun.part, begun.cursor), (SyncPart::Contacts, None));
        }
    }

    #[test]
    fn a_run_goes_on_with_its_own_messages_until_nobody_goes_on_with_it() {
        let under_way = progress(None, Some(run()));
        for minute in [3, 4, 1_000] {
            let due = SyncRun {
                due_at: at(minute),
                ..run()
            };
            assert_eq!(take_up(&under_way, at(0), 30, at(minute)), Some(due));
        }
        for minute in [3, 15, 22] {
            assert_eq!(take_up(&under_way, at(15), 30, at(minute)), None);
        }
        let taken_over = SyncRun {
            asked_at: at(30),
            due_at: at(30),
            ..run()
        };
        let late = take_up(&under_way, at(30), 30, at(30));
        assert_eq!(late.as_ref(), Some(&taken_over));
        let taken_over = progress(None, late);
        assert_eq!(take_up(&taken_over, at(0), 30, at(30)), None, "too late");
    }

    #[test]
    fn a_message_of_a_run_that_has_ended_begins_no_other() {
        let ended = progress(Some(at(1)), None);
        assert_eq!(take_up(&ended, at(0), 30, at(9)), None);
        assert!(take_up(&ended, at(15), 30, at(15)).is_some());
    }

    #[test]
    fn contacts_come_before_conversations_and_then_it_ends() {
        let again = Some("WzE4".to_owned());
        let contacts = after_page(&run(), again.clone(), at(4)).unwrap();
        assert_eq!(
            (contacts.part, &contacts.cursor),
            (SyncPart::Contacts, &again)
        );
        assert_eq!(contacts.due_at, at(4));
        let conversations = after_page(&contacts, None, at(5)).unwrap();
        let expected = (SyncPart::Conversations, None);
        assert_eq!((conversations.part, conversations.cursor.clone()), expected);
        assert_eq!(after_page(&conversations, None, at(6)), None);
    }

    #[test]
    fn reading_ends_with_the_first_that_changed_too_long_ago_if_order_is_kept() {
        let minutes = |minutes: &[i64]| -> Vec<_> {
            minutes.iter().map(|minute| Some(at(*minute))).collect()
        };
        for (changed, is_past_it) in [
            (minutes(&[]), false),
            (minutes(&[9, 5, 1]), false),
            (minutes(&[9, 5, 0]), true),
            (minutes(&[9, 0, 0, -4]), true),
            (minutes(&[-4, -5]), true),
            (minutes(&[-5, -4]), false),
            (minutes(&[-5, 9, -6]), false),
            (vec![None], false),
            (vec![None, Some(at(-5))], false),
        ] {
            assert_eq!(is_past(&changed, at(0)), is_past_it, "{changed:?}");
        }
    }
}
