//! What analytics clients send arrives: at the pretend Intercom, whose Inbox shows it, or at another one.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

use std::time::Duration;

use intercom::fake::{Directory, FakeIntercom, Options, Workspace};
use intercom::signature::ClientSecret;
use local::{Bundle, Config};
use platform::config::Environment;
use serde_json::{Value, json};
use tempfile::TempDir;

/// How often something is looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// A bundle without the demo, told these variables besides.
async fn start(data_dir: &TempDir, told: &[(&str, &str)]) -> Bundle {
    let path = data_dir.path().display().to_string();
    let own = [("PORT", "0"), ("DEMO", "0"), ("DATA_DIR", path.as_str())];
    let variables = own.iter().chain(told);
    let environment: Environment = variables
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let config = Config::from_environment(&environment).unwrap();
    Bundle::start(config).await.unwrap()
}

/// An identify and a track of one person, as a backend sends them.
async fn send(bundle: &Bundle) {
    let batch = json!({ "batch": [
        {
            "type": "track", "messageId": "m-2", "userId": "42", "event": "Ordered",
            "properties": { "revenue": 19.99, "currency": "eur" },
        },
        {
            "type": "identify", "messageId": "m-1", "userId": "42",
            "traits": { "email": "ada@delivered.example", "plan": "pro", "company": { "id": "acme" } },
        },
    ] });
    let answer = reqwest::Client::new()
        .post(format!("{}/v1/batch", bundle.url()))
        .header("x-write-key", "local-source-key")
        .json(&batch)
        .send();
    assert_eq!(answer.await.unwrap().status().as_u16(), 200);
}

/// What the Inbox page's script gets.
async fn inbox(bundle: &Bundle, path: &str) -> Value {
    let url = format!("{}/inbox/{path}", bundle.url());
    let answer = reqwest::get(url).await.unwrap();
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_inbox_shows_who_was_delivered_with_company_and_events() {
    let data_dir = tempfile::tempdir().unwrap();
    let bundle = start(&data_dir, &[]).await;
    send(&bundle).await;
    let person = loop {
        let people = inbox(&bundle, "conversations").await["people"].take();
        if people != json!([]) {
            break people[0].clone();
        }
        tokio::time::sleep(PAUSE).await;
    };
    assert_eq!(person["email"], "ada@delivered.example");
    let begun = reqwest::Client::new()
        .post(format!("{}/inbox/conversations", bundle.url()))
        .json(&json!({ "contact_id": person["id"] }))
        .send();
    let begun: Value = begun.await.unwrap().json().await.unwrap();
    let id = begun["conversation"]["id"].as_str().unwrap();
    let card = loop {
        let card = inbox(&bundle, &format!("conversations/{id}/contact")).await;
        if card["events_total"] == 1 {
            break card;
        }
        tokio::time::sleep(PAUSE).await;
    };
    assert_eq!(card["custom_attributes"]["plan"], "pro");
    assert_eq!(card["companies"][0]["company_id"], "acme");
    let price = json!({ "amount": 1999, "currency": "eur" });
    assert_eq!(card["events"][0]["metadata"], json!({ "price": price }));
    bundle.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_token_another_intercom_is_told() {
    let secret = ClientSecret::parse("elsewhere").unwrap();
    let other = FakeIntercom::new(Options::new("elsewhere", secret));
    other.add(Workspace::new("local", "Elsewhere"), Directory::default());
    other.grant("local", "dG9rOmVsc2V3aGVyZQ==");
    let url = other.serve().await.unwrap();
    let data_dir = tempfile::tempdir().unwrap();
    let told = [
        ("INTERCOM_API_URL", url.as_str()),
        ("INTERCOM_TOKEN", "dG9rOmVsc2V3aGVyZQ=="),
    ];
    let bundle = start(&data_dir, &told).await;
    send(&bundle).await;
    let events = || other.read("local", |directory| directory.events().count());
    while events() != Some(1) {
        tokio::time::sleep(PAUSE).await;
    }
    let people = other.read("local", |directory| directory.contacts().len());
    assert_eq!(people, Some(1));
    assert_eq!(inbox(&bundle, "conversations").await["people"], json!([]));
    bundle.shutdown().await;
}
