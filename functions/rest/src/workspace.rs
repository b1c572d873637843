//! Which workspace a caller means.

use identity::WorkspaceId;
use lambda_http::http::StatusCode;
use platform::http::ApiError;
use store::{Connection, Grant};

use api::Error;

use crate::State;

/// The workspace that is named, else the organization's first.
///
/// # Errors
/// 404 when there is none, or it is another organization's.
pub(crate) async fn connected(
    state: &State,
    grant: &Grant,
    named: Option<&str>,
) -> Result<Connection, Error> {
    let workspace = match named {
        Some(id) => Some(WorkspaceId::parse(id).map_err(|_| unknown_workspace())?),
        None => grant.organization.first_workspace(),
    };
    let workspace = workspace.ok_or_else(unknown_workspace)?;
    let connection = state.store.connections().get(&workspace).await?;
    let own = connection.filter(|connection| connection.organization == grant.organization);
    Ok(own.ok_or_else(unknown_workspace)?)
}

fn unknown_workspace() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_workspace",
        "This organization has no such workspace. Say which one with workspace_id.",
    )
}
