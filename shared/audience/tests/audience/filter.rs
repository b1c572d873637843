//! Who is meant.

use audience::Filter;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use crate::person::{NOW, Person, ada, time};

fn is_meant(audience: &Json) -> bool {
    let filter = Filter::parse(audience).unwrap();
    filter.matches(&ada(), time(NOW))
}

#[test]
fn each_operator_asks_what_its_name_says() {
    for (field, op, value, expected) in [
        ("email", "=", json!("ADA@engine.example"), true),
        ("email", "!=", json!("ada@engine.example"), false),
        ("phone", "!=", json!("1"), true),
        ("phone", "=", json!("1"), false),
        ("name", "contains", json!("king"), true),
        ("name", "starts_with", json!("king"), false),
        ("name", "starts_with", json!("Ada"), true),
        ("email", "is_set", json!(true), true),
        ("email", "is_set", Json::Null, true),
        ("phone", "is_set", json!(false), true),
        ("phone", "is_set", json!(true), false),
        ("tag", "=", json!("vip"), true),
        ("tag", "!=", json!("vip"), false),
        ("tag", "in", json!(["other", "beta"]), true),
        ("tag", "in", json!(["other"]), false),
        ("segment", "is_set", json!(true), false),
        ("company.plan", "=", json!("free"), true),
        ("company.monthly_spend", ">", json!(49), true),
        ("company.monthly_spend", ">", json!(49.5), false),
        ("company.monthly_spend", "<", json!(50), true),
        ("custom.seats", "=", json!(12), true),
        ("custom.seats", "=", json!("12"), true),
        ("custom.seats", ">", json!(12), false),
        ("custom.trial_ends_at", ">", json!("2026-11-01"), true),
        ("custom.trial_ends_at", "within_days", json!(30), true),
        ("custom.nothing", "<", json!(1), false),
        ("unsubscribed_from_emails", "=", json!(false), true),
        ("signed_up_at", "<", json!("2026-10-02"), true),
        ("signed_up_at", ">", json!(1_790_000_000), true),
        ("signed_up_at", "within_days", json!(30), false),
        ("last_seen_at", "within_days", json!(2), true),
        ("rage_clicks_7d", ">", json!(2), true),
        ("sessions_30d", "is_set", json!(false), true),
        ("problem", "in", json!(["f1", "f2"]), true),
    ] {
        let mut asked = json!({ "field": field, "op": op });
        if value != Json::Null {
            asked["value"] = value;
        }
        assert_eq!(is_meant(&asked), expected, "{asked}");
    }
}

#[test]
fn groups_lie_in_groups() {
    let yes = json!({ "field": "tag", "op": "=", "value": "vip" });
    let no = json!({ "field": "tag", "op": "=", "value": "other" });
    for (audience, expected) in [
        (json!({ "all": [yes, yes] }), true),
        (json!({ "all": [yes, no] }), false),
        (json!({ "any": [no, yes] }), true),
        (json!({ "any": [no, no] }), false),
        (json!({ "all": [yes, { "any": [no, yes] }] }), true),
        (json!({ "any": [no, { "all": [yes, no] }] }), false),
    ] {
        assert_eq!(is_meant(&audience), expected, "{audience}");
    }
}

#[test]
fn what_is_no_audience_is_told_where_and_why() {
    let deep = (0..6).fold(
        json!({ "field": "email", "op": "is_set" }),
        |inner, _| json!({ "all": [inner] }),
    );
    let many: Vec<_> = (0..51)
        .map(|_| json!({ "field": "email", "op": "is_set" }))
        .collect();
    for (audience, told) in [
        (json!(null), "audience: is no object"),
        (json!({}), "audience: has no `field`"),
        (json!({ "all": [] }), "audience.all: is empty"),
        (json!({ "all": 7 }), "audience.all: is no list"),
        (
            json!({ "all": [], "any": [] }),
            "audience: says more than `all` or `any`",
        ),
        (
            json!({ "all": [{ "any": [{ "op": "=" }] }] }),
            "audience.all[0].any[0]: has no `field`",
        ),
        (json!({ "field": "email" }), "audience: has no `op`"),
        (
            json!({ "field": "email", "op": "~", "value": "a" }),
            "audience: `op` is none of =, !=, >, <, contains, starts_with, is_set, within_days, in",
        ),
        (
            json!({ "field": "shoe", "op": "=", "value": "a" }),
            "audience: there is no such field; see the list in docs/messages.md",
        ),
        (
            json!({ "field": "email", "op": "=", "value": 7 }),
            "audience: `email` takes a text",
        ),
        (
            json!({ "field": "email", "op": "=" }),
            "audience: `email` takes a text",
        ),
        (
            json!({ "field": "sessions_30d", "op": ">", "value": "7" }),
            "audience: `sessions_30d` takes a number",
        ),
        (
            json!({ "field": "created_at", "op": ">", "value": "soon" }),
            "audience: `created_at` takes a time: ISO 8601 or Unix seconds",
        ),
        (
            json!({ "field": "email", "op": "within_days", "value": 7 }),
            "audience: `email` is no time",
        ),
        (
            json!({ "field": "created_at", "op": "within_days", "value": 0 }),
            "audience: `within_days` takes 1 to 3650 days",
        ),
        (
            json!({ "field": "has_hard_bounced", "op": ">", "value": true }),
            "audience: `has_hard_bounced` is yes or no",
        ),
        (
            json!({ "field": "tag", "op": "in", "value": [] }),
            "audience: `in` takes a list of 1 to 200 values",
        ),
        (
            json!({ "field": "tag", "op": "=", "value": "a", "not": true }),
            "audience: has `not`, which means nothing here",
        ),
        (
            deep,
            "audience.all[0].all[0].all[0].all[0].all[0]: lies deeper than 5 groups",
        ),
        (
            json!({ "all": many }),
            "audience.all[50]: is more than 50 conditions",
        ),
    ] {
        let error = Filter::parse(&audience).unwrap_err();
        assert_eq!(error.to_string(), told);
    }
}

proptest! {
    /// Whatever JSON comes, it is read or refused; what was read says the same when it is written and read
    /// again.
    #[test]
    fn any_json_is_an_audience_or_an_error(json in json_like()) {
        if let Ok(filter) = Filter::parse(&json) {
            prop_assert_eq!(&Filter::parse(&filter.to_json()).unwrap(), &filter);
            let _ = filter.matches(&ada(), time(NOW));
            let _ = filter.matches(&Person::default(), time(NOW));
        }
    }
}

fn json_like() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        ".{0,8}".prop_map(Json::from),
    ];
    let fields = [
        "email",
        "tag",
        "custom.a_at",
        "company.size",
        "sessions_30d",
        "created_at",
    ];
    let operators = [
        "=",
        "!=",
        ">",
        "<",
        "contains",
        "starts_with",
        "is_set",
        "within_days",
        "in",
    ];
    let value = prop_oneof![
        leaf.clone(),
        prop::collection::vec(leaf, 0..3).prop_map(Json::from)
    ];
    let condition = (
        prop::sample::select(fields.to_vec()),
        prop::sample::select(operators.to_vec()),
        value,
    )
        .prop_map(|(field, op, value)| json!({ "field": field, "op": op, "value": value }));
    condition.prop_recursive(4, 20, 4, |inner| {
        (any::<bool>(), prop::collection::vec(inner, 1..4)).prop_map(|(all, list)| {
            if all {
                json!({ "all": list })
            } else {
                json!({ "any": list })
            }
        })
    })
}
