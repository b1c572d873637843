//! The part of Intercom's API that the app calls.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use platform::form::Form;
use platform::http::bearer_token;
use serde_json::{Value, json};

use super::grants::Grants;
use super::workspaces::Workspace;

/// Tokens, who they are for, and their end.
pub(super) fn routes(grants: Grants) -> Router {
    Router::new()
        .route("/auth/eagle/token", post(exchange))
        .route("/auth/uninstall", post(uninstall))
        .route("/me", get(me))
        .route("/app_install/status", post(status))
        .with_state(grants)
}

async fn exchange(State(grants): State<Grants>, headers: HeaderMap, body: Bytes) -> Response {
    let token = Form::parse(&headers, &body).ok().and_then(|form| {
        let field = |name| form.get(name).unwrap_or_default();
        let (id, secret) = (field("client_id"), field("client_secret"));
        grants.exchange(field("code"), id, secret, Timestamp::now())
    });
    match token {
        Some(token) => {
            let body = json!({ "token_type": "Bearer", "token": token, "access_token": token });
            Json(body).into_response()
        }
        None => refused("Unauthorized Code"),
    }
}

async fn me(State(grants): State<Grants>, headers: HeaderMap) -> Response {
    with_token(&grants, &headers, Workspace::me)
}

async fn uninstall(State(grants): State<Grants>, headers: HeaderMap) -> Response {
    with_token(&grants, &headers, |workspace| {
        grants.uninstall(workspace, Timestamp::now());
        json!({})
    })
}

/// Takes note of nothing: nobody shows it.
async fn status(State(grants): State<Grants>, headers: HeaderMap) -> Response {
    with_token(&grants, &headers, |_| json!({}))
}

fn with_token(
    grants: &Grants,
    headers: &HeaderMap,
    answer: impl FnOnce(Workspace) -> Value,
) -> Response {
    let workspace = bearer_token(headers).and_then(|token| grants.workspace_of(token));
    match workspace {
        Some(workspace) => Json(answer(workspace)).into_response(),
        None => refused("Access Token Invalid"),
    }
}

/// 401, in Intercom's words.
fn refused(message: &str) -> Response {
    let body = json!({
        "type": "error.list", "request_id": "00000000-0000-4000-8000-000000000000",
        "errors": [{ "code": "unauthorized", "message": message }]
    });
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}
