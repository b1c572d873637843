//! The Inbox page and what its script asks for; and everything else there is of the pretend Intercom.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::IntoResponse,
    routing::{get, post},
};
use http::header::CONTENT_TYPE;
use intercom::signature::ClientSecret;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Intercom, TIME_ZONE,
    app_store::{self, AppStore},
    assets::ASSETS,
    authorize::{self, Authorization},
    grants::Grants,
    request::Submit,
    rest,
    start::Writer,
};

/// Where Intercom itself is: its API, and the pages that an app sends browsers to.
pub(crate) const PATH: &str = "/intercom";

/// The Inbox page, and all that is below [`PATH`].
pub(crate) fn routes(intercom: Intercom, app: Registration) -> Router {
    let grants = Grants::new(app.client_id, app.client_secret);
    let authorization = Authorization {
        grants: grants.clone(),
        redirect_url: format!("{}/oauth/callback", app.url),
    };
    let store = AppStore {
        grants: grants.clone(),
        intercom: intercom.clone(),
    };
    let own = rest::routes(grants)
        .merge(authorize::routes(authorization))
        .merge(app_store::routes(store));
    inbox(intercom).nest(PATH, own)
}

/// The app as the Developer Hub has it.
pub(crate) struct Registration {
    pub(crate) client_id: String,
    pub(crate) client_secret: ClientSecret,
    /// Where it lives, without a slash at the end: browsers are sent below it with an admin's answer.
    pub(crate) url: String,
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
        .with_state(intercom)
}

async fn conversations(State(intercom): State<Intercom>) -> Json<Value> {
    Json(json!({ "timezone": TIME_ZONE, "conversations": intercom.conversations() }))
}

/// The answer is the conversation that has begun, or `{"failure": …}` with the reason that there is none.
async fn begin(State(intercom): State<Intercom>, Json(writer): Json<Writer>) -> Json<Value> {
    let begun = intercom.begin(writer, Timestamp::now());
    Json(match begun {
        Ok(conversation) => json!(conversation),
        Err(error) => json!({ "failure": error.to_string() }),
    })
}

/// What the page's panel asks for: `{}` for the first canvas, what somebody did in it afterwards.
#[derive(Deserialize)]
#[serde(untagged)]
enum Asked {
    Submit(Submit),
    Initialize {},
}

/// The answer is what the app said, or `{"failure": …}` with the reason that Intercom would keep to itself.
async fn canvas(
    State(intercom): State<Intercom>,
    Path(conversation): Path<String>,
    Json(asked): Json<Asked>,
) -> impl IntoResponse {
    let submit = match asked {
        Asked::Submit(submit) => Some(submit),
        Asked::Initialize {} => None,
    };
    let answer = intercom.canvas(&conversation, submit).await;
    Json(answer.unwrap_or_else(|failure| json!({ "failure": failure.to_string() })))
}
