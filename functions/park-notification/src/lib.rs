//! Notifications that no worker could make use of: from the dead-letter queue to the table, and back on
//! their queues.
//!
//! In the dead-letter queue, which is that of all topics, a notification is seen by operators only, and
//! gone after two weeks. In the table its organization sees it on the settings page, with the reason, and
//! can have it sent again.
//!
//! - `park`: a message of the dead-letter queue becomes a parked notification;
//! - [`look`](look()): whether notifications wait that nobody takes, and so never fail;
//! - `resend`: parked notifications are sent again, when an operator asks for it (`make resend`).

mod error;
mod look;
mod park;
mod resend;
pub mod steps;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use notification::{TopicQueues, WatchedQueues};
use platform::clock::Clock;
use platform::schedule::Scheduled;
use platform::worker::process_messages;
use serde::{Deserialize, Serialize};
use store::Store;

pub use error::Error;
pub use look::{LookAnswer, look};
pub use resend::{ResendAnswer, ResendCommand};

/// Notifications parked at the same time.
const CONCURRENT_MESSAGES: usize = 5;

/// What the function keeps between events.
#[derive(Clone)]
pub struct State {
    /// Where notifications are parked.
    pub store: Store,
    /// Where they are sent again.
    pub queues: TopicQueues,
    /// The same queues, to be looked at.
    pub watched: WatchedQueues,
    /// Tells when one was parked.
    pub clock: Clock,
}

/// What the function is invoked with.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// By an operator.
    Resend {
        /// What is to be sent again. Scripts of earlier versions say `replay`.
        #[serde(alias = "replay")]
        resend: ResendCommand,
    },
    /// By the dead-letter queue.
    DeadLetters(SqsEvent),
    /// By its schedule.
    Schedule(Scheduled),
}

/// What it answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To an operator.
    Resent(ResendAnswer),
    /// To the dead-letter queue: what could not be parked, and stays there.
    Parked(SqsBatchResponse),
    /// To nobody.
    Looked(LookAnswer),
}

/// Does what an event asks for.
///
/// # Errors
/// When what an operator asks for cannot be done. A message that cannot be parked is no error: it is in the
/// answer.
pub async fn handle(state: &State, event: Event) -> Result<Answer, Error> {
    match event {
        // Boxed: hardly ever needed, and not to be carried by every batch.
        Event::Resend { resend } => {
            let resent = Box::pin(resend::resend(state, resend)).await;
            resent.map(Answer::Resent)
        }
        Event::DeadLetters(batch) => Ok(Answer::Parked(Box::pin(park(state, batch)).await)),
        Event::Schedule(_) => Ok(Answer::Looked(look(&state.watched).await?)),
    }
}

/// Parks the messages of a batch and reports those that could not be.
///
/// They stay in the dead-letter queue, whose alarm goes on: among them are those that are no notification
/// at all, which no organization could be shown.
pub async fn park(state: &State, batch: SqsEvent) -> SqsBatchResponse {
    process_messages(batch, CONCURRENT_MESSAGES, |message| {
        park::park(state, message)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_queue_sends_and_what_an_operator_sends_are_told_apart() {
        let read = |text: &str| serde_json::from_str::<Event>(text);
        for text in [
            r#"{"Records":[]}"#,
            r#"{"Records":[{"messageId":"1","body":"{}","attributes":{},"eventSource":"aws:sqs"}]}"#,
        ] {
            assert!(matches!(read(text), Ok(Event::DeadLetters(_))), "{text}");
        }
        let scheduled = r#"{"version":"0","id":"7bf7","source":"aws.events","detail":{}}"#;
        assert!(matches!(read(scheduled), Ok(Event::Schedule(_))));
        for text in [
            r#"{"resend":{}}"#,
            r#"{"replay":{}}"#,
            r#"{"resend":{"workspace":"acme"}}"#,
            r#"{"resend":{"workspace":"acme","id":"5:notif_1"}}"#,
        ] {
            assert!(matches!(read(text), Ok(Event::Resend { .. })), "{text}");
        }
        for text in [
            "{}",
            r#"{"resend":{"workspace":"a/b"}}"#,
            r#"{"resend":{"id":"5"}}"#,
            r#"{"resend":{"wokspace":"acme"}}"#,
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
