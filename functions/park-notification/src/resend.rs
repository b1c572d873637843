//! Sends parked notifications again when an operator asks for it.

use identity::WorkspaceId;
use notification::resend::send_all_again;
use platform::metrics;
use serde::{Deserialize, Serialize};
use store::ParkedId;
use tracing::Span;

use crate::{Error, State};

/// Notifications sent again by one invocation. Sending takes some 30 ms each, and the function has seconds.
const RESENT_PER_INVOCATION: u16 = 100;

/// An operator's command to send parked notifications again. [`ResendAnswer::next`] holds what is left of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ResendCommand {
    /// Of which workspace; without one of all that are connected, one after the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
    /// Only this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ParkedId>,
    /// Only what happened before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<ParkedId>,
    /// Afterwards the workspaces that come after this one.
    pub and_others: bool,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ResendAnswer {
    /// How many were sent again.
    pub sent: usize,
    /// How many could not be, and are still parked. Logs say why.
    pub failed: usize,
    /// What to ask for next; nothing when all has been done.
    pub next: Option<ResendCommand>,
}

pub(crate) async fn resend(state: &State, command: ResendCommand) -> Result<ResendAnswer, Error> {
    let Some(workspace) = &command.workspace else {
        if command.id.is_some() || command.before.is_some() {
            return Err(Error::NoWorkspace);
        }
        return Ok(ResendAnswer {
            next: next_workspace(state, None).await?,
            ..ResendAnswer::default()
        });
    };
    Span::current().record("workspace.id", workspace.as_str());
    let connection = state.store.connections().get(workspace).await?;
    let connection = connection.ok_or(Error::UnknownWorkspace)?;
    let now = state.clock.now();
    let wanted = match &command.id {
        Some(id) => vec![id.clone()],
        None => {
            let before = command.before.as_ref();
            let parked = state
                .store
                .notifications()
                .parked(workspace, before, RESENT_PER_INVOCATION, now)
                .await?;
            parked.into_iter().map(|parked| parked.id).collect()
        }
    };
    let resent = send_all_again(&state.store, &state.queues, &connection, &wanted, now).await;
    tracing::info!(
        { metrics::NOTIFICATION_SENT_AGAIN } = resent.sent,
        failed = resent.failed,
        "parked notifications sent again"
    );
    let is_page_full = command.id.is_none() && wanted.len() == usize::from(RESENT_PER_INVOCATION);
    let next = if is_page_full {
        Some(ResendCommand {
            before: wanted.last().cloned(),
            ..command.clone()
        })
    } else if command.and_others {
        next_workspace(state, Some(workspace)).await?
    } else {
        None
    };
    Ok(ResendAnswer {
        sent: resent.sent,
        failed: resent.failed,
        next,
    })
}

/// The command for the connected workspace that comes next.
async fn next_workspace(
    state: &State,
    after: Option<&WorkspaceId>,
) -> Result<Option<ResendCommand>, Error> {
    let page = state.store.connected_workspaces(after, 1).await?;
    let next = page.workspaces.into_iter().next();
    Ok(next.map(|workspace| ResendCommand {
        workspace: Some(workspace),
        and_others: true,
        ..ResendCommand::default()
    }))
}
