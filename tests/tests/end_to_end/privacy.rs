//! What somebody types while another recorder runs: nobody is told.

use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::canvas::{conversation, with_email};
use crate::chunks::Chunk;

const SECRET: &str = "kestrel-9471-secret";
const TOKEN: &str = "tok-secret-771";

/// What plain rrweb records of a page with a field that is typed into, and a request.
fn recorded() -> Vec<Value> {
    let now = jiff::Timestamp::now().as_millisecond() - 60_000;
    let event =
        |at: i64, kind: u8, data: Value| json!({"type": kind, "data": data, "timestamp": now + at});
    let address = format!("https://shop.example/cart?token={TOKEN}");
    let field = json!({"type": 2, "tagName": "input", "attributes": {"name": "note", "value": SECRET}, "childNodes": [], "id": 3});
    let html =
        json!({"type": 2, "tagName": "html", "attributes": {}, "childNodes": [field], "id": 2});
    let page = json!({"node": {"type": 0, "childNodes": [html], "id": 1}, "initialOffset": {"left": 0, "top": 0}});
    let request = json!({"name": address, "method": "POST", "status": 500, "initiatorType": "fetch", "requestBody": SECRET});
    vec![
        event(0, 4, json!({"href": address, "width": 800, "height": 600})),
        event(1, 2, page),
        event(
            2_000,
            3,
            json!({"source": 5, "text": SECRET, "isChecked": false, "id": 3}),
        ),
        event(
            3_000,
            6,
            json!({"plugin": "rrweb/network@1", "payload": {"requests": [request]}}),
        ),
    ]
}

#[tokio::test]
async fn what_another_recorder_sends_in_clear_is_shown_to_nobody() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let person = json!({ "email": "typing@visitors.example" });
    let summary = client
        .record("s1", &Chunk::plain(&recorded()), &person)
        .await;
    assert_eq!(summary["counts"]["failed_requests"], 1);
    assert_eq!(summary["counts"]["js_errors"], Value::Null);

    let conversation = conversation(&with_email("typing@visitors.example"));
    let list = client.initialize(&conversation).await;
    assert!(
        list.text().contains("console and JS errors not recorded"),
        "{}",
        list.text()
    );
    let details = client
        .click(&conversation, &list, &list.sessions()[0])
        .await;
    assert_eq!(details.value("JS errors").as_deref(), Some("not recorded"));
    let cookie = client.enter(&details.link("View session")).await;
    for path in ["", "/recording", "/events/0/0"] {
        let page = client.get(&format!("/sessions/s1{path}"));
        client.text(page.header("cookie", &cookie), 200).await;
    }
    let told = client.told();
    assert!(told.contains("********************"), "the field is shown");
    assert!(!told.contains(SECRET) && !told.contains(TOKEN));
}
