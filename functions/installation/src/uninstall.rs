//! `POST /uninstall`: a workspace has left.

use identity::WorkspaceId;
use intercom::rest::Advice;
use jiff::Timestamp;
use notification::Access;
use platform::metrics;
use store::{Connection, ConnectionStatus, Disconnection};
use tracing::Span;

use crate::State;
use crate::error::Error;

/// Deletes the token and ends every sign-in to our pages; the recordings stay.
///
/// Intercom's request bears no time, so an old one that somebody sends again cannot be told apart from a
/// new one. But Intercom ends the token before it tells us: a workspace whose token still works has not
/// left, and stays. While Intercom does not say whether it works, nothing is disconnected.
///
/// # Errors
/// When the table or Intercom does not answer: the request may be sent again.
pub(crate) async fn uninstall(state: &State, workspace: &str, now: Timestamp) -> Result<(), Error> {
    // An id that none of our workspaces can have is one more that was never here.
    let known = match WorkspaceId::parse(workspace) {
        Ok(workspace) => state.store.connections().get(&workspace).await?,
        Err(_) => None,
    };
    let Some(connection) = known else {
        tracing::info!("a workspace was uninstalled that was never here");
        return Ok(());
    };
    Span::current().record("organization.id", connection.organization.as_str());
    if connection.status == ConnectionStatus::Disconnected {
        tracing::info!("workspace uninstalled again");
        return Ok(());
    }
    if token_works(state, &connection, now).await? {
        tracing::warn!("a workspace that has not left was said to be uninstalled: it stays");
        return Ok(());
    }
    disconnect(state, &connection).await
}

/// Whether Intercom still accepts our token, so the app is still installed. Without a token there is
/// nothing to ask with: it has no access to lose.
async fn token_works(
    state: &State,
    connection: &Connection,
    now: Timestamp,
) -> Result<bool, Error> {
    let access = Access::of(connection, &state.store, &state.secrets, now);
    let Some(access) = access.await? else {
        return Ok(false);
    };
    match state.intercom.me(access.region, &access.token).await {
        Ok(_) => Ok(true),
        Err(error) if error.advice() == Advice::Reconnect => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Ends the connection that was asked about, and no later one.
async fn disconnect(state: &State, connection: &Connection) -> Result<(), Error> {
    let (workspace, epoch) = (&connection.workspace, Some(connection.epoch));
    let connections = state.store.connections();
    match connections.disconnect(workspace, epoch).await? {
        Disconnection::Done(_) => tracing::info!(
            { metrics::WORKSPACE_DISCONNECTED } = 1,
            "workspace uninstalled"
        ),
        Disconnection::Already(_) | Disconnection::Outrun | Disconnection::Unknown => {
            tracing::info!("workspace uninstalled again");
        }
    }
    Ok(())
}
