//! As little of Intercom's API as functions ask of it.

use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
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
        .route("/auth/uninstall", post(|| async { "{}" }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    format!("http://{address}")
}
