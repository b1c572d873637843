//! What anybody may have said.

use intercom::fake::{FakeAttribute, Role};
use intercom::rest::Model;
use outbox::{Outcome, Trust};
use serde_json::json;

use crate::world::{WORKSPACE, World, identify, track};

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

fn of_company(message: &str, traits: serde_json::Value) -> serde_json::Value {
    json!({"type": "group", "messageId": message, "userId": "u-1", "groupId": "co-1",
        "traits": traits, "timestamp": AT})
}

#[tokio::test]
async fn a_browser_changes_no_company_that_is_there_and_has_nobody_leave_one() {
    let world = World::start().await;
    world
        .settings(json!({"protected_attributes": ["tier"]}))
        .await;
    let traits = json!({"name": "Acme", "plan": "pro", "tier": "gold"});
    world
        .send(&[
            identify("m-0", "u-1", json!({}), "2026-11-20T10:00:00Z"),
            of_company("m-1", traits),
        ])
        .await;
    world.settle().await;
    for trust in [Trust::Claimed, Trust::SignedId, Trust::Signed] {
        let message = |name: &str| format!("{name}-{trust:?}");
        let traits = json!({"name": "Evil", "plan": "free", "tier": "none", "mood": "fine"});
        let leave = json!({"name": "Eve", "company": {"id": "co-1", "remove": true}});
        let at = "2026-11-20T12:00:00Z";
        let mut claim = of_company(&message("m-2"), traits);
        claim["timestamp"] = json!(at);
        let events = [claim, identify(&message("m-3"), "u-1", leave, at)];
        world.send_as(trust, &events).await;
        world.settle().await;
        let left = world.delivery(&message("m-3")).await;
        assert_eq!(left.outcome, Outcome::Sent);
        assert_eq!(left.warnings, ["claim_of_leaving_company"]);
        world.intercom(|directory| {
            let company = directory.company("co-1").unwrap();
            assert_eq!(company.name.as_deref(), Some("Acme"), "{trust:?}");
            assert_eq!(company.plan.as_deref(), Some("pro"), "{trust:?}");
            let custom = json!({"tier": "gold", "mood": "fine"});
            assert_eq!(json!(company.custom_attributes), custom, "{trust:?}");
            let members = &directory.contacts()[0].companies;
            assert!(members.contains(&company.id), "{trust:?}");
        });
    }
}

#[tokio::test]
async fn a_browser_makes_no_company_where_the_source_says_so() {
    for (creates, companies) in [(true, 1), (false, 0)] {
        let world = World::start().await;
        let settings = json!({"create_from_claims": creates});
        world.settings(settings).await;
        world.send(&[identify("m-0", "u-1", json!({}), AT)]).await;
        world.settle().await;
        let claim = of_company("m-1", json!({"name": "Acme"}));
        world.send_as(Trust::Signed, &[claim]).await;
        world.settle().await;
        let reason = (!creates).then_some("claim_of_unknown_company");
        assert_eq!(world.outcome("m-1").await.1.as_deref(), reason);
        let found = world.intercom(|directory| directory.company("co-1").is_some());
        assert_eq!(usize::from(found), companies);
    }
}

#[tokio::test]
async fn a_claim_unsubscribes_nobody_who_is_there() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned());
    });
    let traits = json!({"unsubscribedFromEmails": true});
    let event = |message| identify(message, "u-1", traits.clone(), AT);
    for (trust, message, is_unsubscribed) in [
        (Trust::Claimed, "m-1", false),
        (Trust::Verified, "m-2", true),
    ] {
        world.send_as(trust, &[event(message)]).await;
        world.settle().await;
        let contact = world.only_contact();
        assert_eq!(contact.unsubscribed_from_emails, is_unsubscribed);
    }
}

#[tokio::test]
async fn an_address_that_was_claimed_first_goes_to_whoever_proves_it() {
    for (is_known, search_lag) in [(false, 0), (true, 0), (false, 300)] {
        let world = World::with(|mut options| {
            options.search_lag = jiff::SignedDuration::from_secs(search_lag);
            options
        })
        .await;
        if is_known {
            world
                .send(&[identify("m-0", "u-1", json!({}), "2026-11-20T10:00:00Z")])
                .await;
        }
        let traits = json!({"email": "ada@acme.example"});
        let squat = identify("m-1", "junk", traits.clone(), AT);
        world.send_as(Trust::Claimed, &[squat]).await;
        world.settle().await;
        for message in ["m-2", "m-3"] {
            world
                .send(&[identify(
                    message,
                    "u-1",
                    traits.clone(),
                    "2026-11-20T11:30:00Z",
                )])
                .await;
            world.settle().await;
            let warnings = world.delivery(message).await.warnings;
            assert!(warnings.is_empty(), "{warnings:?}");
        }
        let emails = world.intercom(|directory| {
            let contacts = directory.contacts();
            let mut emails: Vec<_> = contacts
                .iter()
                .map(|contact| (contact.external_id.clone(), contact.email.clone()))
                .collect();
            emails.sort();
            emails
        });
        let expected = [
            (Some("junk".to_owned()), None),
            (Some("u-1".to_owned()), Some("ada@acme.example".to_owned())),
        ];
        assert_eq!(emails, expected, "{is_known} {search_lag}");
        // Another claim does not get it back.
        let squat = identify("m-4", "junk", traits.clone(), "2026-11-20T11:40:00Z");
        world.send_as(Trust::Claimed, &[squat]).await;
        world.settle().await;
        let holder = json!({"type": "track", "messageId": "m-5", "event": "Paid",
            "timestamp": "2026-11-20T11:50:00Z", "context": {"traits": traits}});
        world.send(&[holder]).await;
        world.settle().await;
        assert_eq!(world.people()["u-1"], ["paid"]);
    }
}

#[tokio::test]
async fn who_has_only_claimed_an_address_and_has_no_id_gets_the_proven_one() {
    let world = World::start().await;
    let traits = json!({"email": "ada@acme.example"});
    let nameless =
        json!({"type": "identify", "messageId": "m-1", "traits": traits, "timestamp": AT});
    world.send_as(Trust::Claimed, &[nameless]).await;
    world.settle().await;
    world.send(&[identify("m-2", "u-1", traits, AT)]).await;
    world.settle().await;
    let contact = world.only_contact();
    assert_eq!(contact.external_id.as_deref(), Some("u-1"));
    assert_eq!(contact.email.as_deref(), Some("ada@acme.example"));
}

#[tokio::test]
async fn browsers_use_up_neither_attributes_nor_names_of_events() {
    let world = World::start().await;
    world.send(&[identify("m-0", "u-1", json!({}), AT)]).await;
    world.settle().await;
    world.stack.intercom.write(WORKSPACE, |directory| {
        for number in 0..124 {
            let name = format!("known_{number}");
            directory.add_attribute(FakeAttribute::new(number, Model::Contact, &name, "string"));
        }
    });
    let traits = json!({"evil_1": "x", "evil_2": "x"});
    let claim = identify("m-1", "u-1", traits.clone(), "2026-11-20T11:10:00Z");
    world.send_as(Trust::Signed, &[claim]).await;
    world.settle().await;
    assert_eq!(world.only_contact().custom_attributes.len(), 1);
    // What a server says is made.
    let event = identify("m-2", "u-1", traits, "2026-11-20T11:20:00Z");
    world.send(&[event]).await;
    world.settle().await;
    assert_eq!(world.only_contact().custom_attributes.len(), 2);

    let names: Vec<_> = (0..101)
        .map(|number| {
            let at = format!("2026-11-20T11:{:02}:{:02}Z", 30 + number / 60, number % 60);
            track(
                &format!("n-{number}"),
                "u-1",
                &format!("Name {number}"),
                &at,
            )
        })
        .collect();
    world.send_as(Trust::Claimed, &names).await;
    world.settle().await;
    let dropped = (Outcome::Dropped, Some("claim_of_unknown_event".to_owned()));
    assert_eq!(world.outcome("n-100").await, dropped);
    assert_eq!(world.people()["u-1"].len(), 100);
    let at = "2026-11-20T13:00:00Z";
    let known = track("n-101", "u-1", "name 7", at);
    world.send_as(Trust::Claimed, &[known]).await;
    world.settle().await;
    world.send(&[track("n-102", "u-1", "Paid", at)]).await;
    world.settle().await;
    world.assert_sent(&["n-101", "n-102"]).await;
    let warnings = world.delivery("n-102").await.warnings;
    assert_eq!(warnings, ["event_names_running_out:101 of 120"]);
    world.settings(json!({"events": {"allow": ["Left"]}})).await;
    world
        .stack
        .clock
        .advance(jiff::SignedDuration::from_mins(2));
    let listed = track("n-103", "u-1", "Left", at);
    world.send_as(Trust::Claimed, &[listed]).await;
    world.settle().await;
    world.assert_sent(&["n-103"]).await;
}

#[tokio::test]
async fn a_claimed_anonymous_id_leads_to_nobody_who_was_not_made_of_one() {
    let world = World::start().await;
    let settings = json!({"anonymous_id_as_user_id": true, "wait_seconds": 0});
    world.settings(settings).await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned());
    });
    // Of the second one our memory knows.
    world.send(&[identify("m-1", "u-2", json!({}), AT)]).await;
    world.settle().await;
    let said = |message: &str, anonymous: &str| {
        json!({"type": "track", "messageId": message, "anonymousId": anonymous,
            "event": "Ordered", "timestamp": AT})
    };
    let events = [
        said("m-2", "u-1"),
        said("m-3", "u-2"),
        said("m-4", "anon-1"),
    ];
    world.send_as(Trust::Claimed, &events).await;
    world.settle().await;
    let events = [said("m-5", "anon-1")];
    world.send_as(Trust::Claimed, &events).await;
    world.settle().await;
    let dropped = (Outcome::Dropped, Some("claim_of_another_id".to_owned()));
    assert_eq!(world.outcome("m-2").await, dropped);
    assert_eq!(world.outcome("m-3").await, dropped);
    world.assert_sent(&["m-4", "m-5"]).await;
    // Once a server has said whose it is, it is theirs.
    let alias = json!({"type": "alias", "messageId": "m-6", "previousId": "anon-1", "userId": "u-2",
        "timestamp": AT});
    world.send(&[alias]).await;
    world.settle().await;
    let events = [said("m-7", "anon-1")];
    world.send_as(Trust::Claimed, &events).await;
    world.settle().await;
    assert_eq!(world.people()["u-2"], ["ordered"]);
    assert!(world.people()["u-1"].is_empty());
}
