//! Teammates look at panels, admins at recordings, and others at what is shared with them.

use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use jiff::SignedDuration;
use serde_json::{Value, json};
use test_support::CLIENT_SECRET;

use super::arriving::act;
use super::{Journey, field};
use crate::door::{Answer, Door, Sent, Service};
use crate::intercom::WORKSPACE;

/// The panel beside a conversation with somebody known, down to a link to a session.
pub(super) async fn look_at_the_panel(journey: &mut Journey<'_>) {
    let list = draw(journey, "the panel", "initialize", &json!({})).await;
    let session = component(&list, |component| {
        let items = component["items"].as_array()?.iter();
        let mut ids = items.filter_map(|item| item["id"].as_str());
        ids.find(|id| id.starts_with("session:"))
    });
    let details = click(journey, "the panel: a session", &session, &list).await;
    let copy = component(&details, |component| {
        (component["label"] == "Get a share link").then(|| component["id"].as_str())?
    });
    let link = click(journey, "the panel: a link to it", &copy, &details).await;
    assert!(link.to_string().contains("share="), "{link}");
    click(journey, "the panel: the same link", &copy, &details).await;
}

fn component<'a>(canvas: &'a Value, wanted: impl FnMut(&'a Value) -> Option<&'a str>) -> String {
    let components = canvas["canvas"]["content"]["components"]
        .as_array()
        .unwrap();
    let found = components.iter().find_map(wanted);
    found
        .unwrap_or_else(|| panic!("not in {canvas}"))
        .to_owned()
}

async fn click(journey: &mut Journey<'_>, name: &str, id: &str, on: &Value) -> Value {
    let click = json!({ "component_id": id, "input_values": {}, "current_canvas": on["canvas"] });
    draw(journey, name, "submit", &click).await
}

async fn draw(journey: &mut Journey<'_>, name: &str, route: &str, more: &Value) -> Value {
    let now = journey.world.clock.now().as_second();
    let mut body = json!({
        "workspace_id": WORKSPACE,
        "conversation": { "type": "conversation", "id": "1", "created_at": now },
        "contact": { "type": "contact", "id": "c-9", "role": "user", "email": "ada@shop.example" },
    });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let sent = signed(&format!("/canvas/{route}"), &body);
    let answer = journey
        .step(name, Door::Request(Service::Canvas, sent))
        .await;
    assert!(answer.is_success, "{answer:?}");
    serde_json::from_str(&answer.body).unwrap()
}

/// A request of Intercom's.
pub(super) fn signed(target: &str, body: &Value) -> Sent {
    let body = body.to_string().into_bytes();
    let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
    Sent {
        method: "POST",
        target: target.to_owned(),
        headers: vec![(BODY_SIGNATURE_HEADER, sign_body(&secret, &body))],
        body,
    }
}

/// The pages of recordings; a link that is made, opened and revoked.
pub(super) async fn look_at_pages(journey: &mut Journey<'_>) {
    look(journey, "all sessions", "/sessions").await;
    let problems = journey
        .get("all problems", Service::Accounts, "/problems")
        .await;
    let problem = format!("/problems/{}", problems.between("\"/problems/", "\""));
    let problem = journey.get("a problem", Service::Accounts, &problem).await;
    assert_eq!(problem.status, 200, "{problem:?}");
    for (name, target, status) in [
        ("all companies", "/companies", 200),
        ("a company that is not imported", "/companies/1", 404),
        ("a conversation that is not", "/conversations/1", 404),
    ] {
        let page = journey.get(name, Service::Accounts, target).await;
        assert_eq!(page.status, status, "{name}: {page:?}");
    }
    let recording = look(journey, "a recording", "/sessions/s-1").await;
    look(journey, "its index", "/sessions/s-1/recording").await;
    look(journey, "its events", "/sessions/s-1/events/0/0").await;
    look(journey, "its timeline", "/sessions/s-1/timeline").await;
    look(journey, "its log", "/sessions/s-1/log").await;
    let player = recording.between("src=\"", "\"");
    look(journey, "the player", &player).await;

    // The latest link is the one that is revoked below.
    journey.later(SignedDuration::from_secs(1));
    let token = field("csrf", &recording.between("data-csrf=\"", "\""));
    let path = share(journey, token).await;
    let cookies = std::mem::take(&mut journey.cookies);
    for name in ["the link", "the link again"] {
        let led = journey.get(name, Service::Sessions, &path).await;
        assert_eq!(led.status, 303, "{led:?}");
        let page = led.location();
        look(journey, &format!("{name}: the page"), &page).await;
    }
    journey.cookies = cookies;
    act(journey, "the link is revoked", "share-links", &[], &[]).await;
    let cookies = std::mem::take(&mut journey.cookies);
    let closed = journey
        .get("opened no more", Service::Sessions, &path)
        .await;
    assert_eq!(closed.status, 404, "{closed:?}");
    journey.cookies = cookies;
}

async fn share(journey: &mut Journey<'_>, token: (String, String)) -> String {
    let target = "/sessions/s-1/share";
    let made = journey
        .post("a link is made", Service::Sessions, target, &[token])
        .await;
    assert_eq!(made.status, 200, "{made:?}");
    let made: Value = serde_json::from_str(&made.body).unwrap();
    made["path"].as_str().unwrap().to_owned()
}

pub(super) async fn look(journey: &mut Journey<'_>, name: &str, target: &str) -> Answer {
    let page = journey.get(name, Service::Sessions, target).await;
    assert_eq!(page.status, 200, "{name}: {page:?}");
    page
}
