//! `POST /v1/sync/check`: what would be in the way of an import, before it begins.

use api::Error;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use notification::{Access, AccessError};
use platform::http::{ApiError, json};
use preflight::Preflight;
use store::Grant;

use crate::State;
use crate::sync::{ours, workspace};

pub(crate) async fn check(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let connection = workspace(state, grant, request).await?;
    let now = state.clock.now();
    let access = Access::of(&connection, &state.store, &state.import.secrets, now);
    let access = access.await.map_err(|error| match error {
        AccessError::Store(error) => Error::from(error),
        AccessError::Secrets(_) | AccessError::Token(_) => not_connected().into(),
    })?;
    let access = access.ok_or_else(not_connected)?;
    let preflight = Preflight {
        store: &state.store,
        mirror: &state.import.mirror,
        intercom: &state.import.intercom,
        hosts: &state.hosts,
    };
    let found = preflight.check(&connection, &access).await;
    let found = found.map_err(|error| match error {
        preflight::Error::Store(error) => error.into(),
        preflight::Error::Mirror(error) => ours(error),
        preflight::Error::NotConnected => not_connected().into(),
        preflight::Error::Unavailable => unavailable().into(),
    })?;
    Ok(json(StatusCode::OK, &found))
}

fn not_connected() -> ApiError {
    let message = "Intercom does not let us into this workspace: an admin has to connect it again.";
    ApiError::new(StatusCode::CONFLICT, "not_connected", message)
}

fn unavailable() -> ApiError {
    let message = "Intercom does not answer, or asks us to wait: try again in a minute.";
    let status = StatusCode::SERVICE_UNAVAILABLE;
    ApiError::new(status, "intercom_unavailable", message)
}
