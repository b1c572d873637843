//! Once an hour: chunks that nobody summarizes.
//!
//! The schedule leaves a message for each part of the hours that are over. Each is worked through in pages,
//! and what does not fit into one run is left to another message.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt, stream};
use platform::metrics;
use store::BegunPlace;
use tasks::SummarizeTask;

use crate::{Error, State};

/// Sessions read at a time: what one batch of the table holds.
const SESSIONS_PER_PAGE: u16 = 100;

/// Pages of one message: a second of work or two, so that runs that wait in the same batch do not wait long.
const PAGES_PER_RUN: usize = 5;

/// Messages under way at the same time.
const CONCURRENT_SENDS: usize = 8;

/// Asks for a look at every part of the hours that are over; answers how many those are.
///
/// # Errors
/// When the queue does not answer. What is looked through twice is none the worse for it.
pub async fn schedule(state: &State) -> Result<usize, Error> {
    let places: Vec<BegunPlace> = BegunPlace::last_hours(state.clock.now()).collect();
    let asked = places.len();
    let sends = places.into_iter().map(|place| send(state, place));
    stream::iter(sends.collect::<Vec<_>>())
        .buffer_unordered(CONCURRENT_SENDS)
        .try_collect::<()>()
        .await?;
    Ok(asked)
}

/// Looks through sessions from a place on, and asks for a run of each that nobody works on.
pub(crate) async fn look(state: &State, mut place: BegunPlace) -> Result<(), Error> {
    for _ in 0..PAGES_PER_RUN {
        let now = state.clock.now();
        let page = state
            .store
            .look_at_begun(&place, SESSIONS_PER_PAGE, now)
            .await?;
        for (organization, session) in &page.unanswered {
            // Whatever was under way counts as lost.
            let task = SummarizeTask::waking(organization, session);
            state.queue.send(task.to_body(), Duration::ZERO).await?;
            tracing::warn!(
                { metrics::SUMMARY_FORGOTTEN } = 1,
                organization.id = organization.as_str(),
                session.id = session.as_str(),
                "nobody was summarizing a session"
            );
        }
        match page.next {
            Some(next) => place = next,
            None => return Ok(()),
        }
    }
    send(state, place).await
}

async fn send(state: &State, place: BegunPlace) -> Result<(), Error> {
    let task = SummarizeTask::LookV1 { place };
    Ok(state.queue.send(task.to_body(), Duration::ZERO).await?)
}
