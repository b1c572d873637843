//! The Inbox page and what its script asks for; and everything else there is of the pretend Intercom.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use http::header::CONTENT_TYPE;
use intercom::fake::{Notification, Role};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Intercom, TIME_ZONE, WORKSPACE,
    app_store::{self, AppStore},
    assets::ASSETS,
    authorize::{self, Authorization},
    change::AskedChange,
    request::Submit,
    start::Start,
};

/// Where Intercom itself is: its API, and the pages that an app sends browsers to.
pub(crate) const PATH: &str = "/intercom";

/// The Inbox page, and all that is below [`PATH`].
pub(crate) fn routes(intercom: Intercom) -> Router {
    let authorization = Authorization {
        intercom: intercom.fake().clone(),
        redirect_url: intercom.app_url("oauth/callback"),
    };
    let store = AppStore {
        intercom: intercom.clone(),
    };
    let own = intercom
        .fake()
        .routes()
        .merge(linked())
        .merge(authorize::routes(authorization))
        .merge(app_store::routes(store));
    inbox(intercom).nest(PATH, own)
}

/// What links into Intercom's app lead to: the Inbox, which has all of it on one page.
fn linked() -> Router {
    let conversation = |Path((_, id)): Path<(String, String)>| async move {
        let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
        Redirect::to(&format!("/#{id}"))
    };
    Router::new()
        .route(
            "/a/inbox/{workspace}/inbox/conversation/{id}",
            get(conversation),
        )
        .route(
            "/a/apps/{workspace}/users/{id}",
            get(async || Redirect::to("/")),
        )
}

/// The page on `/`, the gallery of components, and their data under `/inbox`.
fn inbox(intercom: Intercom) -> Router {
    let pages = ASSETS
        .iter()
        .fold(Router::new(), |router, &(path, content_type, content)| {
            router.route(
                path,
                get(move || async move { ([(CONTENT_TYPE, content_type)], content) }),
            )
        });
    pages
        .route("/inbox/conversations", get(conversations).post(begin))
        .route("/inbox/conversations/{id}/canvas", post(canvas))
        .route("/inbox/conversations/{id}/contact", get(card).post(change))
        .with_state(intercom)
}

async fn conversations(State(intercom): State<Intercom>) -> Json<Value> {
    Json(listed(&intercom))
}

fn listed(intercom: &Intercom) -> Value {
    json!({
        "timezone": TIME_ZONE, "conversations": intercom.conversations(), "people": intercom.people(),
    })
}

/// What Intercom knows of the contact, or `{"failure": …}` when there is no such conversation.
async fn card(State(intercom): State<Intercom>, Path(conversation): Path<String>) -> Json<Value> {
    match intercom.card(&conversation) {
        Some(card) => Json(json!(card)),
        None => Json(json!({ "failure": "no conversation has this id" })),
    }
}

/// The answer is the conversation that has begun and what the app said to the notifications of it, or
/// `{"failure": …}` with the reason that there is none.
async fn begin(State(intercom): State<Intercom>, Json(start): Json<Start>) -> Json<Value> {
    let now = Timestamp::now();
    let conversation = match intercom.begin(start, now) {
        Ok(conversation) => conversation,
        Err(error) => return Json(json!({ "failure": error.to_string() })),
    };
    let mut told = Vec::new();
    if conversation.contact.role == Role::Lead {
        let created = Notification::about(
            WORKSPACE,
            "contact.lead.created",
            &conversation.contact,
            now,
        );
        told.push(intercom.notify(&created).await);
    }
    let begun = Notification::begun(WORKSPACE, &conversation);
    told.push(intercom.notify(&begun).await);
    Json(json!({ "conversation": conversation, "told": told }))
}

/// The answer is everything as it is now and what the app said to the notification, or `{"failure": …}`.
async fn change(
    State(intercom): State<Intercom>,
    Path(conversation): Path<String>,
    Json(change): Json<AskedChange>,
) -> Json<Value> {
    match intercom.change(&conversation, change) {
        Ok(notification) => {
            let told = [intercom.notify(&notification).await];
            let mut answer = listed(&intercom);
            answer["told"] = json!(told);
            Json(answer)
        }
        Err(error) => Json(json!({ "failure": error.to_string() })),
    }
}

/// What the page's panel asks for: `{}` for the first canvas, what somebody did in it afterwards.
#[derive(Deserialize)]
#[serde(untagged)]
enum CanvasRequest {
    Submit(Submit),
    Initialize {},
}

/// The answer is what the app said, or `{"failure": …}` with the reason that Intercom would keep to itself.
async fn canvas(
    State(intercom): State<Intercom>,
    Path(conversation): Path<String>,
    Json(asked): Json<CanvasRequest>,
) -> impl IntoResponse {
    let submit = match asked {
        CanvasRequest::Submit(submit) => Some(submit),
        CanvasRequest::Initialize {} => None,
    };
    let answer = intercom.canvas(&conversation, submit).await;
    Json(answer.unwrap_or_else(|failure| json!({ "failure": failure.to_string() })))
}
