//! The pages that links from the canvas lead to: one session, and all of them.
//!
//! They show summaries; the player comes with an issue of its own. Only for this machine: they ask nobody who they are.

mod list;
mod view;

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use http::StatusCode;
use identity::{OrganizationId, SessionId};
use jiff::Timestamp;
use serde::Deserialize;
use store::Store;

pub(crate) use list::SessionList;
use view::{SessionPage, SessionsPage};

/// What the pages read from.
#[derive(Clone)]
pub(crate) struct Sessions {
    /// The very store of the functions.
    pub(crate) store: Store,
    /// Finds sessions without knowing whose they are.
    pub(crate) list: SessionList,
    /// The one organization there is.
    pub(crate) organization: OrganizationId,
}

/// `GET /sessions` and `GET /sessions/{session_id}`.
pub(crate) fn routes(sessions: Sessions) -> Router {
    Router::new()
        .route("/sessions", get(all))
        .route("/sessions/{session_id}", get(one))
        .with_state(sessions)
}

/// `?t=` is the second of the session that somebody wants to see.
#[derive(Deserialize)]
struct Moment {
    t: Option<String>,
}

impl Moment {
    /// Whatever is no number of seconds asks for no moment: the session is worth seeing all the same.
    fn second(&self) -> Option<u64> {
        self.t.as_ref()?.parse().ok()
    }
}

async fn one(
    State(sessions): State<Sessions>,
    Path(id): Path<String>,
    Query(moment): Query<Moment>,
) -> Response {
    let Ok(id) = SessionId::parse(&id) else {
        return plain(StatusCode::NOT_FOUND, "This is not the id of a session.");
    };
    match sessions
        .store
        .session(&sessions.organization, &id, Timestamp::now())
        .await
    {
        Ok(Some(session)) => page(&SessionPage::new(&id, &session.summary, moment.second())),
        Ok(None) => plain(
            StatusCode::NOT_FOUND,
            "No such session, or not summarized yet. Reload in a few seconds.",
        ),
        Err(error) => broken(&error),
    }
}

async fn all(State(sessions): State<Sessions>) -> Response {
    match sessions.latest().await {
        Ok(rows) => page(&SessionsPage { sessions: rows }),
        Err(error) => broken(&error),
    }
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => broken(&error),
    }
}

fn broken(error: &(dyn std::error::Error + 'static)) -> Response {
    tracing::error!(error, "a page could not be made");
    plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The sessions cannot be read right now.",
    )
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, text).into_response()
}
