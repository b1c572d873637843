//! `POST /uninstall`: a workspace has left.

use identity::WorkspaceId;
use platform::metrics;
use store::Disconnection;
use tracing::Span;

use crate::State;
use crate::error::Error;

/// Deletes the token and ends every sign-in to our pages; the recordings stay.
///
/// Intercom's request bears no time, so a late one cannot be told apart from a new one. A request that
/// arrives after the workspace was connected again disconnects it.
pub(crate) async fn uninstall(state: &State, workspace: &str) -> Result<(), Error> {
    // An id that none of our workspaces can have is one more that was never here.
    let Ok(workspace) = WorkspaceId::parse(workspace) else {
        tracing::info!("a workspace was uninstalled that was never here");
        return Ok(());
    };
    match state
        .store
        .connections()
        .disconnect(&workspace, None)
        .await?
    {
        Disconnection::Done(connection) => {
            Span::current().record("organization.id", connection.organization.as_str());
            tracing::info!(
                { metrics::WORKSPACE_DISCONNECTED } = 1,
                "workspace uninstalled"
            );
        }
        Disconnection::Already(_) => tracing::info!("workspace uninstalled again"),
        Disconnection::Outrun | Disconnection::Unknown => {
            tracing::info!("a workspace was uninstalled that was never here");
        }
    }
    Ok(())
}
