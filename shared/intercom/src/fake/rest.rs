//! The part of Intercom's API that the app calls.

mod attributes;
mod companies;
mod contact_write;
mod contacts;
mod conversations;
mod custom_attributes;
mod declined;
mod events;
mod numbered;
mod search;
mod vocabulary;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use self::declined::Declined;
use self::search::Search;
use super::contact::Standing;
use super::directory::Directory;
use super::{FakeIntercom, Workspace, error_list, model};

/// Tokens, who they are for, and their end; contacts and conversations.
pub(super) fn routes(intercom: FakeIntercom) -> Router {
    Router::new()
        .route("/auth/eagle/token", post(exchange))
        .route("/auth/uninstall", post(uninstall))
        .route("/me", get(me))
        .route("/app_install/status", post(status))
        .route("/contacts/search", post(contacts))
        .route("/conversations/search", post(conversations))
        .merge(contacts::routes())
        .merge(companies::routes())
        .merge(conversations::routes())
        .merge(vocabulary::routes())
        .merge(events::routes())
        .merge(attributes::routes())
        .layer(middleware::map_request_with_state(
            intercom.clone(),
            with_version,
        ))
        .with_state(intercom)
}

/// Has calls ask for a version that tells of merges, where the options say so.
async fn with_version(State(intercom): State<FakeIntercom>, mut request: Request) -> Request {
    if intercom.options().tells_of_merges {
        let version = HeaderValue::from_static("2.16");
        request.headers_mut().insert("intercom-version", version);
    }
    request
}

/// The answer to a call of something that there is not.
pub(super) async fn nowhere() -> Response {
    error(StatusCode::NOT_FOUND, "not_found", "Resource Not Found")
}

async fn exchange(
    State(intercom): State<FakeIntercom>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form_type = "application/x-www-form-urlencoded";
    if headers
        .get("content-type")
        .is_none_or(|kind| kind != form_type)
    {
        return refused("Unauthorized Code");
    }
    let form: Vec<_> = form_urlencoded::parse(&body).collect();
    let field = |name| {
        let found = form.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    };
    let (id, secret) = (field("client_id"), field("client_secret"));
    match intercom.exchange(field("code"), id, secret) {
        Some(token) => {
            let body = json!({ "token_type": "Bearer", "token": token, "access_token": token });
            Json(body).into_response()
        }
        None => refused("Unauthorized Code"),
    }
}

async fn me(State(intercom): State<FakeIntercom>, headers: HeaderMap) -> Response {
    with_token(&intercom, &headers, |workspace| workspace.me())
}

async fn uninstall(State(intercom): State<FakeIntercom>, headers: HeaderMap) -> Response {
    with_token(&intercom, &headers, |workspace| {
        intercom.uninstall(&workspace.id);
        json!({})
    })
}

/// Takes note of nothing: the journal does.
async fn status(State(intercom): State<FakeIntercom>, headers: HeaderMap) -> Response {
    with_token(&intercom, &headers, |_| json!({}))
}

/// Of those that can be found: archived and merged ones cannot.
async fn contacts(
    State(intercom): State<FakeIntercom>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sought = serde_json::from_slice::<Search>(&body).ok();
    let email = sought.as_ref().and_then(Search::only_email);
    search(&intercom, &headers, &body, "data", |id, directory| {
        let all = directory.contacts().into_iter();
        let present = all.filter(|contact| contact.standing == Standing::Present);
        // Most searches are for one address: of the others, nothing has to be written as JSON.
        let present = present.filter(|contact| {
            email.is_none_or(|email| search::same_text(contact.email.as_deref(), email))
        });
        present
            .map(|contact| model::contact(id, contact, second))
            .collect()
    })
}

async fn conversations(
    State(intercom): State<FakeIntercom>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let may_read_tickets = intercom.options().may_read_tickets;
    search(
        &intercom,
        &headers,
        &body,
        "conversations",
        |_, directory| {
            let all = directory.conversations().iter();
            let readable = all.filter(|each| may_read_tickets || !each.is_ticket);
            readable.map(model::conversation).collect()
        },
    )
}

/// Answers with those of a list that are searched for; the list is of the workspace with this id.
fn search(
    intercom: &FakeIntercom,
    headers: &HeaderMap,
    body: &[u8],
    list: &str,
    all: impl FnOnce(&str, &Directory) -> Vec<Value>,
) -> Response {
    with_rate_limit(intercom, headers, |workspace| {
        let Ok(asked) = serde_json::from_slice::<Search>(body) else {
            return error(StatusCode::BAD_REQUEST, "bad_request", "bad search");
        };
        let all = intercom.searched(&workspace.id, |directory| all(&workspace.id, directory));
        let zone = TimeZone::get(&workspace.timezone).unwrap_or(TimeZone::UTC);
        let largest = intercom.options().largest_page;
        match asked.page(all.unwrap_or_default(), list, &zone, largest) {
            Ok(page) => Json(page).into_response(),
            Err(invalid) => error(StatusCode::BAD_REQUEST, "parameter_invalid", invalid.0),
        }
    })
}

/// Answers whoever has not asked too much, and says how much is left.
fn with_rate_limit(
    intercom: &FakeIntercom,
    headers: &HeaderMap,
    answer: impl FnOnce(&Workspace) -> Response,
) -> Response {
    let Some(workspace) = granted(intercom, headers) else {
        return refused("Access Token Invalid");
    };
    let allowance = intercom.count(&workspace.id);
    let closed = intercom.closed(&workspace.id);
    let mut response = match (allowance.is_spent(), closed) {
        (false, Some(closed)) => {
            let (code, message) = closed.said();
            error(StatusCode::FORBIDDEN, code, message)
        }
        (false, None) => answer(&workspace),
        (true, _) => error(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limit_exceeded",
            "Exceeded rate limit",
        ),
    };
    allowance.write(response.headers_mut());
    response
}

/// Answers with what becomes of a workspace's directory.
fn changed(
    intercom: &FakeIntercom,
    headers: &HeaderMap,
    change: impl FnOnce(&Workspace, &mut Directory, Timestamp) -> Result<Value, Declined>,
) -> Response {
    with_rate_limit(intercom, headers, |workspace| {
        let now = intercom.now();
        let change = |directory: &mut Directory| change(workspace, directory, now);
        match intercom.write(&workspace.id, change) {
            Some(Ok(answer)) => Json(answer).into_response(),
            Some(Err(declined)) => declined.into_response(),
            None => refused("Access Token Invalid"),
        }
    })
}

/// Answers with what there is in a workspace's directory.
fn looked(
    intercom: &FakeIntercom,
    headers: &HeaderMap,
    look: impl FnOnce(&Workspace, &Directory) -> Result<Value, Declined>,
) -> Response {
    with_rate_limit(intercom, headers, |workspace| {
        let look = |directory: &Directory| look(workspace, directory);
        match intercom.read(&workspace.id, look) {
            Some(Ok(answer)) => Json(answer).into_response(),
            Some(Err(declined)) => declined.into_response(),
            None => refused("Access Token Invalid"),
        }
    })
}

/// The fields of a body.
fn fields(body: &[u8]) -> Result<Map<String, Value>, Declined> {
    serde_json::from_slice(body).map_err(|_| Declined::new(400, "bad_request", "bad body"))
}

fn second(at: Timestamp) -> Value {
    json!(at.as_second())
}

fn granted(intercom: &FakeIntercom, headers: &HeaderMap) -> Option<Workspace> {
    let header = headers.get("authorization")?.to_str().ok()?;
    intercom.workspace_of(header.strip_prefix("Bearer ")?)
}

fn with_token(
    intercom: &FakeIntercom,
    headers: &HeaderMap,
    answer: impl FnOnce(Workspace) -> Value,
) -> Response {
    match granted(intercom, headers) {
        Some(workspace) => Json(answer(workspace)).into_response(),
        None => refused("Access Token Invalid"),
    }
}

/// 401, in Intercom's words.
fn refused(message: &str) -> Response {
    error(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (status, Json(error_list(code, message))).into_response()
}
