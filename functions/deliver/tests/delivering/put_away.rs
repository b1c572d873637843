//! Who was put away, is gone, or is in the way of somebody else.

use intercom::fake::{Change, Fault, Role, Standing};
use jiff::SignedDuration;
use outbox::Outcome;
use serde_json::json;

use crate::world::{WORKSPACE, World, identify};

const AT: [&str; 3] = [
    "2026-11-20T11:00:00Z",
    "2026-11-20T11:00:01Z",
    "2026-11-20T11:00:02Z",
];

fn archive(world: &World, contact: &str) {
    let changed = world
        .stack
        .intercom
        .change(WORKSPACE, contact, Change::Archive);
    changed.unwrap();
}

#[tokio::test]
async fn whoever_was_put_away_is_restored_at_once() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned());
    });
    for (message, name, at) in [("m-1", "Ada", AT[0]), ("m-2", "Ada L", AT[1])] {
        world
            .send(&[identify(message, "u-1", json!({"name": name}), at)])
            .await;
        world.work().await;
        world.assert_sent(&[message]).await;
        archive(&world, "c-1");
    }
    world.intercom(|directory| {
        let name = directory.contact("c-1").unwrap().name.clone();
        assert_eq!(name.as_deref(), Some("Ada L"));
    });
}

#[tokio::test]
async fn somebody_else_who_was_put_away_stays_so() {
    for is_readable in [true, false] {
        let world = World::start().await;
        world.add_contact("c-1", Role::User, |contact| {
            contact.external_id = Some("u-1".to_owned());
            contact.email = Some("ada@acme.example".to_owned());
        });
        archive(&world, "c-1");
        if !is_readable {
            let fault = Fault::refusal(404, "not_found");
            world.stack.intercom.fail_once("/contacts/c-1", fault);
        }
        let traits = json!({"email": "ada@acme.example"});
        world.send(&[identify("m-1", "u-2", traits, AT[0])]).await;
        world.settle().await;
        let delivery = world.delivery("m-1").await;
        assert_eq!(delivery.outcome, Outcome::Sent);
        assert_eq!(delivery.warnings, ["conflict"]);
        world.intercom(|directory| {
            let archived = directory.contact("c-1").unwrap();
            assert_eq!(archived.standing, Standing::Archived, "{is_readable}");
            let contacts = directory.contacts();
            let found = contacts
                .iter()
                .find(|c| c.external_id.as_deref() == Some("u-2"));
            assert_eq!(found.unwrap().email, None, "{is_readable}");
            assert_eq!(contacts.len(), 2);
        });
    }
}

#[tokio::test]
async fn an_email_is_taken_over_from_a_lead_and_from_whoever_is_gone() {
    for is_lead in [true, false] {
        let world = World::start().await;
        let role = if is_lead { Role::Lead } else { Role::User };
        world.add_contact("c-1", role, |contact| {
            contact.email = Some("ada@acme.example".to_owned());
            contact.external_id = Some("other".to_owned());
        });
        let by_email = json!({"type": "track", "messageId": "m-1", "event": "Paid",
            "timestamp": AT[0], "context": {"traits": {"email": "ada@acme.example"}}});
        let identified = identify("m-2", "u-1", json!({}), AT[1]);
        world.send(&[by_email, identified]).await;
        world.settle().await;
        if !is_lead {
            let changed = world
                .stack
                .intercom
                .change(WORKSPACE, "c-1", Change::Delete);
            changed.unwrap();
            world.stack.clock.advance(SignedDuration::from_hours(24));
        }
        let traits = json!({"email": "ada@acme.example"});
        world.send(&[identify("m-3", "u-1", traits, AT[2])]).await;
        world.settle().await;
        let warnings = world.delivery("m-3").await.warnings;
        assert!(warnings.is_empty(), "{is_lead} {warnings:?}");
        world.intercom(|directory| {
            let contacts = directory.contacts();
            let found = contacts
                .iter()
                .find(|c| c.external_id.as_deref() == Some("u-1"));
            let email = found.unwrap().email.as_deref();
            assert_eq!(email, Some("ada@acme.example"), "{is_lead}");
        });
    }
}

#[tokio::test]
async fn an_external_id_of_somebody_who_was_put_away_leads_to_them() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.email = Some("ada@acme.example".to_owned());
    });
    world.add_contact("c-2", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned());
    });
    archive(&world, "c-2");
    let traits = json!({"email": "ada@acme.example", "name": "Ada"});
    world.send(&[identify("m-1", "u-1", traits, AT[0])]).await;
    world.settle().await;
    world.intercom(|directory| {
        let of = |id: &str| directory.contact(id).unwrap().clone();
        let found = of("c-2");
        assert_eq!(found.standing, Standing::Present);
        assert_eq!(found.name.as_deref(), Some("Ada"));
        assert_eq!((of("c-1").external_id, of("c-1").name), (None, None));
    });
}
