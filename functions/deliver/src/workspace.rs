//! Whether a workspace can be told anything at this moment.

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use notification::Access;
use outbox::{Hold, HoldReason, OrganizationOutbox};
use store::{Connection, ConnectionStatus};

use crate::{Error, State};

/// Whether it can.
pub(crate) enum Standing {
    /// It can, as far as we know.
    Open(Box<Open>),
    /// It cannot: why, and when it is tried again.
    Held(HoldReason, Timestamp),
}

/// A workspace that can be told something.
pub(crate) struct Open {
    pub(crate) connection: Connection,
    pub(crate) access: Access,
    /// It was held until now.
    pub(crate) was_held: bool,
}

/// Reads connection, token and what holds the workspace.
pub(crate) async fn standing(
    state: &State,
    outbox: &OrganizationOutbox<'_>,
    (organization, workspace): (&OrganizationId, &WorkspaceId),
    now: Timestamp,
) -> Result<Standing, Error> {
    let connection = state.store.connections().get(workspace).await?;
    let connection = connection.filter(|connection| connection.organization == *organization);
    let hold = outbox.hold(workspace).await?;
    let epoch = connection.as_ref().map_or(0, |connection| connection.epoch);
    if let Some(hold) = hold.filter(|hold| is_holding(hold, epoch, now)) {
        return Ok(Standing::Held(hold.reason, hold.tried_again_at));
    }
    let (connection, reason) = match connection {
        None => (None, HoldReason::NotConnected),
        Some(connection) => match connection.status {
            ConnectionStatus::Connected => (Some(connection), HoldReason::NotConnected),
            ConnectionStatus::NeedsAttention => (None, HoldReason::TokenRefused),
            ConnectionStatus::Disconnected => (None, HoldReason::NotConnected),
        },
    };
    if let Some(connection) = connection {
        let access = Access::of(&connection, &state.store, &state.secrets, now).await?;
        if let Some(access) = access {
            return Ok(Standing::Open(Box::new(Open {
                connection,
                access,
                was_held: hold.is_some(),
            })));
        }
    }
    let tried_again_at = outbox
        .hold_workspace(workspace, (reason, epoch), now)
        .await?;
    Ok(Standing::Held(reason, tried_again_at))
}

/// Holds a workspace that lets us do nothing, and has an admin told where only they can help. When it is
/// tried again.
pub(crate) async fn hold(
    state: &State,
    (outbox, workspace): (&OrganizationOutbox<'_>, &WorkspaceId),
    open: &Open,
    reason: HoldReason,
) -> Result<Timestamp, Error> {
    let now = state.clock.now();
    let epoch = open.connection.epoch;
    tracing::warn!(
        reason = reason.as_str(),
        "Intercom lets us do nothing in a workspace"
    );
    if reason == HoldReason::TokenRefused {
        let connections = state.store.connections();
        connections.mark_needs_attention(workspace, epoch).await?;
    }
    let held = outbox.hold_workspace(workspace, (reason, epoch), now);
    Ok(held.await?)
}

/// A connection that was made anew is tried at once.
fn is_holding(hold: &Hold, epoch: u64, now: Timestamp) -> bool {
    hold.epoch == epoch && hold.tried_again_at > now
}
