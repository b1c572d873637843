//! As much of Intercom as the product calls. It remembers nothing, so that a step can be taken again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use intercom::Hosts;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::world::START;

pub(crate) const WORKSPACE: &str = "acme";
const TOKEN: &str = "dG9rOmFiY2RfZWZnaA==";

/// Contacts that a search finds, one on a page: more pages than reconcile reads in one step.
const FOUND: usize = 6;

/// Whether it takes the token that it has given out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mood(Arc<AtomicBool>);

impl Mood {
    pub(crate) fn refuses_tokens(&self, refuses: bool) {
        self.0.store(refuses, Ordering::Relaxed);
    }
}

/// Serves it until the runtime ends.
pub(crate) async fn start(mood: Mood) -> Hosts {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new()
        .route("/auth/eagle/token", post(exchange))
        .route("/auth/uninstall", post(done))
        .route("/me", get(me))
        .route("/contacts/{id}", get(contact))
        .route("/contacts/search", post(contacts))
        .route("/conversations/search", post(conversations))
        .with_state(mood);
    tokio::spawn(async { axum::serve(listener, app).await });
    Hosts::parse(Some(&url), Some(&url)).unwrap()
}

async fn exchange() -> Json<Value> {
    Json(json!({ "token_type": "Bearer", "token": TOKEN, "access_token": TOKEN }))
}

async fn done() -> Json<Value> {
    Json(json!({}))
}

async fn me(State(mood): State<Mood>) -> Response {
    if mood.0.load(Ordering::Relaxed) {
        let errors = json!([{ "code": "unauthorized", "message": "Access Token Invalid" }]);
        let body = json!({ "type": "error.list", "errors": errors });
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    let app = json!({ "type": "app", "id_code": WORKSPACE, "name": "Acme", "timezone": "Europe/Dublin", "region": "EU" });
    let admin = json!({
        "type": "admin", "id": "2633609", "email": "ada@acme.example", "name": "Ada", "email_verified": true,
        "app": app,
    });
    Json(admin).into_response()
}

/// Somebody of whom it knows what they visit the site with.
async fn contact(Path(id): Path<String>) -> Json<Value> {
    Json(json!({
        "type": "contact", "id": id, "external_id": format!("v-{id}"), "role": "lead",
        "browser": "chrome", "browser_version": "141.0.0.0", "browser_language": "en", "os": "Windows 10",
    }))
}

async fn contacts(Json(asked): Json<Value>) -> Json<Value> {
    let contact = |number: usize| {
        json!({
            "type": "contact", "id": format!("found-{number}"), "external_id": format!("u-{number}"), "role": "user",
            "email": format!("found-{number}@shop.example"), "updated_at": START.as_second() + 600 - number as i64,
        })
    };
    Json(page(&asked, "data", FOUND, contact))
}

async fn conversations(Json(asked): Json<Value>) -> Json<Value> {
    let conversation = |number: usize| {
        let contact = json!({ "type": "contact", "id": format!("found-{number}"), "external_id": format!("u-{number}") });
        json!({
            "type": "conversation", "id": format!("{number}"), "created_at": START.as_second() + 500,
            "updated_at": START.as_second() + 600 - number as i64, "contacts": { "contacts": [contact] },
        })
    };
    Json(page(&asked, "conversations", 2, conversation))
}

fn page(asked: &Value, list: &str, total: usize, item: impl Fn(usize) -> Value) -> Value {
    let cursor = asked["pagination"]["starting_after"].as_str();
    let number: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
    let next = (number + 1 < total).then(|| json!({ "starting_after": (number + 1).to_string() }));
    json!({
        "type": "list", list: [item(number)], "total_count": total, "pages": { "type": "pages", "next": next },
    })
}
