//! Contacts and conversations: one of them, and whatever has changed.

use intercom::Region;
use intercom::fake::{Fault, error_list};
use intercom::oauth::AccessToken;
use intercom::request::Role;
use intercom::rest::{Advice, Cursor, Error, Unreadable};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::fixture::Fixture;

fn token() -> AccessToken {
    AccessToken::parse("dG9r").unwrap()
}

fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// A contact of the API, with some of what we do not read.
pub(crate) fn contact() -> Value {
    json!({
        "type": "contact", "id": "6762f0d01bb69f9f2193bb7d", "workspace_id": "abcd1234", "external_id": "70",
        "role": "user", "email": "joe@bloggs.com", "phone": null, "name": "Joe Bloggs", "updated_at": 1_795_176_000,
        "browser": "chrome", "browser_version": "156", "browser_language": "en", "os": "Linux",
        "location": { "type": "location", "country": "Ireland", "region": null, "city": null },
        "custom_attributes": { "recapt_session_id": "s-1" },
    })
}

pub(crate) fn contacts(next: Value) -> Value {
    json!({ "type": "list", "data": [contact()], "total_count": 2,
            "pages": { "type": "pages", "page": 1, "per_page": 150, "total_pages": 2, "next": next } })
}

pub(crate) fn conversations() -> Value {
    let conversation = json!({
        "type": "conversation", "id": "515", "created_at": 1_795_176_000, "updated_at": 1_795_176_060,
        "source": { "type": "conversation", "id": "403918346", "delivered_as": "customer_initiated", "subject": "",
                    "body": "<p>Hi</p>", "url": "https://shop.example/cart", "attachments": [], "redacted": false,
                    "author": { "type": "user", "id": "6762f14a", "name": "Joe", "email": "joe@bloggs.com" } },
        "contacts": { "type": "contact.list",
                      "contacts": [{ "type": "contact", "id": "6762f14a", "external_id": "70" }] },
    });
    json!({ "type": "conversation.list", "conversations": [conversation], "total_count": 1,
            "pages": { "type": "pages", "page": 1, "per_page": 150, "total_pages": 1 } })
}

#[tokio::test]
async fn a_contact_is_read_by_its_id() {
    let fixture = Fixture::answering([Fault::json(200, &contact())]).await;
    let read = fixture
        .client()
        .contact(Region::Us, &token(), "6762f0d0")
        .await;
    let read = read.ok().unwrap().unwrap();
    assert_eq!(
        (read.role, read.email.as_deref()),
        (Role::User, Some("joe@bloggs.com"))
    );
    assert_eq!(read.client.os.as_deref(), Some("Linux"));
    let asked = &fixture.intercom.calls()[0];
    assert_eq!(asked.method(), "GET");
    assert_eq!(asked.path(), "/contacts/6762f0d0");
}

#[tokio::test]
async fn a_contact_that_was_merged_or_deleted_is_none() {
    let gone = [(404, "not_found"), (410, "contact_merged")];
    let gone =
        gone.map(|(status, code)| Fault::json(status, &error_list(code, "of ada@example.com")));
    let fixture = Fixture::answering(gone.into_iter().chain([
        Fault::json(200, &json!({ "type": "contact" })),
        Fault::json(401, &error_list("token_revoked", "of ada@example.com")),
    ]))
    .await;
    let client = fixture.client();
    let token = token();
    let ask = || client.contact(Region::Us, &token, "1");
    assert!(ask().await.is_ok_and(|contact| contact.is_none()));
    assert!(ask().await.is_ok_and(|contact| contact.is_none()));
    assert!(matches!(ask().await, Err(Error::Unreadable { .. })));
    assert_eq!(ask().await.err().unwrap().advice(), Advice::Reconnect);
}

#[tokio::test]
async fn changed_contacts_come_page_by_page() {
    let mut first = contacts(json!({ "per_page": 150, "starting_after": "WzE3==" }));
    let odd = json!({ "type": "contact", "id": null });
    first["data"]
        .as_array_mut()
        .unwrap()
        .extend([odd, json!(7)]);
    let last = contacts(Value::Null);
    let fixture = Fixture::answering([&first, &last].map(|page| Fault::json(200, page))).await;
    let client = fixture.client();

    let page = client
        .contacts_updated_after(Region::Eu, &token(), noon(), None)
        .await;
    let page = page.ok().unwrap();
    assert_eq!(page.items.len(), 1, "what has no id is left out");
    assert_eq!(page.items[0].updated_at, Some(noon()));
    assert_eq!(page.items[0].session_hint.as_deref(), Some("s-1"));
    let next = page.next.unwrap();
    assert_eq!(next.as_str(), "WzE3==");
    let page = client
        .contacts_updated_after(Region::Eu, &token(), noon(), Some(&next))
        .await;
    assert!(page.ok().unwrap().next.is_none());

    let asked = fixture.intercom.calls();
    let bodies = asked
        .iter()
        .map(|asked| serde_json::from_slice(asked.body()).unwrap());
    let bodies: Vec<Value> = bodies.collect();
    assert_eq!(asked[0].path(), "/contacts/search");
    assert_eq!(
        bodies[0],
        json!({ "query": { "field": "updated_at", "operator": ">", "value": 1_795_176_000 },
                "sort": { "field": "updated_at", "order": "descending" }, "pagination": { "per_page": 150 } })
    );
    assert_eq!(bodies[1]["pagination"]["starting_after"], "WzE3==");
}

#[tokio::test]
async fn changed_conversations_stand_under_a_name_of_their_own() {
    let fixture = Fixture::answering([Fault::json(200, &conversations())]).await;
    let page = fixture
        .client()
        .conversations_updated_after(Region::Us, &token(), noon(), None)
        .await;
    let page = page.ok().unwrap();
    assert!(page.next.is_none());
    let conversation = &page.items[0];
    assert_eq!(conversation.contacts[0].id, "6762f14a");
    assert_eq!(conversation.page_url(), Some("https://shop.example/cart"));
    assert_eq!(fixture.intercom.calls()[0].path(), "/conversations/search");
}

#[tokio::test]
async fn an_answer_without_its_list_is_not_the_end() {
    let long = json!({ "starting_after": "x".repeat(Cursor::MAX_BYTES + 1) });
    let cases = [
        json!({ "type": "list" }),
        json!({ "data": null }),
        contacts(long),
        contacts(json!({ "starting_after": "" })),
    ];
    let fixture = Fixture::answering(cases.iter().map(|body| Fault::json(200, body))).await;
    for body in &cases {
        let page = fixture
            .client()
            .contacts_updated_after(Region::Us, &token(), noon(), None)
            .await;
        let error = page.err().unwrap();
        let is_missing = matches!(
            error,
            Error::Unreadable {
                problem: Unreadable::Missing(_),
                ..
            }
        );
        assert!(is_missing, "{error}: {body}");
    }
}
