//! What anybody may have said.

use intercom::fake::Role;
use outbox::{Outcome, Trust};
use serde_json::json;

use crate::world::{World, identify, track};

const AT: &str = "2026-11-20T11:00:00Z";

#[tokio::test]
async fn a_claim_changes_no_names_and_no_protected_attribute_of_whoever_is_there() {
    let world = World::start().await;
    world
        .settings(json!({"protected_attributes": ["plan", "phone"]}))
        .await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned());
        contact.email = Some("ada@acme.example".to_owned());
    });
    let traits = json!({"email": "eve@evil.example", "phone": "+353871234567", "plan": "free", "color": "red"});
    let events = [
        identify("m-1", "u-1", traits, AT),
        track("m-2", "u-1", "Ordered", AT),
    ];
    world.send_as(Trust::Claimed, &events).await;
    world.settle().await;
    let contact = world.only_contact();
    assert_eq!(contact.email.as_deref(), Some("ada@acme.example"));
    assert_eq!(contact.phone, None);
    assert_eq!(json!(contact.custom_attributes), json!({"color": "red"}));
    assert_eq!(world.people()["u-1"], ["ordered"]);
    // What was claimed leads nobody to the contact.
    let by_email = json!({"type": "track", "messageId": "m-3", "event": "Paid", "timestamp": AT,
        "context": {"traits": {"email": "eve@evil.example"}}});
    world.send(&[by_email]).await;
    world.settle().await;
    assert_eq!(world.people()["u-1"], ["ordered"]);
}

#[tokio::test]
async fn a_claimed_id_is_not_given_to_whoever_has_the_email() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.email = Some("ada@acme.example".to_owned());
    });
    let traits = json!({"email": "ada@acme.example"});
    world
        .send_as(Trust::Claimed, &[identify("m-1", "u-1", traits, AT)])
        .await;
    world.settle().await;
    assert_eq!(world.delivery("m-1").await.warnings, ["conflict"]);
    world.intercom(|directory| {
        assert_eq!(directory.contact("c-1").unwrap().external_id, None);
    });
}

#[tokio::test]
async fn a_claim_makes_nobody_where_the_source_says_so() {
    let world = World::start().await;
    world.settings(json!({"create_from_claims": false})).await;
    world
        .send_as(Trust::Claimed, &[identify("m-1", "u-1", json!({}), AT)])
        .await;
    world.settle().await;
    let dropped = (Outcome::Dropped, Some("claim_of_unknown_person".to_owned()));
    assert_eq!(world.outcome("m-1").await, dropped);
    assert!(world.people().is_empty());
}

#[tokio::test]
async fn a_signature_over_the_user_id_gives_nobody_the_address_beside_it() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.email = Some("ada@acme.example".to_owned());
    });
    world.add_contact("c-2", Role::User, |contact| {
        contact.external_id = Some("me".to_owned());
        contact.email = Some("me@acme.example".to_owned());
    });
    let traits = json!({"email": "ada@acme.example", "name": "Eve"});
    for (message, user) in [("m-1", "me"), ("m-2", "me-too")] {
        let event = identify(message, user, traits.clone(), AT);
        world.send_as(Trust::SignedId, &[event]).await;
        world.settle().await;
        assert_eq!(world.outcome(message).await.0, Outcome::Sent);
    }
    world.intercom(|directory| {
        let victim = directory.contact("c-1").unwrap();
        assert_eq!((&victim.external_id, &victim.name), (&None, &None));
        let me = directory.contact("c-2").unwrap();
        assert_eq!(me.email.as_deref(), Some("me@acme.example"));
        assert_eq!(me.name.as_deref(), Some("Eve"));
        assert_eq!(directory.contacts().len(), 3);
    });
}

#[tokio::test]
async fn an_alias_is_told_only_if_a_server_says_it() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("victim".to_owned());
    });
    let dropped = (Outcome::Dropped, Some("claim_of_another_id".to_owned()));
    for trust in [Trust::Claimed, Trust::SignedId, Trust::Signed] {
        let message = format!("m-{trust:?}");
        let alias = json!({"type": "alias", "messageId": message, "previousId": "victim",
            "userId": "me", "timestamp": AT});
        world.send_as(trust, &[alias]).await;
        world.settle().await;
        assert_eq!(world.outcome(&message).await, dropped);
    }
    assert_eq!(world.only_contact().external_id.as_deref(), Some("victim"));
}
