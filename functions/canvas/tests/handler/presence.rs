//! Contacts that are put away in Intercom, come back, or are gone.

use identity::{Presence, Statement};
use jiff::SignedDuration;
use serde_json::json;

use crate::leads::{lead, request_of, shop, visitor};

#[tokio::test]
async fn an_archived_contact_shows_no_sessions_until_it_is_back() {
    let (fixture, organization) = shop().await;
    fixture
        .record_session(&organization, "s0", &[visitor("1")], 1)
        .await;
    let request = request_of(json!({ "id": "c1", "role": "lead", "external_id": "1" }));
    let list = fixture.initialize(&request).await;
    let s0 = list.sessions()[0].clone();
    let state = |presence, seconds| Statement {
        presence: Some(presence),
        at: fixture.now() + SignedDuration::from_secs(seconds),
        ..lead(&fixture, "1")
    };
    fixture.apply("shop", &state(Presence::Archived, 1)).await;
    fixture.calls();
    let archived = fixture.initialize(&request).await;
    assert!(
        archived
            .text()
            .starts_with("This contact is archived in Intercom.")
    );
    assert_eq!(archived.sessions(), [""; 0]);
    assert_eq!(archived.button("Try again"), Some("sessions"));
    assert_eq!(fixture.calls(), ["BatchGetItem"]);
    let click = fixture.submit(&request, &list, &s0).await;
    assert_eq!(click, archived);

    fixture.apply("shop", &state(Presence::Present, 2)).await;
    assert_eq!(fixture.initialize(&request).await.sessions(), [s0]);
}

#[tokio::test]
async fn a_deleted_contacts_aliases_lead_nowhere() {
    let (fixture, organization) = shop().await;
    fixture
        .record_session(&organization, "s0", &[visitor("1")], 1)
        .await;
    let contact = json!({ "id": "c1", "role": "lead", "external_id": "1", "email": "a@b.c" });
    let request = request_of(contact.clone());
    let list = fixture.initialize(&request).await;
    fixture.apply("shop", &lead(&fixture, "1")).await;
    let deleted = Statement {
        presence: Some(Presence::Deleted),
        ..lead(&fixture, "1")
    };
    fixture.apply("shop", &deleted).await;
    let gone = fixture.initialize(&request).await;
    assert!(
        gone.text()
            .starts_with("This contact was deleted in Intercom.")
    );
    let click = fixture.submit(&request, &list, &list.sessions()[0]).await;
    assert_eq!(click, gone);
    // Nor does the visitor id under another contact.
    let mut contact = contact;
    contact["id"] = json!("c2");
    let other = fixture.initialize(&request_of(contact)).await;
    assert!(other.text().starts_with("No sessions found by"));
}
