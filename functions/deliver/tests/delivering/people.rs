//! Which contact somebody is.

use intercom::fake::{Change, Role};
use jiff::SignedDuration;
use outbox::Outcome;
use serde_json::json;

use crate::world::{WORKSPACE, World, identify, track};

const AT: [&str; 3] = [
    "2026-11-20T11:00:00Z",
    "2026-11-20T11:00:01Z",
    "2026-11-20T11:00:02Z",
];

#[tokio::test]
async fn a_new_person_exists_once_with_every_event_in_whatever_order_and_batches_they_come() {
    let events = [
        identify(
            "m-1",
            "u-1",
            json!({"email": "ada@acme.example", "name": "Ada"}),
            AT[0],
        ),
        track("m-2", "u-1", "Ordered", AT[1]),
        json!({"type": "track", "messageId": "m-3", "event": "Paid", "timestamp": AT[2],
            "context": {"traits": {"email": "Ada@Acme.example"}}}),
    ];
    for (order, in_one) in [
        ([0, 1, 2], true),
        ([0, 1, 2], false),
        ([2, 1, 0], false),
        ([1, 0, 2], false),
        ([2, 0, 1], true),
    ] {
        let world = World::start().await;
        for index in order {
            world.send(&events[index..=index]).await;
            if !in_one {
                world.work().await;
            }
        }
        world.settle().await;
        let contact = world.only_contact();
        assert_eq!(contact.email.as_deref(), Some("ada@acme.example"));
        assert_eq!(contact.name.as_deref(), Some("Ada"));
        let expected = [(
            "u-1".to_owned(),
            vec!["ordered".to_owned(), "paid".to_owned()],
        )];
        assert_eq!(world.people(), expected.into(), "{order:?} {in_one}");
        world.assert_sent(&["m-1", "m-2", "m-3"]).await;
    }
}

#[tokio::test]
async fn the_newest_value_wins_field_by_field_in_whatever_order_identifies_come() {
    let events = [
        identify(
            "m-1",
            "u-1",
            json!({"name": "Ad", "phone": "+353871234567", "plan": "free"}),
            AT[0],
        ),
        identify("m-2", "u-1", json!({"name": "Ada", "plan": "pro"}), AT[1]),
        identify("m-3", "u-1", json!({"name": "Ada L"}), AT[2]),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let world = World::start().await;
        for index in order {
            world.send(&events[index..=index]).await;
            world.settle().await;
        }
        let contact = world.only_contact();
        assert_eq!(contact.name.as_deref(), Some("Ada L"), "{order:?}");
        assert_eq!(contact.phone.as_deref(), Some("+353871234567"), "{order:?}");
        assert_eq!(contact.custom_attributes["plan"], json!("pro"), "{order:?}");
        assert_eq!(
            contact.last_seen_at,
            Some(World::seconds(AT[2])),
            "{order:?}"
        );
    }
}

#[tokio::test]
async fn whoever_is_at_intercom_already_is_found() {
    for (with_id, with_email) in [(true, false), (false, true), (true, true)] {
        let world = World::start().await;
        world.add_contact("c-1", Role::User, |contact| {
            contact.external_id = with_id.then(|| "u-1".to_owned());
            contact.email = with_email.then(|| "ada@acme.example".to_owned());
        });
        let traits = json!({"email": "ada@acme.example", "name": "Ada"});
        world.send(&[identify("m-1", "u-1", traits, AT[0])]).await;
        world.settle().await;
        let contact = world.only_contact();
        assert_eq!(contact.id, "c-1");
        assert_eq!(contact.external_id.as_deref(), Some("u-1"));
        assert_eq!(contact.email.as_deref(), Some("ada@acme.example"));
        assert_eq!(contact.name.as_deref(), Some("Ada"));
    }
}

#[tokio::test]
async fn an_external_id_goes_before_an_email_of_somebody_else() {
    let world = World::start().await;
    world.add_contact("c-1", Role::User, |contact| {
        contact.external_id = Some("u-1".to_owned())
    });
    world.add_contact("c-2", Role::User, |contact| {
        contact.external_id = Some("u-2".to_owned());
        contact.email = Some("ada@acme.example".to_owned());
    });
    for (message, user) in [("m-1", "u-1"), ("m-2", "u-3")] {
        let traits = json!({"email": "ada@acme.example", "name": "Ada"});
        world.send(&[identify(message, user, traits, AT[0])]).await;
        world.settle().await;
        let delivery = world.delivery(message).await;
        assert_eq!(delivery.outcome, Outcome::Sent, "{delivery:?}");
        assert_eq!(delivery.warnings, ["conflict"]);
    }
    world.intercom(|directory| {
        let of = |id: &str| {
            let contacts = directory.contacts();
            let found = contacts
                .iter()
                .find(|c| c.external_id.as_deref() == Some(id));
            let found = found.unwrap();
            (found.name.clone(), found.email.clone())
        };
        assert_eq!(of("u-1"), (Some("Ada".to_owned()), None));
        assert_eq!(of("u-2"), (None, Some("ada@acme.example".to_owned())));
        assert_eq!(of("u-3"), (Some("Ada".to_owned()), None));
    });
}

#[tokio::test]
async fn of_several_with_an_email_the_user_who_was_seen_last_is_meant() {
    let world = World::start().await;
    let email = Some("ada@acme.example".to_owned());
    for (id, role, seen) in [
        ("c-1", Role::User, AT[0]),
        ("c-2", Role::User, AT[1]),
        ("c-3", Role::Lead, AT[2]),
    ] {
        world.add_contact(id, role, |contact| {
            contact.email.clone_from(&email);
            contact.last_seen_at = Some(World::seconds(seen));
        });
    }
    world
        .send(&[
            json!({"type": "track", "messageId": "m-1", "event": "Paid", "timestamp": AT[2],
            "context": {"traits": {"email": email}}}),
        ])
        .await;
    world.settle().await;
    assert_eq!(world.delivery("m-1").await.warnings, ["several_contacts"]);
    world.intercom(|directory| assert_eq!(directory.events_of("c-2").count(), 1));
}

#[tokio::test]
async fn a_lead_with_the_same_email_does_not_become_somebody_else() {
    let world = World::start().await;
    world.add_contact("c-1", Role::Lead, |contact| {
        contact.email = Some("ada@acme.example".to_owned());
        contact.external_id = Some("7d2a-visitor".to_owned());
    });
    let traits = json!({"email": "ada@acme.example"});
    world.send(&[identify("m-1", "u-1", traits, AT[0])]).await;
    world.settle().await;
    let delivery = world.delivery("m-1").await;
    assert_eq!(delivery.warnings, ["lead_with_same_email"]);
    world.intercom(|directory| {
        let lead = directory.contact("c-1").unwrap();
        assert_eq!(
            (lead.role, lead.external_id.as_deref()),
            (Role::Lead, Some("7d2a-visitor"))
        );
        assert_eq!(directory.contacts().len(), 2);
    });
}

#[tokio::test]
async fn what_somebody_did_who_is_named_by_the_email_of_a_lead_waits_for_their_identify() {
    for is_identified in [true, false] {
        let world = World::start().await;
        world.add_contact("c-1", Role::Lead, |contact| {
            contact.email = Some("ada@acme.example".to_owned());
        });
        let by_email = json!({"type": "track", "messageId": "m-1", "event": "Paid", "timestamp": AT[2],
            "context": {"traits": {"email": "ada@acme.example"}}});
        world.send(&[by_email]).await;
        world.pass(SignedDuration::from_mins(1)).await;
        if is_identified {
            let traits = json!({"email": "ada@acme.example"});
            world.send(&[identify("m-2", "u-1", traits, AT[0])]).await;
        }
        world.settle().await;
        world.pass(SignedDuration::from_mins(20)).await;
        world.assert_sent(&["m-1"]).await;
        world.intercom(|directory| {
            let told = directory.events_of("c-1").count();
            assert_eq!(told, usize::from(!is_identified), "the lead's");
            assert_eq!(directory.contacts().len(), 1 + usize::from(is_identified));
        });
    }
}

#[tokio::test]
async fn whoever_is_archived_or_merged_or_deleted_is_found_again() {
    for change in [
        Change::Archive,
        Change::Delete,
        Change::MergeInto("c-9".to_owned()),
    ] {
        let world = World::start().await;
        world.add_contact("c-9", Role::User, |contact| {
            contact.email = Some("other@acme.example".to_owned());
        });
        let by_email = |message: &str, name: &str| {
            json!({"type": "track", "messageId": message, "event": name, "timestamp": AT[2],
                "context": {"traits": {"email": "ada@acme.example"}}})
        };
        let is_merged = matches!(change, Change::MergeInto(_));
        let role = if is_merged { Role::Lead } else { Role::User };
        world.add_contact("c-1", role, |contact| {
            contact.email = Some("ada@acme.example".to_owned());
        });
        world.send(&[by_email("m-1", "Paid")]).await;
        world.settle().await;
        if is_merged {
            // Both turn out to be the same.
            let email = Change::Email("ada@acme.example".to_owned());
            let changed = world.stack.intercom.change(WORKSPACE, "c-9", email);
            changed.unwrap();
        }
        let changed = world
            .stack
            .intercom
            .change(WORKSPACE, "c-1", change.clone());
        changed.unwrap();
        world.send(&[by_email("m-2", "Left")]).await;
        world.settle().await;
        world.assert_sent(&["m-1", "m-2"]).await;
        world.intercom(|directory| {
            let did: Vec<_> = directory
                .events()
                .filter(|event| event.name == "left")
                .map(|event| event.contact.clone())
                .collect();
            assert_eq!(did.len(), 1, "{change:?}");
            match &change {
                Change::Archive => assert_eq!(did, ["c-1"]),
                Change::MergeInto(into) => assert_eq!(did, std::slice::from_ref(into)),
                _ => assert_ne!(did, ["c-1"]),
            }
        });
    }
}

#[tokio::test]
async fn an_alias_changes_the_external_id_where_only_the_old_one_is_there() {
    let world = World::start().await;
    let alias = json!({"type": "alias", "messageId": "m-2", "previousId": "old", "userId": "new", "timestamp": AT[1]});
    world.send(&[alias]).await;
    world.work().await;
    assert_eq!(
        world.outcome("m-2").await,
        (Outcome::Waiting, Some("unknown_person".to_owned()))
    );
    world
        .send(&[identify("m-1", "old", json!({"name": "Ada"}), AT[0])])
        .await;
    world.settle().await;
    world
        .send(&[
            track("m-3", "new", "Paid", AT[2]),
            track("m-4", "old", "Left", AT[2]),
        ])
        .await;
    world.settle().await;
    let expected = [("new".to_owned(), vec!["left".to_owned(), "paid".to_owned()])];
    assert_eq!(world.people(), expected.into());
    world.assert_sent(&["m-1", "m-2", "m-3", "m-4"]).await;
}

#[tokio::test]
async fn an_older_message_of_another_lane_does_not_undo_a_new_email() {
    let world = World::start().await;
    world
        .send(&[identify(
            "m-1",
            "u-1",
            json!({"email": "a@acme.example"}),
            AT[0],
        )])
        .await;
    world.settle().await;
    world
        .send(&[identify(
            "m-2",
            "u-1",
            json!({"email": "b@acme.example"}),
            AT[2],
        )])
        .await;
    world.settle().await;
    world
        .send(&[identify(
            "m-3",
            "u-1",
            json!({"email": "a@acme.example"}),
            AT[1],
        )])
        .await;
    world.settle().await;
    assert_eq!(
        world.only_contact().email.as_deref(),
        Some("b@acme.example")
    );
}

#[tokio::test]
async fn of_one_millisecond_the_one_that_came_later_counts() {
    for messages in [["m-1", "m-2"], ["m-2", "m-1"]] {
        let world = World::start().await;
        for (message, name) in messages.iter().zip(["Ad", "Ada"]) {
            let said = identify(message, "u-1", json!({"name": name}), AT[0]);
            world.send(&[said]).await;
            let moment = SignedDuration::from_millis(3);
            world.stack.clock.advance(moment);
        }
        world.settle().await;
        let contact = world.only_contact();
        assert_eq!(contact.name.as_deref(), Some("Ada"), "{messages:?}");
    }
}

#[tokio::test]
async fn of_one_millisecond_the_later_one_of_a_batch_counts() {
    for messages in [["m-1", "m-2"], ["m-2", "m-1"]] {
        let world = World::start().await;
        let said = |index: usize, name: &str| {
            let mut event = identify(messages[index], "u-1", json!({"name": name}), AT[0]);
            event.as_object_mut().unwrap().remove("timestamp");
            event
        };
        world.send(&[said(0, "Ad"), said(1, "Ada")]).await;
        world.settle().await;
        let contact = world.only_contact();
        assert_eq!(contact.name.as_deref(), Some("Ada"), "{messages:?}");
    }
}

#[tokio::test]
async fn an_import_of_what_is_long_past_does_not_set_back_when_somebody_was_seen() {
    const YESTERDAY: &str = "2026-11-19T09:00:00Z";
    const LONG_AGO: &str = "2019-05-01T09:00:00Z";
    let said = json!({"lastRequestAt": LONG_AGO});
    for (traits, was_seen, at, expected) in [
        (json!({}), Some(Some(YESTERDAY)), LONG_AGO, YESTERDAY),
        (json!({}), Some(Some(LONG_AGO)), YESTERDAY, YESTERDAY),
        (json!({}), Some(None), LONG_AGO, LONG_AGO),
        (json!({}), Some(Some(YESTERDAY)), AT[0], AT[0]),
        (said, Some(Some(YESTERDAY)), AT[0], LONG_AGO),
        (json!({}), None, LONG_AGO, LONG_AGO),
    ] {
        let world = World::start().await;
        if let Some(was_seen) = was_seen {
            world.add_contact("c-1", Role::User, |contact| {
                contact.external_id = Some("u-1".to_owned());
                contact.last_seen_at = was_seen.map(World::seconds);
            });
        }
        world.send(&[identify("m-1", "u-1", traits, at)]).await;
        world.settle().await;
        let seen = world.only_contact().last_seen_at;
        assert_eq!(seen, Some(World::seconds(expected)), "{at} {was_seen:?}");
    }
}

#[tokio::test]
async fn whoever_intercom_says_a_contact_was_merged_into_has_its_names_from_then_on() {
    for tells in [true, false] {
        let world = World::with(|mut options| {
            options.tells_of_merges = tells;
            options
        })
        .await;
        world.add_contact("c-1", Role::Lead, |contact| {
            contact.email = Some("ada@acme.example".to_owned());
        });
        // Nobody finds it by that address.
        world.add_contact("c-9", Role::User, |contact| {
            contact.external_id = Some("u-9".to_owned());
        });
        let said = |kind: &str, message: &str, at: &str| {
            json!({"type": kind, "messageId": message, "event": "Left", "timestamp": at,
                "context": {"traits": {"email": "ada@acme.example", "name": message}}})
        };
        world.send(&[said("identify", "m-1", AT[0])]).await;
        world.settle().await;
        let merged = Change::MergeInto("c-9".to_owned());
        let merged = world.stack.intercom.change(WORKSPACE, "c-1", merged);
        merged.unwrap();
        let events = [said("identify", "m-2", AT[1]), said("track", "m-3", AT[2])];
        world.send(&events).await;
        world.settle().await;
        world.assert_sent(&["m-1", "m-2", "m-3"]).await;
        world.intercom(|directory| {
            let into = directory.contact("c-9").unwrap();
            assert_eq!(into.name.as_deref() == Some("m-2"), tells, "{into:?}");
            let did = directory.events_of("c-9").count();
            assert_eq!(did, usize::from(tells));
        });
    }
}
