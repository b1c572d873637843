//! The part of Intercom's API that the app calls.

mod search;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pages::form::Form;
use platform::http::bearer_token;
use serde_json::{Value, json};

use self::search::Search;
use super::contact::Standing;
use super::grants::Grants;
use super::workspaces::Workspace;
use super::{Intercom, WORKSPACE, model};

/// Calls that an app may make in a window, and how long a window is.
const CALLS: u64 = 1_666;
const WINDOW: SignedDuration = SignedDuration::from_secs(10);

/// Who may ask, and what there is to know.
#[derive(Clone)]
pub(super) struct Api {
    pub(super) grants: Grants,
    pub(super) intercom: Intercom,
}

/// Tokens, who they are for, and their end; contacts and conversations.
pub(super) fn routes(api: Api) -> Router {
    let data = Router::new()
        .route("/contacts/{id}", get(contact))
        .route("/contacts/search", post(contacts))
        .route("/conversations/search", post(conversations))
        .layer(middleware::map_response(with_rate_limit))
        .with_state(api.clone());
    Router::new()
        .route("/auth/eagle/token", post(exchange))
        .route("/auth/uninstall", post(uninstall))
        .route("/me", get(me))
        .route("/app_install/status", post(status))
        .with_state(api.grants)
        .merge(data)
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

async fn contact(State(api): State<Api>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let Some(workspace) = granted(&api.grants, &headers) else {
        return refused("Access Token Invalid");
    };
    let directory = api.intercom.directory();
    let known = directory
        .contact(&id)
        .filter(|contact| workspace.id == WORKSPACE && contact.standing != Standing::Deleted);
    match known {
        Some(contact) => Json(model::contact(contact, second)).into_response(),
        None => error(StatusCode::NOT_FOUND, "not_found", "User Not Found"),
    }
}

/// Of those that can be found: archived and merged ones cannot.
async fn contacts(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Response {
    search(&api, &headers, &body, "data", || {
        let directory = api.intercom.directory();
        let all = directory.contacts().into_iter();
        let present = all.filter(|contact| contact.standing == Standing::Present);
        present
            .map(|contact| model::contact(contact, second))
            .collect()
    })
}

async fn conversations(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Response {
    search(&api, &headers, &body, "conversations", || {
        let directory = api.intercom.directory();
        let all = directory.conversations().iter();
        all.map(model::conversation).collect()
    })
}

fn search(
    api: &Api,
    headers: &HeaderMap,
    body: &[u8],
    list: &str,
    all: impl FnOnce() -> Vec<Value>,
) -> Response {
    let Some(workspace) = granted(&api.grants, headers) else {
        return refused("Access Token Invalid");
    };
    let Ok(asked) = serde_json::from_slice::<Search>(body) else {
        return error(StatusCode::BAD_REQUEST, "bad_request", "bad search");
    };
    let all = if workspace.id == WORKSPACE {
        all()
    } else {
        Vec::new()
    };
    let zone = TimeZone::get(workspace.timezone).unwrap_or(TimeZone::UTC);
    match asked.page(all, list, &zone) {
        Ok(page) => Json(page).into_response(),
        Err(invalid) => error(StatusCode::BAD_REQUEST, "parameter_invalid", invalid.0),
    }
}

/// What an app may still ask for: nobody is ever stopped here, but every answer says how much is left.
async fn with_rate_limit(mut response: Response) -> Response {
    let reset = (Timestamp::now() + WINDOW).as_second().unsigned_abs();
    for (name, value) in [
        ("x-ratelimit-limit", CALLS),
        ("x-ratelimit-remaining", CALLS - 1),
        ("x-ratelimit-reset", reset),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from(value));
    }
    response
}

fn second(at: Timestamp) -> Value {
    json!(at.as_second())
}

fn granted(grants: &Grants, headers: &HeaderMap) -> Option<Workspace> {
    bearer_token(headers).and_then(|token| grants.workspace_of(token))
}

fn with_token(
    grants: &Grants,
    headers: &HeaderMap,
    answer: impl FnOnce(Workspace) -> Value,
) -> Response {
    match granted(grants, headers) {
        Some(workspace) => Json(answer(workspace)).into_response(),
        None => refused("Access Token Invalid"),
    }
}

/// 401, in Intercom's words.
fn refused(message: &str) -> Response {
    error(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({
        "type": "error.list", "request_id": "00000000-0000-4000-8000-000000000000",
        "errors": [{ "code": code, "message": message }]
    });
    (status, Json(body)).into_response()
}
