//! `/v1/sync…`: the copy of what Intercom has: what is chosen, how far it is, what would be in the way.
//!
//! Each route takes `?workspace_id=`; without it, it is the organization's only workspace.

pub(crate) mod check;
pub(crate) mod progress;
pub(crate) mod settings;

use api::Error;
use identity::WorkspaceId;
use lambda_http::Request;
use lambda_http::http::StatusCode;
use platform::http::ApiError;
use store::{Connection, Grant};

use crate::State;

/// The workspace that a request is about: one that the organization has connected.
async fn workspace(state: &State, grant: &Grant, request: &Request) -> Result<Connection, Error> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let named = pairs.find_map(|(name, value)| (name == "workspace_id").then_some(value));
    let workspace = match named {
        Some(name) => WorkspaceId::parse(&name).ok(),
        None => grant.organization.first_workspace(),
    };
    let workspace = workspace.ok_or_else(unknown_workspace)?;
    let connection = state.store.connections().get(&workspace).await?;
    let connection = connection.filter(|connection| connection.organization == grant.organization);
    Ok(connection.ok_or_else(unknown_workspace)?)
}

fn unknown_workspace() -> ApiError {
    let message = "The organization has connected no workspace with this id.";
    ApiError::new(StatusCode::NOT_FOUND, "unknown_workspace", message)
}

/// The mirror stands in the same table as all else.
fn ours(error: mirror::Error) -> Error {
    match error {
        mirror::Error::Table(error) => store::Error::Table(error).into(),
    }
}
