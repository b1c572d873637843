//! A lead becomes known, step by step.

use identity::{
    Alias, ContactEmail, ContactId, ConversationId, ConversationStart, OrganizationId, PageAddress,
    Statement,
};
use serde_json::{Value, json};
use store::ConnectionStatus::Connected;

use crate::fixture::{Fixture, request};

/// A workspace `shop`, and its organization.
pub(crate) async fn shop() -> (Fixture, OrganizationId) {
    let fixture = Fixture::start().await;
    let organization = fixture.connect("shop", Connected).await;
    (fixture, organization)
}

/// What Intercom sends of a conversation with this contact.
pub(crate) fn request_of(contact: Value) -> Value {
    let mut request = request("shop", "");
    request["contact"] = contact;
    request
}

pub(crate) fn visitor(id: &str) -> Alias {
    Alias::visitor_id(id).unwrap()
}

pub(crate) fn email(address: &str) -> Alias {
    Alias::email(address).unwrap()
}

/// The lead's contact id is the visitor's with a `c` in front.
pub(crate) fn lead(fixture: &Fixture, visitor_id: &str) -> Statement {
    let contact = ContactId::parse(&format!("c{visitor_id}")).unwrap();
    Statement {
        visitor_id: Some(visitor(visitor_id)),
        ..Statement::about(contact, fixture.now())
    }
}

#[tokio::test]
async fn a_lead_is_found_at_once_then_by_its_contact_alone_then_by_the_address_it_gives() {
    let (fixture, organization) = shop().await;
    fixture
        .record_session(&organization, "s0", &[visitor("1")], 1)
        .await;
    let by_visitor_id = json!({ "id": "c1", "role": "lead", "external_id": "1", "email": "" });
    let by_contact = json!({ "id": "c1", "role": "lead" });
    let by_email = json!({ "role": "lead", "email": "ada@EXAMPLE.com" });
    let found = async |contact: &Value| {
        let canvas = fixture.initialize(&request_of(contact.clone())).await;
        canvas.sessions().len()
    };
    assert_eq!(found(&by_visitor_id).await, 1);
    assert_eq!(found(&by_contact).await, 0);

    fixture.apply("shop", &lead(&fixture, "1")).await;
    assert_eq!(found(&by_contact).await, 1);
    assert_eq!(found(&by_email).await, 0);

    let typed = Statement {
        email: Some(ContactEmail::OfLead(email("Ada@Example.com"))),
        ..lead(&fixture, "1")
    };
    fixture.apply("shop", &typed).await;
    assert_eq!(found(&by_email).await, 1);
    // What is recorded from now on is found as well.
    fixture
        .record_session(&organization, "s1", &[visitor("1")], 2)
        .await;
    for contact in [&by_visitor_id, &by_contact, &by_email] {
        assert_eq!(found(contact).await, 2, "{contact}");
    }
}

#[tokio::test]
async fn where_intercom_does_not_say_how_a_conversation_began_what_was_notified_is_used() {
    let (fixture, organization) = shop().await;
    fixture
        .record_session(&organization, "s0", &[visitor("1")], 1)
        .await;
    let started = Statement {
        conversation: Some(ConversationStart {
            id: ConversationId::parse("215").unwrap(),
            at: "2026-11-20T11:00:20Z".parse().unwrap(),
            page: PageAddress::of("https://shop.example/checkout?step=2"),
            by_contact: true,
        }),
        ..lead(&fixture, "1")
    };
    fixture.apply("shop", &started).await;
    let mut request = request_of(json!({ "id": "c1", "role": "lead", "external_id": "1" }));
    let moments = ["6:00AM · 5× Rage click on \"Add to wishlist\""];
    for conversation in [
        json!({ "id": 215 }),
        json!({ "id": "215", "created_at": 1_795_172_420 }),
    ] {
        request["conversation"] = conversation;
        let canvas = fixture.initialize(&request).await;
        assert_eq!(canvas.moments(), moments);
        let place = "Before this conversation on /checkout";
        assert_eq!(canvas.subtitle("s0"), Some(place));
        let calls = ["BatchGetItem", "BatchGetItem", "Query", "Query"];
        assert_eq!(fixture.calls(), calls);
    }
    request["conversation"] = json!({
        "id": "215", "created_at": 1_795_172_420, "source": { "url": "https://shop.example/cart" },
    });
    let canvas = fixture.initialize(&request).await;
    let place = "Before this conversation on /cart";
    assert_eq!(canvas.subtitle("s0"), Some(place));
    // Somebody else's conversation of that id began nowhere that this contact was.
    request["contact"] = json!({ "id": "c2", "role": "lead", "external_id": "1" });
    request["conversation"] = json!({ "id": "215" });
    let canvas = fixture.initialize(&request).await;
    assert!(canvas.subtitle("s0").unwrap().starts_with("Latest session"));
}
