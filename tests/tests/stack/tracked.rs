//! Analytics clients send, and a backend makes the source that they send from.

use http::Request;
use serde_json::{Value, json};

use crate::deployment::{Deployment, SECRET_KEY, WRITE_KEY};

/// Whom the events are about.
pub(crate) const USER: &str = "tracked-1";

/// Sends a batch of which one is refused, and answers the key of the source that it was sent from.
pub(crate) fn what_clients_send_is_taken(deployment: &mut Deployment) -> String {
    let wanted = json!({"name": "Backend"});
    let made = ask(deployment, "POST", "/v1/sources", &wanted, 201);
    let (id, key) = (
        made["source_id"].as_str().unwrap(),
        made["write_key"].as_str().unwrap(),
    );
    let chosen = json!({"settings": {"wait_seconds": 60}});
    ask(
        deployment,
        "PUT",
        &format!("/v1/sources/{id}"),
        &chosen,
        200,
    );
    let list = ask(deployment, "GET", "/v1/sources", &Value::Null, 200);
    assert_eq!(list["data"].as_array().unwrap().len(), 2, "{list}");

    let batch = json!({"batch": [
        {"type": "identify", "userId": USER, "messageId": "t-1", "traits": {"name": "Ada"}},
        {"type": "track", "userId": USER, "messageId": "t-2", "event": "Ordered"},
        {"type": "nothing", "messageId": "t-3"},
        {"type": "track", "messageId": "t-4", "event": "Of nobody"},
    ]});
    for _ in 0..2 {
        let answer = send(deployment, key, &batch, 200);
        assert_eq!(answer, json!({"success": true}));
    }
    let refused = send(deployment, "another-key", &batch, 401);
    assert_eq!(refused["code"], "unknown_key");
    let settings = Request::get(format!("/v1/projects/{WRITE_KEY}/settings"));
    let settings = settings.body(Vec::new()).unwrap();
    let settings = deployment.function("collect").request(&settings, 200);
    assert_eq!(settings["integrations"]["Segment.io"]["apiKey"], WRITE_KEY);
    let refused = ask(deployment, "GET", "/v1/deliveries/t-3", &Value::Null, 200);
    assert_eq!(refused["outcome"], "dropped", "{refused}");
    key.to_owned()
}

pub(crate) fn send(deployment: &mut Deployment, key: &str, batch: &Value, status: u16) -> Value {
    let request = Request::post("/v1/batch").header("Authorization", format!("Bearer {key}"));
    let request = request.body(batch.to_string().into_bytes()).unwrap();
    deployment.function("collect").request(&request, status)
}

fn ask(deployment: &mut Deployment, method: &str, path: &str, body: &Value, status: u16) -> Value {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("Authorization", format!("Bearer {SECRET_KEY}"));
    let body = match body {
        Value::Null => Vec::new(),
        body => body.to_string().into_bytes(),
    };
    deployment
        .function("rest")
        .request(&request.body(body).unwrap(), status)
}
