//! Where an admin allows or denies the app.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use intercom::fake::{FakeIntercom, Workspace};
use pages::form::Form;
use serde::Deserialize;
use url::form_urlencoded;

/// Who grants, and the redirect URL that the app has in the Developer Hub.
#[derive(Clone)]
pub(super) struct Authorization {
    pub(super) intercom: FakeIntercom,
    pub(super) redirect_url: String,
}

/// What the app sends a browser with.
#[derive(Deserialize)]
struct Asked {
    client_id: String,
    #[serde(default)]
    state: String,
}

#[derive(Template)]
#[template(path = "authorize.html")]
struct Page<'a> {
    state: &'a str,
    workspaces: &'a [Workspace],
}

/// `GET /oauth` asks, `POST /oauth` is the answer.
pub(super) fn routes(authorization: Authorization) -> Router {
    Router::new()
        .route("/oauth", get(ask).post(answer))
        .with_state(authorization)
}

async fn ask(State(this): State<Authorization>, Query(asked): Query<Asked>) -> Response {
    if !this.intercom.is_app(&asked.client_id) {
        let text = "There is no app with this client_id.";
        return (StatusCode::BAD_REQUEST, text).into_response();
    }
    let page = Page {
        state: &asked.state,
        workspaces: &this.intercom.workspaces(),
    };
    page.render().map_or_else(
        |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        |page| Html(page).into_response(),
    )
}

async fn answer(
    State(this): State<Authorization>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Redirect, (StatusCode, String)> {
    let form = Form::parse(&headers, &body)
        .map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    let workspace = form
        .get("workspace")
        .and_then(|id| this.intercom.workspace(id));
    let mut query = form_urlencoded::Serializer::new(String::new());
    match (form.get("decision"), workspace) {
        (Some("allow"), Some(workspace)) => {
            let random: [u8; 32] = platform::random::bytes()
                .map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
            // It ends in `=`, as Intercom's may.
            let code = STANDARD.encode(random);
            this.intercom.allow(&workspace.id, &code);
            query.append_pair("code", &code);
        }
        _ => {
            query.append_pair("error", "access_denied");
        }
    }
    query.append_pair("state", form.get("state").unwrap_or_default());
    let url = format!("{}?{}", this.redirect_url, query.finish());
    Ok(Redirect::to(&url))
}
