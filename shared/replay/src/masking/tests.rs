//! Whole chunks: what of them is masked, and what is not touched.

mod any_page;

use std::io::Write;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const SECRET: &str = "kestrel-9471-secret";
const TOKEN: &str = "tok-secret-771";

fn at(kind: u8, data: Value) -> Value {
    json!({"type": kind, "data": data, "timestamp": 1_795_000_000_000_u64})
}

fn element(id: u32, tag: &str, attributes: Value, children: Vec<Value>) -> Value {
    json!({"type": 2, "tagName": tag, "attributes": attributes, "childNodes": children, "id": id})
}

fn text(id: u32, content: &str) -> Value {
    json!({"type": 3, "textContent": content, "id": id})
}

fn snapshot(children: Vec<Value>) -> Value {
    let html = element(2, "html", json!({}), children);
    at(
        2,
        json!({"node": {"type": 0, "childNodes": [html], "id": 1}, "initialOffset": {}}),
    )
}

fn mutation(adds: Value, texts: Value, attributes: Value) -> Value {
    let data =
        json!({"source": 0, "adds": adds, "texts": texts, "attributes": attributes, "removes": []});
    at(3, data)
}

fn added(parent: u32, node: Value) -> Value {
    json!([{"parentId": parent, "nextId": null, "node": node}])
}

fn masked_from(events: &[Value], sender: Sender, before: &Editables) -> (Value, Editables) {
    let payload = json!(events).to_string();
    let masked = mask(payload.as_bytes(), sender, before).unwrap();
    (
        serde_json::from_slice(&masked.payload).unwrap(),
        masked.editables,
    )
}

fn masked(events: &[Value]) -> Value {
    masked_from(events, Sender::Other, &Editables::default()).0
}

#[test]
fn what_was_typed_into_a_field_becomes_stars_wherever_it_stands() {
    let field = |tag: &str, attributes| element(5, tag, attributes, vec![]);
    for (name, event) in [
        (
            "an input event",
            at(
                3,
                json!({"source": 5, "text": SECRET, "isChecked": false, "id": 5}),
            ),
        ),
        (
            "one in another order",
            json!({"timestamp": 1, "data": {"id": 5, "text": SECRET, "source": 5}, "type": 3}),
        ),
        (
            "an input",
            snapshot(vec![field(
                "input",
                json!({"value": SECRET, "type": "text"}),
            )]),
        ),
        (
            "one of no type",
            snapshot(vec![field("input", json!({"value": SECRET}))]),
        ),
        (
            "one in capitals",
            snapshot(vec![field("INPUT", json!({"value": SECRET}))]),
        ),
        (
            "a hidden one",
            snapshot(vec![field(
                "input",
                json!({"type": "hidden", "value": SECRET}),
            )]),
        ),
        (
            "a text area",
            snapshot(vec![element(
                5,
                "textarea",
                json!({"value": SECRET}),
                vec![text(6, SECRET)],
            )]),
        ),
        (
            "a list",
            snapshot(vec![field("select", json!({"value": SECRET}))]),
        ),
        (
            "a choice",
            snapshot(vec![field(
                "option",
                json!({"value": SECRET, "selected": true}),
            )]),
        ),
        (
            "an added one",
            mutation(
                added(2, field("input", json!({"value": SECRET}))),
                json!([]),
                json!([]),
            ),
        ),
        (
            "a changed one",
            mutation(
                json!([]),
                json!([]),
                json!([{"id": 5, "attributes": {"value": SECRET}}]),
            ),
        ),
        (
            "one before its tag",
            snapshot(vec![
                json!({"type": 2, "attributes": {"value": SECRET}, "tagName": "input", "id": 5}),
            ]),
        ),
        (
            "an event of rrweb 1",
            json!({"type": 3, "data": {"source": 5, "text": SECRET, "isChecked": false, "id": 5}, "timestamp": 1, "delay": 3}),
        ),
    ] {
        let once = masked(&[event]);
        assert!(!once.to_string().contains(SECRET), "{name}: {once}");
        assert!(once.to_string().contains("****"), "{name}: {once}");
        let events = once.as_array().unwrap();
        assert_eq!(&masked(events), &once, "{name}: masked twice");
    }
}

#[test]
fn captions_and_the_pages_own_texts_stay() {
    let button = |kind: &str| {
        element(
            5,
            "input",
            json!({"value": "Pay now", "type": kind}),
            vec![],
        )
    };
    let events = [
        at(
            4,
            json!({"href": "https://shop.example/cart", "width": 1, "height": 1}),
        ),
        snapshot(vec![
            button("submit"),
            button("button"),
            button("reset"),
            element(
                6,
                "p",
                json!({"contenteditable": "false"}),
                vec![text(7, "Your cart")],
            ),
            element(8, "li", json!({"value": 3}), vec![]),
            element(
                9,
                "img",
                json!({"src": "https://shop.example/a.png?w=20"}),
                vec![],
            ),
            element(
                10,
                "a",
                json!({"href": "https://shop.example/help"}),
                vec![text(11, "Help")],
            ),
        ]),
        mutation(
            added(6, text(12, "1 item")),
            json!([{"id": 7, "value": "2 items"}]),
            json!([]),
        ),
        at(
            3,
            json!({"source": 5, "text": "****", "isChecked": false, "id": 5}),
        ),
    ];
    let payload = json!(events).to_string();
    let masked = mask(payload.as_bytes(), Sender::Other, &Editables::default()).unwrap();
    assert_eq!(std::str::from_utf8(&masked.payload).unwrap(), payload);
}

#[test]
fn what_is_typed_into_the_page_becomes_stars_also_in_later_chunks() {
    let editor = element(
        5,
        "div",
        json!({"contenteditable": "true"}),
        vec![element(6, "p", json!({}), vec![text(7, "")])],
    );
    let first = [snapshot(vec![
        editor,
        element(20, "p", json!({}), vec![text(21, "Page")]),
    ])];
    let (_, before) = masked_from(&first, Sender::Other, &Editables::default());
    let typed = [
        mutation(json!([]), json!([{"id": 7, "value": SECRET}]), json!([])),
        mutation(
            added(5, element(8, "p", json!({}), vec![text(9, SECRET)])),
            json!([]),
            json!([]),
        ),
        mutation(added(8, text(10, SECRET)), json!([]), json!([])),
        mutation(
            json!([]),
            json!([{"id": 21, "value": "2 items"}]),
            json!([]),
        ),
    ];
    let (later, at_its_end) = masked_from(&typed, Sender::Other, &before);
    assert!(!later.to_string().contains(SECRET), "{later}");
    assert!(later.to_string().contains("2 items"), "{later}");
    assert!(at_its_end.contains(9) && !at_its_end.contains(21));
}

#[test]
fn where_nothing_is_known_of_the_page_texts_become_stars_until_a_whole_page_comes() {
    let changed = |words: &str| mutation(json!([]), json!([{"id": 7, "value": words}]), json!([]));
    let style = json!({"type": 3, "textContent": "p{color:red}", "isStyle": true, "id": 9});
    let events = [
        changed(SECRET),
        mutation(added(8, style), json!([]), json!([])),
        snapshot(vec![]),
        changed("2 items"),
    ];
    let payload = json!(events).to_string();
    let masked = mask(payload.as_bytes(), Sender::Other, &Editables::ANYWHERE).unwrap();
    let text = std::str::from_utf8(&masked.payload).unwrap();
    assert!(!text.contains(SECRET) && text.contains("2 items") && text.contains("p{color:red}"));
    assert!(masked.relied_on_before && !masked.editables.is_anywhere());
    let scroll = at(3, json!({"source": 3, "id": 1, "x": 0, "y": 9}));
    for events in [&events[2..], &[scroll]] {
        let payload = json!(events).to_string();
        let masked = mask(payload.as_bytes(), Sender::Other, &Editables::ANYWHERE).unwrap();
        assert!(!masked.relied_on_before);
    }
    // An element of an earlier chunk that has become editable: its text is not known.
    let toggled = json!([{"id": 6, "attributes": {"contenteditable": "true"}}]);
    let events = [mutation(json!([]), json!([]), toggled), changed(SECRET)];
    let (masked, end) = masked_from(&events, Sender::Other, &Editables::default());
    assert!(!masked.to_string().contains(SECRET) && end.is_anywhere());
}

#[test]
fn addresses_lose_their_queries_and_requests_their_headers_and_bodies() {
    let address = format!("https://shop.example/api?sku=7&token={TOKEN}");
    let relative = format!("/api/stock?sku=7&token={TOKEN}");
    let body = json!({"note": SECRET, "token": TOKEN});
    let link =
        |name: &str, tag: &str| snapshot(vec![element(5, tag, json!({name: address}), vec![])]);
    let custom = |payload| at(5, json!({"tag": "any", "payload": payload}));
    let plugin = |name: &str, payload| at(6, json!({"plugin": name, "payload": payload}));
    let request = json!({"name": address, "initiatorType": "fetch", "requestHeaders": {"x-token": TOKEN},
        "responseHeaders": {"set-cookie": TOKEN}, "requestBody": body.to_string(), "responseBody": body});
    for (name, event) in [
        ("the page", at(4, json!({"href": address}))),
        ("a link", link("href", "a")),
        ("a form", link("action", "form")),
        ("a frame", link("src", "iframe")),
        ("a route", custom(json!({"href": address}))),
        (
            "a route in a text",
            at(
                5,
                json!({"tag": "Navigate", "payload": format!("\"{address}\"")}),
            ),
        ),
        (
            "rrweb's network plugin",
            plugin("rrweb/network@1", json!({"requests": [request]})),
        ),
        (
            "a request of another",
            custom(json!({"url": relative, "requestBody": SECRET})),
        ),
        (
            "a span",
            custom(json!({"op": "resource.fetch", "description": relative,
            "data": {"request": {"headers": {"a": TOKEN}, "body": SECRET}}})),
        ),
        (
            "a line",
            plugin(
                "rrweb/console@1",
                json!({"level": "error", "payload": [json!(format!("GET {address} failed")).to_string()]}),
            ),
        ),
        (
            "a line of rrweb 1",
            at(
                3,
                json!({"source": 11, "level": "error", "payload": [format!("\"{address}\"")]}),
            ),
        ),
        (
            "the content of an element",
            custom(json!({"clickTextContent": SECRET, "value": SECRET})),
        ),
        (
            "an event that nobody knows",
            at(42, json!({"request": {"body": SECRET, "url": address}})),
        ),
    ] {
        let masked = masked(&[event]).to_string();
        assert!(
            !masked.contains(TOKEN) && !masked.contains(SECRET),
            "{name}: {masked}"
        );
    }
}

#[test]
fn what_is_packed_is_masked_too() {
    let typed = at(
        3,
        json!({"source": 5, "text": SECRET, "isChecked": false, "id": 5}),
    );
    let latin1 = |bytes: Vec<u8>| bytes.into_iter().map(char::from).collect::<String>();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(typed.to_string().as_bytes()).unwrap();
    let packed = json!([latin1(zlib.finish().unwrap())]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let adds = added(2, element(5, "input", json!({"value": SECRET}), vec![]));
    gzip.write_all(adds.to_string().as_bytes()).unwrap();
    let field = latin1(gzip.finish().unwrap());
    let compressed =
        json!([{"type": 3, "data": {"source": 0, "adds": field}, "timestamp": 5, "cv": "2024-10"}]);
    let window = json!({"window_id": "w", "data": [typed]});
    let strings = json!([typed.to_string()]);
    for payload in [packed, compressed, window, strings] {
        let payload = payload.to_string();
        let masked = mask(payload.as_bytes(), Sender::Other, &Editables::default()).unwrap();
        let text = std::str::from_utf8(&masked.payload).unwrap();
        assert!(!text.contains(SECRET) && text.contains("****"), "{text}");
        assert_eq!(crate::inspect_chunk(&masked.payload).unwrap().events, 1);
    }
    // What needs no mask keeps its form.
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(at(1, json!({})).to_string().as_bytes())
        .unwrap();
    let packed = json!([latin1(zlib.finish().unwrap())]).to_string();
    let masked = mask(packed.as_bytes(), Sender::Other, &Editables::default()).unwrap();
    assert_eq!(masked.payload, Cow::Borrowed(packed.as_bytes()));
}

#[test]
fn of_our_recorder_it_leaves_what_that_leaves_and_masks_what_it_would_mask() {
    let events = [
        snapshot(vec![element(
            5,
            "select",
            json!({"value": "****"}),
            vec![element(
                6,
                "option",
                json!({"value": "2", "selected": true}),
                vec![text(7, "Two")],
            )],
        )]),
        mutation(
            json!([]),
            json!([]),
            json!([{"id": 9, "attributes": {"value": "0.4"}}]),
        ),
        at(
            5,
            json!({"tag": "recapt:context", "payload": {
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "language": "en-US", "timezone": "America/Argentina/Buenos_Aires", "records": ["console", "requests"]}}),
        ),
        at(
            5,
            json!({"tag": "recapt:effect", "payload": {"kind": "popover", "id": 5, "open": true}}),
        ),
    ];
    let payload = json!(events).to_string();
    let ours = mask(payload.as_bytes(), Sender::Ours, &Editables::default()).unwrap();
    assert_eq!(std::str::from_utf8(&ours.payload).unwrap(), payload);
    let typed = json!([at(3, json!({"source": 5, "text": SECRET, "id": 5}))]).to_string();
    let ours = mask(typed.as_bytes(), Sender::Ours, &Editables::default()).unwrap();
    assert!(!std::str::from_utf8(&ours.payload).unwrap().contains(SECRET));
}

#[test]
fn a_fragment_of_an_event_stays_one_without_what_was_typed() {
    let kept = |half: &str| {
        let half = json!(half);
        format!(
            r#"[{{"type":5,"data":{{"tag":"recapt:fragment","payload":{{"event":"e","number":1,"of":2,"text":{half}}}}},"timestamp":5}}]"#
        )
    };
    for (half, expected) in [
        (
            r#"{"type":2,"timestamp":1795984235923,"data":{"href":"/?a=1"#,
            r#"{"type":2,"timestamp":1795984235923,"data":{"href":"/?a=1"#,
        ),
        (
            r#"{"type":3,"data":{"source":5,"text":"kestrel","id":5},"timesta"#,
            r#"{"type":3,"data":{"source":5,"text":"********","id":5},"timesta"#,
        ),
    ] {
        let given = kept(half);
        let masked = mask(given.as_bytes(), Sender::Other, &Editables::default()).unwrap();
        assert_eq!(
            std::str::from_utf8(&masked.payload).unwrap(),
            kept(expected)
        );
    }
}
