//! Recordings made for a test: pages with nothing on them but what it needs.

use serde_json::{Value, json};

/// Ids of the nodes of [`page`].
pub(crate) const HTML: u32 = 3;
/// Its empty head.
pub(crate) const HEAD: u32 = 4;
/// What a test's own nodes are in, whose ids begin at 100.
pub(crate) const BODY: u32 = 5;

/// An element.
pub(crate) fn element(id: u32, name: &str, attributes: Value, children: Vec<Value>) -> Value {
    json!({ "type": 2, "id": id, "tagName": name, "attributes": attributes, "childNodes": children })
}

/// A text.
pub(crate) fn text(id: u32, content: &str) -> Value {
    json!({ "type": 3, "id": id, "textContent": content })
}

/// A page with this in its body, as a recorder sends it: its size, then all of it.
pub(crate) fn page(at: i64, body: Vec<Value>) -> Vec<Value> {
    let head = element(HEAD, "head", json!({}), Vec::new());
    let body = element(BODY, "body", json!({}), body);
    let html = element(HTML, "html", json!({}), vec![head, body]);
    let doctype = json!({ "type": 1, "id": 2, "name": "html", "publicId": "", "systemId": "" });
    let node = json!({ "type": 0, "id": 1, "childNodes": [doctype, html] });
    let meta = json!({ "href": "https://shop.example/", "width": 1024, "height": 640 });
    let offset = json!({ "top": 0, "left": 0 });
    vec![
        json!({ "type": 4, "timestamp": at, "data": meta }),
        json!({ "type": 2, "timestamp": at + 10, "data": { "node": node, "initialOffset": offset } }),
    ]
}

/// A change of the page.
pub(crate) fn change(at: i64, adds: Vec<Value>, texts: Value, attributes: Value) -> Value {
    json!({ "type": 3, "timestamp": at, "data": {
        "source": 0, "adds": adds, "removes": [], "texts": texts, "attributes": attributes } })
}

/// What is added to the end of a node.
pub(crate) fn add(parent: u32, node: Value) -> Value {
    json!({ "parentId": parent, "nextId": null, "node": node })
}

/// Somebody moves the mouse.
pub(crate) fn mouse(at: i64, x: i64) -> Value {
    let position = json!({ "x": x, "y": 100, "id": BODY, "timeOffset": 0 });
    json!({ "type": 3, "timestamp": at, "data": { "source": 1, "positions": [position] } })
}

/// A second of a page that says which second it is, with somebody at the controls.
pub(crate) fn second(start: i64, second: i64) -> Vec<Value> {
    let at = start + second * 1_000;
    let says = json!([{ "id": 101, "value": format!("second {second}") }]);
    vec![
        change(at, Vec::new(), says, json!([])),
        mouse(at + 300, 10 + second % 500),
        mouse(at + 600, 60 + second % 500),
    ]
}

/// An event that shows nothing, and with which a chunk is large enough to stand in the bucket.
pub(crate) fn padding(at: i64) -> Value {
    let noise = test_support::noise(20_000, 0);
    json!({ "type": 3, "data": { "source": 99, "padding": noise }, "timestamp": at })
}

/// A page that says its second, from `second` on.
pub(crate) fn counting_page(start: i64, second: i64) -> Vec<Value> {
    let content = text(101, &format!("second {second}"));
    page(
        start + second * 1_000,
        vec![element(100, "h1", json!({}), vec![content])],
    )
}

/// A recording in chunks of ten seconds; of every so many the first begins with a full snapshot.
pub(crate) fn counting(start: i64, chunks: i64, snapshot_every: i64) -> Vec<Vec<Value>> {
    let chunk = |number: i64| {
        let first = number * 10;
        let mut events = match number % snapshot_every {
            0 => counting_page(start, first),
            _ => Vec::new(),
        };
        events.extend((first..first + 10).flat_map(|at| second(start, at)));
        events
    };
    (0..chunks).map(chunk).collect()
}
