//! Which of an organization's workspaces a caller means.

use identity::WorkspaceId;
use lambda_http::http::StatusCode;
use platform::http::ApiError;
use store::{Connection, Grant, Store};

use crate::Error;

/// The workspace that is named, else the organization's first.
///
/// # Errors
/// 404 `unknown_workspace` when there is none, or it is another organization's.
pub async fn connected(
    store: &Store,
    grant: &Grant,
    named: Option<&str>,
) -> Result<Connection, Error> {
    let workspace = match named {
        Some(id) => Some(WorkspaceId::parse(id).map_err(|_| unknown_workspace())?),
        None => grant.organization.first_workspace(),
    };
    let workspace = workspace.ok_or_else(unknown_workspace)?;
    let connection = store.connections().get(&workspace).await?;
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
