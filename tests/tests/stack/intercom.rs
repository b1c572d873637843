//! As little of Intercom's API as functions ask of it.

use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What every code is exchanged for.
pub(crate) const TOKEN: &str = "dG9rOnVtYnJlbGxh";

/// Serves on this machine; its address.
pub(crate) async fn start() -> String {
    let token = Json(json!({ "token_type": "Bearer", "access_token": TOKEN }));
    let me = Json(json!({
        "type": "admin", "id": "1", "name": "Ada", "email": "ada@umbrella.example", "email_verified": true,
        "app": { "id_code": "umbrella", "name": "Umbrella", "region": "US", "timezone": "UTC" },
    }));
    let router = Router::new()
        .route("/auth/eagle/token", post(move || async { token }))
        .route("/me", get(move || async { me }))
        .route("/auth/uninstall", post(|| async { "{}" }))
        .route("/contacts/{id}", get(contact))
        .route("/contacts/search", post(contacts))
        .route("/conversations/search", post(conversations));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    format!("http://{address}")
}

async fn contact(Path(id): Path<String>) -> Json<Value> {
    Json(known(&id))
}

async fn contacts() -> Json<Value> {
    let data = [known("of-no-notification")];
    Json(json!({ "type": "list", "data": data, "total_count": 1, "pages": { "type": "pages" } }))
}

async fn conversations() -> Json<Value> {
    let pages = json!({ "type": "pages" });
    Json(
        json!({ "type": "conversation.list", "conversations": [], "total_count": 0, "pages": pages }),
    )
}

/// A lead, changed just now.
fn known(id: &str) -> Value {
    let now = Timestamp::now().as_second();
    json!({
        "type": "contact", "id": id, "role": "lead", "external_id": format!("visitor-of-{id}"), "email": "",
        "created_at": now, "updated_at": now, "browser": "chrome", "os": "Linux",
    })
}
