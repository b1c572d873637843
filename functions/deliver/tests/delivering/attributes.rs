//! Custom attributes that a workspace does not know: no contact and no event is lost for one.

use intercom::fake::{FakeAttribute, Fault, error_list};
use intercom::rest::Model;
use outbox::Outcome;
use serde_json::json;

use crate::world::{WORKSPACE, World, identify};

const AT: &str = "2026-11-20T11:00:00Z";

#[tokio::test]
async fn unknown_attributes_are_made_known_as_what_they_are() {
    let world = World::start().await;
    let traits = json!({"plan": "pro", "seats": 3, "score": 0.5, "vip": true,
        "renewed_at": "2026-11-20T11:00:00Z"});
    world.send(&[identify("m-1", "u-1", traits, AT)]).await;
    world.settle().await;
    world.assert_sent(&["m-1"]).await;
    world.intercom(|directory| {
        for (name, data_type) in [
            ("plan", "string"),
            ("seats", "integer"),
            ("score", "float"),
            ("vip", "boolean"),
            ("renewed_at", "date"),
        ] {
            let attribute = directory.attribute(Model::Contact, name).expect(name);
            assert_eq!(attribute.data_type, data_type, "{name}");
            assert!(!attribute.messenger_writable);
        }
    });
    assert_eq!(world.only_contact().custom_attributes["seats"], json!(3));
}

#[tokio::test]
async fn one_that_cannot_be_made_or_may_not_is_left_out_with_a_warning() {
    for settings in [json!({}), json!({"unknown_attributes": "drop"})] {
        let world = World::start().await;
        world.settings(settings).await;
        world.stack.intercom.write(WORKSPACE, |directory| {
            let attribute = FakeAttribute::new(1, Model::Company, "tier", "string");
            directory.add_attribute(attribute);
            directory.add_attribute(FakeAttribute::new(2, Model::Contact, "known", "string"));
        });
        let traits = json!({"tier": "gold", "known": "yes", "name": "Ada"});
        world.send(&[identify("m-1", "u-1", traits, AT)]).await;
        world.settle().await;
        let delivery = world.delivery("m-1").await;
        assert_eq!(delivery.outcome, Outcome::Sent);
        assert_eq!(delivery.warnings, ["attribute_dropped:tier"]);
        let contact = world.only_contact();
        assert_eq!(contact.name.as_deref(), Some("Ada"));
        assert_eq!(json!(contact.custom_attributes), json!({"known": "yes"}));
    }
}

#[tokio::test]
async fn a_value_that_an_attribute_refuses_is_left_out() {
    let world = World::start().await;
    world.stack.intercom.write(WORKSPACE, |directory| {
        directory.add_attribute(FakeAttribute::new(1, Model::Contact, "seats", "integer"));
        directory.add_attribute(FakeAttribute::new(2, Model::Contact, "plan", "string"));
    });
    let traits = json!({"seats": "many", "plan": "pro"});
    world.send(&[identify("m-1", "u-1", traits, AT)]).await;
    world.settle().await;
    assert_eq!(
        world.delivery("m-1").await.warnings,
        ["attribute_dropped:seats"]
    );
    assert_eq!(
        json!(world.only_contact().custom_attributes),
        json!({"plan": "pro"})
    );
}

#[tokio::test]
async fn one_refused_field_does_not_lose_the_rest() {
    let world = World::start().await;
    let refusal = error_list("parameter_invalid", "Email is invalid");
    let fault = Fault::json(400, &refusal);
    world.stack.intercom.fail_once("/contacts", fault);
    let traits = json!({"email": "a@b", "name": "Ada", "plan": "pro"});
    world.send(&[identify("m-1", "u-1", traits, AT)]).await;
    world.settle().await;
    let delivery = world.delivery("m-1").await;
    assert_eq!(delivery.outcome, Outcome::Sent);
    let expected = ["field_dropped:email", "attribute_created:plan"];
    assert_eq!(delivery.warnings, expected);
    let contact = world.only_contact();
    assert_eq!(contact.email, None);
    assert_eq!(contact.name.as_deref(), Some("Ada"));
    assert_eq!(contact.custom_attributes["plan"], json!("pro"));
}

#[tokio::test]
async fn a_refusal_that_names_nothing_costs_no_more_than_it_has_to() {
    for (refusals, left) in [
        (1, &["email", "name", "known"][..]),
        (2, &["email", "name"]),
        (3, &["email"]),
        (4, &[]),
    ] {
        let world = World::start().await;
        world.stack.intercom.write(WORKSPACE, |directory| {
            directory.add_attribute(FakeAttribute::new(1, Model::Contact, "known", "string"));
        });
        for _ in 0..refusals {
            let fault = Fault::refusal(422, "data_invalid");
            world.stack.intercom.fail_once("/contacts", fault);
        }
        let traits = json!({"email": "a@b.example", "name": "Ada", "known": "x", "other": "y"});
        world.send(&[identify("m-1", "u-1", traits, AT)]).await;
        world.settle().await;
        world.assert_sent(&["m-1"]).await;
        let contact = world.only_contact();
        let custom = contact.custom_attributes.keys().map(String::as_str);
        let found: Vec<_> = [
            contact.email.as_ref().map(|_| "email"),
            contact.name.as_ref().map(|_| "name"),
        ]
        .into_iter()
        .flatten()
        .chain(custom)
        .collect();
        assert_eq!(found, left, "{refusals}");
    }
}
