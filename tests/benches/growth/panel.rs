//! The panel beside a conversation.

use canvas::{State, Views};
use intercom::HttpsUrl;
use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use lambda_http::{Body, Request};
use pages::addresses::Pages;
use platform::secrets::{LiveSecrets, Secrets};
use serde_json::json;

use crate::stack::{Stack, WORKSPACE};

/// Draws the panel beside a conversation with whoever has this address; it must show sessions.
pub(crate) async fn draw(stack: &Stack, email: &str) {
    let secret = "client-secret";
    let master_key = "42".repeat(32);
    let variables = [
        ("INTERCOM_CLIENT_SECRET", secret),
        ("MASTER_KEY", &master_key),
    ];
    let body = json!({
        "workspace_id": WORKSPACE,
        "conversation": { "type": "conversation", "id": "1", "created_at": stack.clock.now().as_second() },
        "contact": { "type": "contact", "id": "c1", "role": "user", "email": email },
    })
    .to_string();
    let signature = sign_body(&ClientSecret::parse(secret).unwrap(), body.as_bytes());
    let request: Request = lambda_http::http::Request::post("/canvas/initialize")
        .header(BODY_SIGNATURE_HEADER, signature)
        .body(Body::Text(body))
        .unwrap();
    let state = State {
        store: stack.store.clone(),
        secrets: LiveSecrets::fixed(Secrets::of_environment(&variables.into_iter().collect())),
        pages: Pages::on(&HttpsUrl::parse("https://app.example.com").unwrap()),
        clock: stack.clock.clone(),
        views: Views::uncounted(),
    };
    let answer = canvas::handle(&state, request).await;
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(text.contains("\"type\":\"list\""), "{text}");
}
