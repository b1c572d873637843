//! Somebody whom nobody knows writes, and one anonymous session fits.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::chunks::Chunk;
use crate::client::Client;
use crate::notification::{begun_by, lead, notification};
use crate::panel::{becomes, by_id, finds, panel, settle};

const PAGE: &str = "https://shop.example/plans";
const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

/// An anonymous session that is on the page right now.
async fn visit(client: &Client, session: &str) {
    let now = Timestamp::now().as_millisecond();
    let events = [
        json!({ "type": 4, "data": { "href": format!("{PAGE}?utm=1"), "width": 1280, "height": 800 }, "timestamp": now - 20_000 }),
        json!({ "type": 5, "data": { "tag": "sdk:context", "payload": { "ua": CHROME, "lang": "en-US", "tz": "Europe/Dublin" } }, "timestamp": now - 19_000 }),
        json!({ "type": 3, "data": { "source": 1, "positions": [] }, "timestamp": now }),
    ];
    let device = json!({ "anonymous_id": format!("device-of-{session}") });
    client
        .record(session, &Chunk::plain(&events), &device)
        .await;
}

/// A lead whose browser is like that of the session, and whom no recorder has seen.
fn stranger() -> Value {
    let mut lead = lead("c1", "visitor-unseen");
    for (field, value) in [
        ("browser", "chrome"),
        ("browser_version", "156.0.0.0"),
        ("browser_language", "en"),
        ("os", "Linux"),
    ] {
        lead[field] = json!(value);
    }
    lead
}

async fn writes(client: &Client) {
    let created = notification("contact.lead.created", &stranger());
    client.notify(&created).await;
    let mut began = begun_by(&stranger());
    began["created_at"] = json!(Timestamp::now().as_second());
    began["source"]["url"] = json!(PAGE);
    let began = notification("conversation.user.created", &began);
    client.notify(&began).await;
}

#[tokio::test]
async fn it_is_shown_as_possible_with_its_reasons_and_is_gone_once_it_is_known_better() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    visit(client, "anonymous").await;
    writes(client).await;
    becomes(client, &stranger(), |panel| {
        panel.lists("anonymous") && panel.text().contains("Possible match")
    })
    .await;

    let seen = json!({ "visitor_id": "visitor-unseen" });
    client.identify("known", &seen).await;
    visit(client, "known").await;
    finds(client, &by_id("c1"), "known").await;
    let known = panel(client, &stranger()).await;
    assert!(!known.text().contains("Possible match"), "{}", known.text());
    assert!(
        !known.lists("anonymous"),
        "it was a guess, and never linked"
    );
}

#[tokio::test]
async fn of_two_that_fit_as_well_none_is_shown() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    visit(client, "one").await;
    visit(client, "other").await;
    writes(client).await;
    settle(client, "conversation.user.created").await;
    let shown = panel(client, &stranger()).await;
    assert!(!shown.lists("one") && !shown.lists("other"));
}
