use serde_json::{Value, json};

use crate::testing::{first_step, planned, warnings};
use crate::{DropReason, Step, Warning};

fn identify(traits: Value) -> Value {
    json!({
        "type": "identify", "userId": "u-1", "traits": traits, "context": { "active": false },
    })
}

fn contact(traits: Value) -> Value {
    first_step(&identify(traits), &json!({}))
}

#[test]
fn fields_are_found_under_every_name_that_clients_use() {
    for (traits, field, expected) in [
        (
            json!({ "email": " Ada@Example.test " }),
            "email",
            json!("Ada@Example.test"),
        ),
        (json!({ "email": "nobody" }), "email", Value::Null),
        (
            json!({ "name": "Ada", "firstName": "A" }),
            "name",
            json!("Ada"),
        ),
        (
            json!({ "first_name": "Ada", "lastName": "L" }),
            "name",
            json!("Ada L"),
        ),
        (json!({ "last_name": "L" }), "name", json!("L")),
        (
            json!({ "phone": "+353 (87) 123-4567" }),
            "phone",
            json!("+353871234567"),
        ),
        (
            json!({ "phone": "00353871234567" }),
            "phone",
            json!("+353871234567"),
        ),
        (json!({ "phone": 4_012_229_047_u64 }), "phone", Value::Null),
        (
            json!({ "avatar": "https://a.test/a.png" }),
            "avatar",
            json!("https://a.test/a.png"),
        ),
        (json!({ "avatar": "a.png" }), "avatar", Value::Null),
        (
            json!({ "createdAt": 1_363_902_294_011_u64 }),
            "signed_up_at",
            json!(1_363_902_294),
        ),
        (
            json!({ "created": "2014-01-01" }),
            "signed_up_at",
            json!(1_388_534_400),
        ),
        (
            json!({ "createdAt": null, "created_at": "1388534400" }),
            "signed_up_at",
            json!(1_388_534_400),
        ),
        (json!({ "createdAt": "soon" }), "signed_up_at", Value::Null),
        (json!({ "createdAt": -5 }), "signed_up_at", Value::Null),
        (
            json!({ "name": "ä".repeat(300) }),
            "name",
            json!("ä".repeat(255)),
        ),
        (
            json!({ "unsubscribedFromEmails": "true" }),
            "unsubscribed_from_emails",
            json!(true),
        ),
        (
            json!({ "unsubscribed_from_emails": false }),
            "unsubscribed_from_emails",
            json!(false),
        ),
    ] {
        assert_eq!(contact(traits.clone())[field], expected, "{traits}");
    }
}

#[test]
fn the_rest_are_custom_attributes() {
    let traits = json!({
        "plan": "pro", "seats": 4, "ratio": 0.5, "vip": true, "gone": null, "trialEnds": "2024-04-01",
        "last_order_at": 1_711_929_600_000_u64, "user_hash": "secret", "id": "u-1", "a.b$c": 1, "": 2,
    });
    let expected = json!({
        "plan": "pro", "seats": 4, "ratio": 0.5, "vip": true, "gone": null, "trialEnds_at": 1_711_929_600,
        "last_order_at": 1_711_929_600, "a_b_c": 1,
    });
    assert_eq!(contact(traits)["custom_attributes"], expected);
}

#[test]
fn what_intercom_cannot_hold_is_cut_or_left_out_with_a_warning() {
    let long = "ä".repeat(300);
    let event =
        identify(json!({ "bio": long, long: 1, "tags": ["a"], "phone": "call me", "company": {} }));
    let contact = first_step(&event, &json!({}));
    assert_eq!(
        contact["custom_attributes"],
        json!({ "bio": "ä".repeat(255) })
    );
    let warnings = warnings(&event, &json!({}));
    let codes: Vec<&str> = warnings
        .iter()
        .filter_map(|warning| Some(warning.split_once(':')?.0))
        .collect();
    let expected = [
        "nested_left_out",
        "text_cut",
        "attribute_left_out",
        "field_left_out",
        "company_left_out",
    ];
    assert_eq!(codes, expected);
}

#[test]
fn a_field_that_cannot_be_is_left_out_with_a_warning() {
    for (name, value) in [
        ("email", json!("nobody")),
        ("avatar", json!({ "url": "https://a.test/a.png" })),
        ("phone", json!("call me")),
        ("createdAt", json!("soon")),
    ] {
        let warned = warnings(&identify(json!({ name: value })), &json!({}));
        let expected = format!("field_left_out: Intercom cannot take the value of: {name}.");
        assert_eq!(warned, [expected]);
    }
    assert!(
        warnings(
            &identify(json!({ "email": "", "avatar": null, "createdAt": " ", "phone": "" })),
            &json!({})
        )
        .is_empty()
    );
}

#[test]
fn there_are_as_many_attributes_as_intercom_holds() {
    let traits: Value = (0..300)
        .map(|number| (format!("k{number}"), json!(number)))
        .collect();
    assert_eq!(
        contact(traits)["custom_attributes"]
            .as_object()
            .unwrap()
            .len(),
        250
    );
}

#[test]
fn last_seen_is_what_was_said_or_now_unless_they_were_not_there() {
    let said = json!({ "lastRequestAt": "2024-02-01" });
    for (context, traits, settings, expected) in [
        (json!({}), json!({}), json!({}), json!(1_795_215_922)),
        (
            json!({ "active": true }),
            said.clone(),
            json!({}),
            json!(1_706_745_600),
        ),
        (
            json!({ "active": false }),
            said.clone(),
            json!({}),
            Value::Null,
        ),
        (
            json!({}),
            json!({}),
            json!({ "update_last_seen": false }),
            Value::Null,
        ),
        (
            json!({}),
            said,
            json!({ "update_last_seen": false }),
            json!(1_706_745_600),
        ),
    ] {
        let event = json!({
            "type": "identify", "userId": "u-1", "timestamp": "2026-11-20T23:05:22Z", "context": context,
            "traits": traits,
        });
        assert_eq!(
            first_step(&event, &settings)["last_seen_at"],
            expected,
            "{event} {settings}"
        );
    }
}

#[test]
fn unsubscribing_is_said_in_any_of_four_places_and_for_intercom_first() {
    let key = "unsubscribedFromEmails";
    for event in [
        json!({ "integrations": { "Intercom": { key: true } } }),
        json!({ "context": { "Intercom": { key: true } }, "traits": { key: false } }),
        json!({ "context": { key: true } }),
        json!({ "context": { "traits": { key: true } } }),
    ] {
        let mut event = event;
        event["type"] = json!("identify");
        event["userId"] = json!("u-1");
        assert_eq!(
            first_step(&event, &json!({}))["unsubscribed_from_emails"],
            json!(true),
            "{event}"
        );
    }
}

#[test]
fn circumstances_are_attributes_if_the_source_says_so() {
    let mut event = identify(json!({}));
    event["context"] = json!({
        "active": false, "ip": "203.0.113.7", "userAgent": "UA/1", "locale": "cs",
        "device": { "type": "ios", "model": "iPhone8,2", "id": "x" }, "os": { "name": "iOS" },
        "app": { "version": 3, "name": null },
    });
    let without = json!({ "role": "user", "external_id": "u-1" });
    assert_eq!(first_step(&event, &json!({})), without);
    let expected = json!({
        "last_seen_ip": "203.0.113.7", "last_seen_user_agent": "UA/1", "device_type": "ios",
        "device_model": "iPhone8,2", "os_name": "iOS", "app_version": 3,
    });
    assert_eq!(
        first_step(&event, &json!({ "include_context": true }))["custom_attributes"],
        expected
    );
}

#[test]
fn the_batch_says_what_its_events_do_not() {
    let body = json!({
        "context": { "active": false, "traits": { "email": "b@example.test", "plan": "pro" } },
        "integrations": { "Intercom": false },
        "batch": [
            { "type": "identify", "userId": "u-1", "integrations": { "Intercom": true }, "traits": { "plan": "x" } },
            { "type": "identify", "userId": "u-1" },
        ],
    });
    let received_at = "2026-11-30T12:00:00Z".parse().unwrap();
    let envelope = crate::Envelope {
        call: None,
        received_at,
    };
    let batch = crate::read(body.to_string().as_bytes(), envelope).unwrap();
    let events: Vec<_> = batch
        .entries
        .iter()
        .map(|entry| match entry {
            crate::Entry::Event(event) => event,
            crate::Entry::Refused { .. } => panic!("it was refused"),
        })
        .collect();
    assert_eq!(events[0].email.as_deref(), Some("b@example.test"));
    assert_eq!(
        events[0].traits.get("plan").and_then(crate::Json::as_text),
        Some("x")
    );
    assert_eq!(events[0].context.active, Some(false));
    let settings = crate::SourceSettings::default();
    assert!(crate::plan(events[0], &settings).is_ok());
    assert_eq!(
        crate::plan(events[1], &settings).err(),
        Some(DropReason::NotForIntercom)
    );
}

#[test]
fn only_events_that_are_meant_for_intercom_are_told() {
    for (integrations, is_meant) in [
        (json!({}), true),
        (json!(null), true),
        (json!({ "All": false }), false),
        (json!({ "all": "false" }), false),
        (json!({ "All": false, "Intercom": true }), true),
        (
            json!({ "All": false, "INTERCOM": { "user_hash": "x" } }),
            true,
        ),
        (json!({ "All": true, "Intercom": false }), false),
        (json!({ "All": false, "Intercom": null }), false),
        (json!({ "Intercom Cloud Mode (Actions)": false }), false),
        (json!({ "Mixpanel": false }), true),
    ] {
        let mut event = identify(json!({}));
        event["integrations"] = integrations.clone();
        let expected = (!is_meant).then_some(DropReason::NotForIntercom);
        assert_eq!(
            planned(&event, &json!({})).err(),
            expected,
            "{integrations}"
        );
        // As Segment's document has it.
        event["integrations"] = json!({});
        event["context"]["integrations"] = integrations.clone();
        assert_eq!(
            planned(&event, &json!({})).err(),
            expected,
            "{integrations}"
        );
    }
}

#[test]
fn companies_are_an_object_a_name_or_a_list_and_not_too_many() {
    let acme = json!({ "company_id": "3302265675", "name": "Acme Inc" });
    for (traits, expected) in [
        (json!({ "company": "Acme Inc" }), vec![(acme.clone(), true)]),
        (
            json!({ "company": { "name": "Acme Inc", "remove": true } }),
            vec![(acme.clone(), false)],
        ),
        (
            json!({ "company": { "id": 7, "size": 3 }, "companies": ["Acme Inc", null, []] }),
            vec![
                (json!({ "company_id": "7", "size": 3 }), true),
                (acme, true),
            ],
        ),
        (json!({ "company": null, "companies": {} }), Vec::new()),
    ] {
        let plan = planned(&identify(traits.clone()), &json!({})).unwrap();
        let companies = plan.steps[1..].iter().map(|step| match step {
            Step::Company { company, member } => (json!(company), member.unwrap()),
            _ => panic!("it is no company"),
        });
        assert_eq!(companies.collect::<Vec<_>>(), expected, "{traits}");
    }
    let many = identify(json!({ "companies": vec!["Acme"; 5_000] }));
    assert_eq!(planned(&many, &json!({})).unwrap().steps.len(), 21);
}

#[test]
fn names_that_grow_with_each_level_cost_no_more_than_their_event() {
    let leaves: Value = (0..3_000)
        .map(|number| (format!("{number}"), json!(1)))
        .collect();
    let nested = (0..60).fold(leaves, |inner, _| json!({ "x".repeat(500): inner }));
    let contact = first_step(
        &identify(json!({ "deep": nested })),
        &json!({ "nested": "flatten" }),
    );
    assert_eq!(contact.get("custom_attributes"), None);
}

#[test]
fn more_companies_than_are_told_are_warned_of() {
    for (number, expected) in [(20, vec![]), (21, vec![Warning::CompaniesCut])] {
        let companies: Vec<_> = (0..number).map(|id| json!({ "id": id })).collect();
        let plan = planned(&identify(json!({ "companies": companies })), &json!({})).unwrap();
        assert_eq!(plan.steps.len(), 1 + 20);
        assert_eq!(plan.warnings, expected);
    }
}
