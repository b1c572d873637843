//! The panel in the Inbox.

use http::Request;
use intercom::canvas::contract::violations;
use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::deployment::{CLIENT_SECRET, Deployment, EMAIL, WORKSPACE};
use crate::recording::SESSION;

pub(crate) fn the_panel_shows_the_session(deployment: &mut Deployment) {
    let details = details(deployment).to_string();
    assert!(details.contains("Timeline"), "{details}");
}

/// The session's details, reached as a teammate reaches them.
pub(crate) fn details(deployment: &mut Deployment) -> Value {
    let conversation = conversation();
    let list = canvas(deployment, "initialize", &conversation);
    let items: Vec<Value> = list["canvas"]["content"]["components"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|component| component["items"].as_array().cloned().unwrap_or_default())
        .collect();
    let id = items.iter().find_map(|item| item["id"].as_str()).unwrap();
    assert!(id.ends_with(SESSION), "{list}");

    let mut click = conversation;
    click["component_id"] = json!(id);
    click["input_values"] = json!({});
    click["current_canvas"] = list["canvas"].clone();
    canvas(deployment, "submit", &click)
}

pub(crate) fn a_forged_signature_is_refused(deployment: &mut Deployment) {
    let body = conversation().to_string().into_bytes();
    let signature = sign("another-secret", &body);
    post(deployment, "initialize", body, &signature, 401);
}

/// What Intercom sends when somebody opens a conversation.
fn conversation() -> Value {
    json!({
        "workspace_id": WORKSPACE,
        "conversation": { "type": "conversation", "id": "1", "created_at": Timestamp::now().as_second() },
        "contact": { "type": "contact", "id": "c1", "role": "user", "email": EMAIL },
    })
}

/// The canvas for a request of Intercom's, which must be one that Intercom draws.
fn canvas(deployment: &mut Deployment, route: &str, body: &Value) -> Value {
    let body = body.to_string().into_bytes();
    let signature = sign(CLIENT_SECRET, &body);
    let answer = post(deployment, route, body, &signature, 200);
    assert_eq!(violations(&answer), Vec::<String>::new(), "{answer}");
    answer
}

fn post(
    deployment: &mut Deployment,
    route: &str,
    body: Vec<u8>,
    signature: &str,
    status: u16,
) -> Value {
    let request = Request::post(format!("/canvas/{route}"))
        .header("Content-Type", "application/json")
        .header(BODY_SIGNATURE_HEADER, signature)
        .body(body)
        .unwrap();
    deployment.function("canvas").request(&request, status)
}

fn sign(secret: &str, body: &[u8]) -> String {
    sign_body(&ClientSecret::parse(secret).unwrap(), body)
}
