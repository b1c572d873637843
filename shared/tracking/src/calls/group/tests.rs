use serde_json::{Value, json};

use crate::testing::{first_step, planned, warnings};
use crate::{DropReason, Step};

fn group(traits: Value) -> Value {
    json!({ "type": "group", "userId": "u-1", "groupId": "g-1", "traits": traits })
}

#[test]
fn a_companys_traits_are_intercoms_fields_or_attributes() {
    let event = group(json!({
        "name": "Tern & Fell", "plan": "pro", "website": "https://fell.test", "industry": "Ropes",
        "employees": "12", "monthly_spend": 99.6, "created": "2024-01-02", "tier": "gold",
        "email": "info@fell.test", "renewal": "2025-01-01", "parts": [1],
    }));
    assert_eq!(
        first_step(&event, &json!({})),
        json!({
            "company_id": "g-1", "name": "Tern & Fell", "plan": "pro", "website": "https://fell.test",
            "industry": "Ropes", "size": 12, "monthly_spend": 100, "remote_created_at": 1_704_153_600,
            "custom_attributes": { "tier": "gold", "email": "info@fell.test", "renewal_at": 1_735_689_600 },
        })
    );
    assert_eq!(
        warnings(&event, &json!({})),
        ["nested_left_out: Lists and objects were left out: parts."]
    );
}

#[test]
fn an_amount_that_intercom_cannot_hold_is_left_out_with_a_warning() {
    for amount in [json!(-1), json!(3e9), json!("much")] {
        let event = group(json!({ "monthlySpend": amount }));
        assert_eq!(
            first_step(&event, &json!({})),
            json!({ "company_id": "g-1" })
        );
        let expected = ["field_left_out: Intercom cannot take the value of: monthlySpend."];
        assert_eq!(warnings(&event, &json!({})), expected, "{amount}");
    }
}

#[test]
fn the_person_belongs_to_it_if_one_is_named() {
    for (person, expected) in [
        (json!({ "userId": "u-1" }), Some(true)),
        (
            json!({ "context": { "traits": { "email": "a@b.test" } } }),
            Some(true),
        ),
        (json!({}), None),
        // The company's own address.
        (json!({ "traits": { "email": "info@fell.test" } }), None),
        (json!({ "anonymousId": "anon-1" }), None),
    ] {
        let mut event = person;
        event["type"] = json!("group");
        event["groupId"] = json!(7);
        let plan = planned(&event, &json!({})).unwrap();
        let [Step::Company { company, member }] = plan.steps.as_slice() else {
            panic!("{} steps", plan.steps.len());
        };
        assert_eq!(
            (company.company_id.as_str(), *member),
            ("7", expected),
            "{event}"
        );
    }
}

#[test]
fn it_takes_an_id() {
    let event = json!({ "type": "group", "userId": "u-1", "traits": { "name": "Acme" } });
    assert_eq!(
        planned(&event, &json!({})).err(),
        Some(DropReason::NoCompany)
    );
}
