//! What a notification that was lost would have done.

use identity::Alias;
use serde_json::json;
use store::{ContactQuery, SyncOutcome};

use crate::fixture::{Fixture, contact_id};

#[tokio::test]
async fn a_lead_is_found_by_its_contact_id() {
    let fixture = Fixture::start().await;
    let browser = Alias::visitor_id("visitor-1").unwrap();
    let person = fixture.recorded("acme", &browser).await;
    assert_eq!(fixture.people_of("acme", contact_id("c-1")).await.0, []);
    let lead = json!({ "id": "c-1", "role": "lead", "external_id": "visitor-1", "email": "" });
    fixture.contact("acme", 30, lead);

    fixture.run().await;

    assert_eq!(
        fixture.people_of("acme", contact_id("c-1")).await.0,
        [person]
    );
    assert_eq!(
        fixture.last_sync().await,
        (fixture.now(), SyncOutcome::Succeeded)
    );
    let progress = fixture.progress().await;
    assert_eq!(
        (progress.complete_until, progress.run),
        (Some(fixture.now()), None)
    );
}

#[tokio::test]
async fn a_lead_is_found_by_the_address_that_it_typed_in_any_case() {
    let fixture = Fixture::start().await;
    let browser = Alias::visitor_id("visitor-1").unwrap();
    let person = fixture.recorded("acme", &browser).await;
    let lead = json!({ "id": "c-1", "role": "lead", "external_id": "visitor-1", "email": "Ada@Shop.example" });
    fixture.contact("acme", 30, lead);

    fixture.run().await;

    let typed = Alias::email("ADA@shop.example").unwrap();
    let (certain, unverified) = fixture.people_of("acme", ContactQuery::of(&[typed])).await;
    assert_eq!((certain, unverified), (vec![], vec![person]));
}

#[tokio::test]
async fn a_user_is_found_by_the_contact_id() {
    let fixture = Fixture::start().await;
    let user = Alias::user_id("user-1").unwrap();
    let person = fixture.recorded("acme", &user).await;
    let contact = json!({ "id": "c-1", "role": "user", "external_id": "user-1", "email": null });
    fixture.contact("acme", 30, contact);
    fixture.run().await;
    assert_eq!(
        fixture.people_of("acme", contact_id("c-1")).await.0,
        [person]
    );
}

#[tokio::test]
async fn whoever_has_begun_a_conversation_is_found_by_the_contact_id() {
    let fixture = Fixture::start().await;
    let browser = Alias::visitor_id("visitor-1").unwrap();
    let person = fixture.recorded("acme", &browser).await;
    let begun = json!({
        "id": "7", "created_at": fixture.ago(31).as_second(),
        "source": { "url": "https://shop.example/cart", "author": { "type": "lead", "id": "c-1", "email": "" } },
        "contacts": { "contacts": [{ "type": "contact", "id": "c-1", "external_id": "visitor-1" }] },
    });
    fixture.conversation("acme", 30, begun);
    fixture.run().await;
    assert_eq!(
        fixture.people_of("acme", contact_id("c-1")).await.0,
        [person]
    );
}

#[tokio::test]
async fn a_workspace_sees_its_own_contacts_alone() {
    let fixture = Fixture::start().await;
    fixture.connect("other").await;
    let browser = Alias::visitor_id("visitor-1").unwrap();
    let person = fixture.recorded("acme", &browser).await;
    fixture.recorded("other", &browser).await;
    let lead = json!({ "id": "c-1", "role": "lead", "external_id": "visitor-1" });
    fixture.contact("acme", 30, lead);

    fixture.run().await;

    assert_eq!(
        fixture.people_of("acme", contact_id("c-1")).await.0,
        [person]
    );
    assert_eq!(fixture.people_of("other", contact_id("c-1")).await.0, []);
    let calls = fixture.stack.intercom.calls();
    let tokens = calls.iter().map(|call| call.token().unwrap());
    let mut tokens: Vec<_> = tokens.collect();
    tokens.sort_unstable();
    assert_eq!(
        tokens,
        [
            "token-of-acme",
            "token-of-acme",
            "token-of-other",
            "token-of-other"
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_read_or_remembered_keeps_nobody_else_back() {
    let fixture = Fixture::start().await;
    let browser = Alias::visitor_id("visitor-1").unwrap();
    let person = fixture.recorded("acme", &browser).await;
    for odd in [
        json!({ "id": null }),
        json!({ "id": "c".repeat(500), "role": "lead", "external_id": "visitor-2" }),
        json!({ "id": "c-3", "role": "lead", "external_id": "undefined", "email": "nobody" }),
        json!({ "id": 4, "role": [], "external_id": {}, "custom_attributes": { "recapt_session_id": ".." } }),
    ] {
        fixture.contact("acme", 20, odd);
    }
    fixture.conversation("acme", 20, json!({ "id": null, "contacts": 5 }));
    let lead = json!({ "id": "c-1", "role": "lead", "external_id": "visitor-1" });
    fixture.contact("acme", 30, lead);
    fixture.run().await;
    assert_eq!(
        fixture.people_of("acme", contact_id("c-1")).await.0,
        [person]
    );
    assert_eq!(fixture.last_sync().await.1, SyncOutcome::Succeeded);
}

#[tokio::test]
async fn only_what_changed_since_the_last_run_is_taken_again() {
    let fixture = Fixture::start().await;
    for (minutes, id) in [(23 * 60, "older"), (50, "newer")] {
        let user = json!({ "id": id, "role": "user", "external_id": id });
        fixture.contact("acme", minutes, user);
    }
    fixture.run().await;
    let reads = async || {
        let calls = fixture.stack.calls.take();
        calls.iter().filter(|call| *call == "BatchGetItem").count()
    };
    assert!(reads().await > 1, "both");
    fixture.later(15);
    fixture.run().await;
    assert_eq!(reads().await, 1, "one of the last hour");
    fixture.later(60);
    fixture.run().await;
    assert_eq!(reads().await, 0);
}
