//! Somebody who is erased is erased at Intercom as well, where a source says so; and what comes late brings
//! nobody back.

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bundle::{Bundle, PATIENCE, PAUSE};
use crate::client::{Client, SECRET_KEY};

const SOURCE_KEY: &str = "local-source-key";

/// Waits until a question has this answer.
async fn until<F: Future<Output = Value>>(ask: impl Fn() -> F, is_wanted: impl Fn(&Value) -> bool) {
    let wanted = async {
        while !is_wanted(&ask().await) {
            tokio::time::sleep(PAUSE).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, wanted).await;
    assert!(waited.is_ok(), "not as wanted: {}", ask().await);
}

async fn tell(client: &Client, events: &Value) {
    let body = json!({ "batch": events }).to_string();
    let request = client.post("/v1/batch", SOURCE_KEY).body(body);
    client.json(request, 200).await;
}

/// The external ids of those whom the pretend Intercom knows.
async fn people(client: &Client) -> Value {
    let inbox = client.json(client.get("/inbox/conversations"), 200).await;
    let people = inbox["people"].as_array().unwrap().iter();
    people.map(|person| person["external_id"].clone()).collect()
}

/// What has become of an event; nothing as long as nobody can say.
async fn became(client: &Client, message: &str) -> Value {
    let request = client.call(Method::GET, &format!("/v1/deliveries/{message}"));
    let delivery: Value = request.send().await.unwrap().json().await.unwrap();
    json!([delivery["outcome"], delivery["reason"]])
}

#[tokio::test]
async fn whoever_is_erased_is_deleted_at_intercom_and_their_late_events_wait_for_nobody() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    let sources = client.get("/v1/sources").bearer_auth(SECRET_KEY);
    let sources = client.json(sources, 200).await;
    let mut sources = sources["data"].as_array().unwrap().iter();
    let mut local = sources
        .find(|source| source["kind"] == "server")
        .unwrap()
        .clone();
    let path = format!("/v1/sources/{}", local["source_id"].as_str().unwrap());
    local["settings"]["delete_in_intercom"] = json!(true);
    let choices = json!({ "name": local["name"], "settings": local["settings"] });
    let request = client.call(Method::PUT, &path).body(choices.to_string());
    client.json(request, 200).await;

    let before = Timestamp::now() - SignedDuration::from_mins(1);
    tell(
        client,
        &json!([
            { "type": "identify", "userId": "u-1", "messageId": "m-1", "timestamp": before.to_string() },
            { "type": "identify", "userId": "u-2", "messageId": "m-2", "timestamp": before.to_string() },
        ]),
    )
    .await;
    until(
        || people(client),
        |people| people.as_array().unwrap().len() == 2,
    )
    .await;

    let request = client.call(Method::DELETE, "/v1/people?user_id=u-1");
    client.json(request, 202).await;
    until(|| people(client), |people| *people == json!(["u-2"])).await;

    tell(
        client,
        &json!([
            { "type": "track", "event": "Late", "userId": "u-1", "messageId": "m-3", "timestamp": before.to_string() },
            { "type": "identify", "userId": "u-1", "messageId": "m-4", "timestamp": before.to_string() },
            { "type": "track", "event": "Late", "userId": "u-2", "messageId": "m-5", "timestamp": before.to_string() },
        ]),
    )
    .await;
    for (message, outcome) in [
        ("m-3", json!(["dropped", "person_erased"])),
        ("m-4", json!(["dropped", "person_erased"])),
        ("m-5", json!(["sent", null])),
    ] {
        until(|| became(client, message), |became| *became == outcome).await;
    }
    assert_eq!(people(client).await, json!(["u-2"]));

    // Whoever comes back is somebody new.
    tell(
        client,
        &json!([{ "type": "identify", "userId": "u-1", "messageId": "m-6" }]),
    )
    .await;
    until(
        || became(client, "m-6"),
        |became| *became == json!(["sent", null]),
    )
    .await;
    until(
        || people(client),
        |people| people.as_array().unwrap().len() == 2,
    )
    .await;
}
