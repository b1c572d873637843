//! The App Store's page of the app: install it, uninstall it, ask how it is.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use intercom::fake::Workspace;
use pages::form::Form;
use serde::Deserialize;
use serde_json::json;

use super::Intercom;

/// Where an installation ends, as the app says it did.
#[derive(Deserialize)]
struct Ended {
    #[serde(default)]
    install_success: String,
    #[serde(default)]
    error_message: String,
}

#[derive(Template)]
#[template(path = "app_store.html")]
struct Page<'a> {
    /// What just happened; empty when nothing did.
    news: &'a str,
    install_url: String,
    workspaces: &'a [Workspace],
}

/// What the page needs: tokens to end, and how to reach the app.
#[derive(Clone)]
pub(super) struct AppStore {
    pub(super) intercom: Intercom,
}

/// The page, what its buttons do, and where installations end.
pub(super) fn routes(store: AppStore) -> Router {
    Router::new()
        .route("/appstore", get(page).post(ask))
        .route("/appstore/redirect", get(ended))
        .with_state(store)
}

async fn page(State(store): State<AppStore>) -> Response {
    store.page("")
}

async fn ended(State(store): State<AppStore>, Query(ended): Query<Ended>) -> Response {
    match ended.install_success.as_str() {
        "true" => store.page("The app is installed."),
        _ => store.page(&format!(
            "The app is not installed. {}",
            ended.error_message
        )),
    }
}

/// Does as Intercom does: it ends the tokens first, then tells the app.
async fn ask(State(store): State<AppStore>, headers: HeaderMap, body: Bytes) -> Response {
    let Ok(form) = Form::parse(&headers, &body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Some(workspace) = form
        .get("workspace")
        .and_then(|id| store.intercom.fake().workspace(id))
    else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let (route, body) = match form.get("action") {
        Some("uninstall") => {
            store.intercom.fake().uninstall(&workspace.id);
            ("uninstall", json!({ "app_id": workspace.id }))
        }
        _ => ("health", json!({ "workspace_id": workspace.id })),
    };
    let news = match store.intercom.post(route, body.to_string()).await {
        Ok(answer) => format!("POST /{route} for {}: {answer}", workspace.name),
        Err(failure) => format!("POST /{route} for {}: {failure}", workspace.name),
    };
    store.page(&news)
}

impl AppStore {
    fn page(&self, news: &str) -> Response {
        let page = Page {
            news,
            install_url: self.intercom.app_url("install?source=appstore"),
            workspaces: &self.intercom.fake().workspaces(),
        };
        page.render().map_or_else(
            |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            |page| Html(page).into_response(),
        )
    }
}
