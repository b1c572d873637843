//! From a queued notification to its effect.

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use fail::fail_point;
use futures::future::try_join;
use identity::{NotificationId, Statement, WorkspaceId};
use intercom::webhook::Notification;
use jiff::{SignedDuration, Timestamp};
use platform::fault::Fault;
use platform::metrics;
use platform::queue::MAX_RECEIVES;
use platform::worker::{attempt, process_messages, sent_at};
use store::{Applied, Connection, ConnectionStatus};
use tracing::Span;

use crate::{Error, State, Worker, failure, matching};

/// Notifications worked on at the same time: they do little but wait for the table.
const CONCURRENT_MESSAGES: usize = 5;

/// How long a notification may wait for its worker before an operator is told. What fails goes to the dead
/// letters before that: five deliveries, three minutes apart.
const LATE: SignedDuration = SignedDuration::from_mins(20);

/// What a notification of some topic says about contacts.
pub type Rule = fn(&Notification) -> Result<Vec<Statement>, Error>;

/// Works through a batch of notifications of a worker's topics and reports those that failed.
///
/// Each is applied, and only then marked as seen. A worker that dies in between leaves it unmarked, and the
/// next delivery applies it once more, which changes nothing that was applied already.
pub async fn process(
    state: &State,
    event: SqsEvent,
    worker: Worker,
    rule: Rule,
) -> SqsBatchResponse {
    process_then(state, event, worker, rule, |_, _| async { Ok(()) }).await
}

/// The same, with something to be done for each statement that was applied, before the notification counts as
/// done.
pub async fn process_then<T, F>(
    state: &State,
    event: SqsEvent,
    worker: Worker,
    rule: Rule,
    then: T,
) -> SqsBatchResponse
where
    T: Fn(Connection, Statement) -> F,
    F: Future<Output = Result<(), Error>>,
{
    let then = &then;
    process_messages(event, CONCURRENT_MESSAGES, |message| async move {
        tell_if_late(&message, state.clock.now());
        let body = message.body.as_deref().unwrap_or_default();
        let done = process_one(state, body, worker, rule, then).await;
        // What can never be done says so at once: it is delivered again all the same, and parked in the end.
        let attempt = attempt(&message);
        if let Err(error) = &done
            && (attempt >= MAX_RECEIVES || (attempt == 1 && !error.is_transient()))
        {
            failure::note(state, body, error).await;
        }
        done
    })
    .await
}

/// Counts a message that nobody took for long.
fn tell_if_late(message: &SqsMessage, now: Timestamp) {
    if let Some(waited) = too_long(message, now) {
        tracing::warn!(
            { metrics::NOTIFICATION_LATE } = 1,
            waited_s = waited.as_secs(),
            "a notification waited for long"
        );
    }
}

/// How long a message has waited, if that is [`LATE`], however often it was delivered: what is throttled
/// comes again.
fn too_long(message: &SqsMessage, now: Timestamp) -> Option<SignedDuration> {
    let waited = now.duration_since(sent_at(message)?);
    (waited > LATE).then_some(waited)
}

async fn process_one<T, F>(
    state: &State,
    body: &str,
    worker: Worker,
    rule: Rule,
    then: &T,
) -> Result<(), Error>
where
    T: Fn(Connection, Statement) -> F,
    F: Future<Output = Result<(), Error>>,
{
    let notification = Notification::parse(body.as_bytes())?;
    Span::current().record("workspace.id", &notification.workspace);
    fail_point!(crate::steps::RECEIVED);
    if Worker::of(notification.topic) != worker {
        return Err(Error::misdirected(&notification));
    }
    let id = NotificationId::parse(notification.id.as_str())?;
    let Some(connection) = unseen(state, &notification.workspace, &id).await? else {
        return Ok(());
    };
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    Span::current().record("organization.id", organization.as_str());
    let now = state.clock.now();
    let mut applied = Vec::new();
    for statement in rule(&notification)? {
        let known = apply(state, &connection, &statement, now).await?;
        applied.push((statement, known));
    }
    fail_point!(crate::steps::APPLIED);
    for (statement, known) in &applied {
        matching::suggest(state, &connection, statement, known, now).await?;
    }
    fail_point!(crate::steps::MATCHED);
    for (statement, _) in &applied {
        then(connection.clone(), statement.clone()).await?;
    }
    let marked = state
        .store
        .notifications()
        .mark_seen(organization, workspace, &id, now);
    marked.await?;
    fail_point!(crate::steps::MARKED);
    tracing::info!(
        { metrics::NOTIFICATION_APPLIED } = 1,
        topic = notification.topic.as_str(),
        "notification applied"
    );
    Ok(())
}

/// The connection that a notification is to be applied to; `None` when it changes nothing: nobody is
/// connected to the workspace (any more), or it has been applied before.
async fn unseen(
    state: &State,
    workspace: &str,
    id: &NotificationId,
) -> Result<Option<Connection>, Error> {
    // What cannot be the name of a workspace of ours is one more that nobody has connected.
    let Ok(workspace) = WorkspaceId::parse(workspace) else {
        return Ok(dropped());
    };
    let store = &state.store;
    let reads = try_join(
        store.connections().get(&workspace),
        store.notifications().is_seen(&workspace, id),
    );
    let (connection, is_seen) = reads.await?;
    let is_connected =
        |connection: &Connection| connection.status != ConnectionStatus::Disconnected;
    let Some(connection) = connection.filter(is_connected) else {
        return Ok(dropped());
    };
    if is_seen {
        tracing::info!(
            { metrics::NOTIFICATION_DUPLICATE } = 1,
            "notification delivered again"
        );
        return Ok(None);
    }
    Ok(Some(connection))
}

fn dropped() -> Option<Connection> {
    tracing::info!(
        { metrics::NOTIFICATION_DROPPED } = 1,
        "notification of a workspace that nobody has connected"
    );
    None
}

/// Takes a statement for true, for as long as the organization keeps recordings.
pub(crate) async fn apply(
    state: &State,
    connection: &Connection,
    statement: &Statement,
    now: Timestamp,
) -> Result<Applied, Error> {
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let retention_days = connection.preferences.retention_days;
    let applied =
        state
            .store
            .of(organization)
            .apply_statement(workspace, statement, retention_days, now);
    Ok(applied.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_is_what_was_not_taken_for_long_however_often_it_was_delivered() {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let message = |minutes: i64, receives: u32| {
            let sent_at = now - SignedDuration::from_mins(minutes);
            let mut message = SqsMessage::default();
            message.attributes = [
                ("SentTimestamp", sent_at.as_millisecond().to_string()),
                ("ApproximateReceiveCount", receives.to_string()),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .into();
            message
        };
        let waited = |minutes, receives| too_long(&message(minutes, receives), now);
        assert_eq!(waited(21, 1), Some(SignedDuration::from_mins(21)));
        assert_eq!(waited(20, 1), None);
        assert_eq!(waited(21, 3), Some(SignedDuration::from_mins(21)));
        assert_eq!(too_long(&SqsMessage::default(), now), None);
    }
}
