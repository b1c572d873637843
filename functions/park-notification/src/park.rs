//! From a message in a dead-letter queue to a parked notification.

use aws_lambda_events::event::sqs::SqsMessage;
use fail::fail_point;
use identity::{NotificationId, WorkspaceId};
use intercom::webhook::{self, Envelope, MalformedNotification};
use platform::queue::MAX_RECEIVES;
use platform::{metrics, worker};
use store::{ParkedId, ParkedNotification};
use tracing::Span;

use crate::{Error, State};

/// Doing it twice is doing it once: the notification itself says under which name it is parked.
pub(crate) async fn park(state: &State, message: SqsMessage) -> Result<(), Error> {
    let body = message.body.as_deref().unwrap_or_default();
    let envelope = Envelope::parse(body.as_bytes())?;
    let workspace = envelope
        .app_id
        .as_deref()
        .ok_or(MalformedNotification::Missing("app_id"))?;
    let workspace = WorkspaceId::parse(workspace)?;
    Span::current().record("workspace.id", workspace.as_str());
    let Some(connection) = state.store.connections().get(&workspace).await? else {
        // Its worker would have dropped it as well: it is nobody's.
        tracing::warn!(
            { metrics::NOTIFICATION_DROPPED } = 1,
            "a dead letter of an unknown workspace dropped"
        );
        return Ok(());
    };
    Span::current().record("organization.id", connection.organization.as_str());
    let id = webhook::EnvelopeId::of(&envelope);
    let id = NotificationId::parse(id.as_str())?;
    if state.store.notifications().is_seen(&workspace, &id).await? {
        // It came twice, and the other time something came of it.
        return Ok(());
    }
    let happened_at = envelope.created_at.or_else(|| worker::sent_at(&message));
    let notification = ParkedNotification {
        topic: envelope.topic,
        parked_at: state.clock.now(),
        // The queue counts our own attempts as well.
        attempts: worker::attempt(&message).min(MAX_RECEIVES),
        failure: state.store.notifications().failure(&workspace, &id).await?,
        id: ParkedId::new(happened_at.ok_or(Error::NoTime)?, id)?,
    };
    state
        .store
        .notifications()
        .park(&connection, &notification, body)
        .await?;
    fail_point!(crate::steps::STORED);
    let failure = notification.failure.as_ref();
    tracing::warn!(
        { metrics::NOTIFICATION_PARKED } = 1,
        notification.topic = notification.topic,
        "error.type" = failure.map(|failure| failure.error_type.as_str()),
        "notification parked"
    );
    Ok(())
}
