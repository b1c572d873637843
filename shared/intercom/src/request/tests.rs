//! Bodies as the documentation shows them, and as they come.

use serde_json::json;

use super::*;

fn parse(body: &Value) -> CanvasRequest {
    CanvasRequest::parse(body.to_string().as_bytes()).unwrap()
}

fn contact(body: Value) -> RequestContact {
    parse(&json!({ "contact": body })).contact.unwrap()
}

fn created_at(value: Value) -> Option<String> {
    let request = parse(&json!({ "conversation": { "created_at": value } }));
    request
        .conversation
        .unwrap()
        .created_at
        .map(|at| at.to_string())
}

#[test]
fn an_initialize_request_is_read() {
    let request = parse(&json!({
        "workspace_id": "abcd1234", "workspace_region": "US",
        "admin": { "type": "admin", "id": "814860", "team_ids": [814865] },
        "conversation": { "type": "conversation", "id": "215468", "created_at": 1_795_179_902,
                          "source": { "url": "https://shop.example/cart" } },
        "contact": { "type": "contact", "id": "5ba682d2", "external_id": "25", "role": "user", "email": "a@b.c",
                     "tags": { "type": "list", "data": [] } },
    }));
    let contact = request.contact.unwrap();
    let conversation = request.conversation.unwrap();
    assert_eq!(request.workspace_id.as_deref(), Some("abcd1234"));
    assert_eq!(contact.id.as_deref(), Some("5ba682d2"));
    assert_eq!(contact.external_id.as_deref(), Some("25"));
    assert_eq!(contact.role, Role::User);
    assert_eq!(contact.email.as_deref(), Some("a@b.c"));
    assert_eq!(conversation.id.as_deref(), Some("215468"));
    assert_eq!(
        conversation.source.unwrap().url.as_deref(),
        Some("https://shop.example/cart")
    );
    assert_eq!(request.component_id, None);
    assert_eq!(request.stored_data, Value::Null);
}

#[test]
fn a_submit_request_brings_back_what_was_stored() {
    let request = parse(&json!({
        "workspace_id": "abcd1234", "component_id": "more", "input_values": { "range": "7d" },
        "current_canvas": { "content": { "components": [] }, "stored_data": { "page": 2 } },
    }));
    assert_eq!(request.component_id.as_deref(), Some("more"));
    assert_eq!(request.input_values["range"], "7d");
    assert_eq!(request.stored_data, json!({ "page": 2 }));
}

#[test]
fn older_names_are_understood_and_newer_ones_win() {
    let old = parse(&json!({ "app_id": "old", "customer": { "id": 1 } }));
    assert_eq!(old.workspace_id.as_deref(), Some("old"));
    assert_eq!(old.contact.unwrap().id.as_deref(), Some("1"));
    let both = json!({ "app_id": "old", "workspace_id": "new", "customer": { "id": "1" }, "contact": { "id": "2" } });
    let both = parse(&both);
    assert_eq!(both.workspace_id.as_deref(), Some("new"));
    assert_eq!(both.contact.unwrap().id.as_deref(), Some("2"));
}

#[test]
fn identifiers_are_decoded_and_empty_ones_are_missing() {
    let decoded = contact(
        json!({ "email": "o&#39;hara&amp;co@b.c", "name": "A &lt;B&gt;", "external_id": "&quot;7" }),
    );
    assert_eq!(decoded.email.as_deref(), Some("o'hara&co@b.c"));
    assert_eq!(decoded.name.as_deref(), Some("A <B>"));
    assert_eq!(decoded.external_id.as_deref(), Some("\"7"));
    let thin = contact(
        json!({ "id": "1", "email": "", "external_id": null, "name": "  ", "role": "visitor" }),
    );
    assert_eq!(
        (thin.email, thin.external_id, thin.name, thin.role),
        (None, None, None, Role::Unknown)
    );
}

#[test]
fn a_field_sent_twice_is_no_error() {
    let request = CanvasRequest::parse(br#"{"component_id":"a","component_id":"b"}"#).unwrap();
    assert_eq!(request.component_id.as_deref(), Some("b"));
}

#[test]
fn fields_of_an_unexpected_shape_count_as_missing() {
    let odd = parse(&json!({
        "workspace_id": ["abcd"], "contact": "c1", "conversation": 7, "component_id": {}, "input_values": [],
        "current_canvas": null,
    }));
    assert!(odd == CanvasRequest::default());
    let odd = contact(json!({ "id": {}, "email": ["a@b.c"], "role": 3, "external_id": 25 }));
    assert_eq!((odd.id, odd.email, odd.role), (None, None, Role::Unknown));
    assert_eq!(odd.external_id.as_deref(), Some("25"));
}

#[test]
fn times_are_read_in_every_form() {
    let noon = Some("2026-11-20T12:00:00Z".to_owned());
    assert_eq!(created_at(json!(1_795_176_000)), noon);
    assert_eq!(created_at(json!("1795176000")), noon);
    assert_eq!(created_at(json!("2026-11-20T12:00:00.000Z")), noon);
    assert_eq!(
        created_at(json!(1_795_176_000.25)),
        Some("2026-11-20T12:00:00.25Z".to_owned())
    );
    for nonsense in [
        json!(null),
        json!("yesterday"),
        json!(1e300),
        json!("NaN"),
        json!(true),
    ] {
        assert_eq!(created_at(nonsense.clone()), None, "{nonsense}");
    }
}

#[test]
fn a_body_that_is_no_object_is_an_error_without_its_content() {
    for body in [&b""[..], b"{", b"[1]", b"\"a@b.c\"", b"\xff", b"null"] {
        let error = CanvasRequest::parse(body).err().unwrap().to_string();
        assert!(
            error.starts_with("the request's body is not a JSON object"),
            "{error}"
        );
        assert!(!error.contains("a@b.c"));
    }
}
