//! `POST /uninstall` and `POST /health`: Intercom says that a workspace has left, or asks how an installation
//! is.
//!
//! Both are signed as canvas requests are, so `/uninstall` takes a body of its own shape only.
//! Uninstalling twice does the same as once. A workspace that was never connected gets 200 as well.

mod error;
mod health;
mod uninstall;

use std::time::Duration;

use intercom::{HttpsUrl, installation, rest};
use jiff::Timestamp;
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use platform::clock::Clock;
use platform::http::{self, ApiError};
use platform::metrics;
use platform::secrets::LiveSecrets;
use serde_json::json;
use store::Store;
use tracing::{Instrument, Span, field};
use wiring::signature;

use crate::error::Error;

/// How long Intercom is asked whether a token still works: it waits for our answer meanwhile.
pub const LIMITS: rest::Limits = rest::Limits {
    connect: Duration::from_secs(2),
    call: Duration::from_secs(4),
    rate_limit_wait: Duration::ZERO,
};

/// Largest request body that is read, bytes; it holds one id.
const MAX_BODY_BYTES: usize = 16 << 10;

/// What the handler needs.
#[derive(Clone)]
pub struct State {
    /// Where connections are kept.
    pub store: Store,
    /// What requests are signed with, and what tokens are sealed with.
    pub secrets: LiveSecrets,
    /// Calls to Intercom, within [`LIMITS`].
    pub intercom: rest::Client,
    /// Where an admin sees to the connection.
    pub settings: Option<HttpsUrl>,
    /// Tells how old the secrets are.
    pub clock: Clock,
}

#[derive(Clone, Copy)]
enum Route {
    Uninstall,
    Health,
}

/// Answers a request of Intercom's: 401 to a wrong signature.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    let span = tracing::error_span!(
        "installation",
        workspace.id = field::Empty,
        organization.id = field::Empty
    );
    respond(state, &request)
        .instrument(span)
        .await
        .unwrap_or_else(Error::into_response)
}

async fn respond(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    let route = match request.uri().path() {
        "/uninstall" => Route::Uninstall,
        "/health" => Route::Health,
        _ => {
            return Err(refusal(
                StatusCode::NOT_FOUND,
                "unknown_route",
                "There is nothing here.",
            ));
        }
    };
    if request.method() != Method::POST {
        const ONLY: &str = "This route answers POST only.";
        let status = StatusCode::METHOD_NOT_ALLOWED;
        return Err(refusal(status, "method_not_allowed", ONLY));
    }
    let now = state.clock.now();
    verify(state, request, now).await?;
    let workspace = match route {
        Route::Uninstall => installation::uninstalled_workspace(request.body()),
        Route::Health => installation::workspace_id(request.body()),
    };
    let workspace = workspace
        .map_err(|error| refusal(StatusCode::BAD_REQUEST, "no_workspace", &error.to_string()))?;
    Span::current().record("workspace.id", &workspace);
    match route {
        Route::Uninstall => {
            uninstall::uninstall(state, &workspace, now).await?;
            Ok(http::json(StatusCode::OK, &json!({})))
        }
        Route::Health => {
            let health = health::of(state, &workspace, now).await;
            Ok(http::json(StatusCode::OK, &health))
        }
    }
}

/// Whether it is a request of Intercom's.
async fn verify(state: &State, request: &Request, now: Timestamp) -> Result<(), Error> {
    let body: &[u8] = request.body();
    if body.len() > MAX_BODY_BYTES {
        const LIMIT: &str = "The body names a workspace, and nothing else.";
        return Err(refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            LIMIT,
        ));
    }
    let verdict = signature::verify_body(&state.secrets, request, now).await;
    verdict.map_err(|error| {
        tracing::warn!({ metrics::SIGNATURE_REJECTED } = 1, %error, "signature rejected");
        refusal(
            StatusCode::UNAUTHORIZED,
            "bad_signature",
            &error.to_string(),
        )
    })
}

fn refusal(status: StatusCode, code: &'static str, message: &str) -> Error {
    ApiError::new(status, code, message).into()
}
