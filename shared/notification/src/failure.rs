//! Why a notification could not be processed, for whoever finds it parked.

use identity::{NotificationId, WorkspaceId};
use intercom::webhook::{self, Envelope};
use platform::fault::Fault;
use platform::telemetry::Chain;
use store::Failure;

use crate::{Error, State};

/// Remembers why an attempt failed. Best-effort: a notification without a reason is parked as well.
pub(crate) async fn note(state: &State, body: &str, error: &Error) {
    let Some((workspace, id)) = name(body) else {
        return;
    };
    let failure = Failure {
        error_type: error.error_type().to_owned(),
        reason: Chain(error).to_string(),
    };
    let now = state.clock.now();
    let noted = state
        .store
        .notifications()
        .note_failure(&workspace, &id, &failure, now)
        .await;
    if let Err(error) = noted {
        tracing::warn!(error = %Chain(&error), "why a notification failed could not be remembered");
    }
}

/// Which notification it is, if that much can be read.
fn name(body: &str) -> Option<(WorkspaceId, NotificationId)> {
    let envelope = Envelope::parse(body.as_bytes()).ok()?;
    let id = webhook::EnvelopeId::of(&envelope);
    Some((
        WorkspaceId::parse(envelope.app_id.as_deref()?).ok()?,
        NotificationId::parse(id.as_str()).ok()?,
    ))
}
