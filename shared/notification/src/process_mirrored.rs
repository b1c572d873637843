//! From a queued notification of what is mirrored to its effect.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent};
use fail::fail_point;
use identity::NotificationId;
use intercom::webhook::MirroredNotification;
use platform::worker::{attempt, process_messages};
use tracing::Span;

use crate::process::{CONCURRENT_MESSAGES, mark, note_failure, tell_if_late, unseen};
use crate::{Change, Error, State, Worker, mirroring};

/// What a notification of some topic says of what is mirrored; `None` when its item is another topic's.
pub type MirrorRule = fn(&MirroredNotification) -> Option<Vec<Change>>;

/// Works through a batch of notifications of a worker's topics and reports those that failed.
///
/// As [`crate::process`], each is applied, and only then marked as seen.
pub async fn process_mirrored(
    state: &State,
    event: SqsEvent,
    worker: Worker,
    rule: MirrorRule,
) -> SqsBatchResponse {
    process_messages(event, CONCURRENT_MESSAGES, |message| async move {
        tell_if_late(&message, state.clock.now());
        let body = message.body.as_deref().unwrap_or_default();
        let is_repeat = attempt(&message) > 1;
        let done = process_one(state, (body, is_repeat), worker, rule).await;
        note_failure(state, &message, &done).await;
        done
    })
    .await
}

async fn process_one(
    state: &State,
    (body, is_repeat): (&str, bool),
    worker: Worker,
    rule: MirrorRule,
) -> Result<(), Error> {
    let notification = MirroredNotification::parse(body.as_bytes())?;
    Span::current().record("workspace.id", &notification.workspace);
    fail_point!(crate::steps::RECEIVED);
    let topic = notification.topic.as_str();
    let misdirected = || Error::misdirected_topic(topic);
    if Worker::of_mirrored(notification.topic) != worker {
        return Err(misdirected());
    }
    let id = NotificationId::parse(notification.id.as_str())?;
    let Some(connection) = unseen(state, &notification.workspace, &id).await? else {
        return Ok(());
    };
    Span::current().record("organization.id", connection.organization.as_str());
    let changes = rule(&notification).ok_or_else(misdirected)?;
    let happened_at = notification.created_at;
    mirroring::apply(state, &connection, changes, happened_at, is_repeat).await?;
    fail_point!(crate::steps::MIRRORED);
    mark(state, &connection, &id, topic).await
}
