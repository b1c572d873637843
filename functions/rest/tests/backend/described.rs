//! The description of the API, `docs/openapi.yaml`, is whole: every route, every field, every answer.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use test_support::{Call, Description, QueueName};

use crate::Backend;
use crate::api::Taken;

/// What the function `record` answers with the secret key; its tests hold it against the description as well.
const OF_RECORD: [(&str, &str); 6] = [
    ("GET", "/v1/people"),
    ("GET", "/v1/people/{person_id}"),
    ("DELETE", "/v1/people"),
    ("GET", "/v1/people/erasure-preview"),
    ("POST", "/v1/identity-tokens"),
    ("GET", "/v1/identity-keys"),
];

/// Fields that are missing where there is nothing to say, which is said on the page.
const OPTIONAL: [&str; 1] = ["write_key"];

/// Objects whose fields a workspace chooses, or that come in one by one.
const FREE: [&str; 3] = ["custom_attributes", "metadata", "parts"];

fn routes() -> BTreeSet<(String, String)> {
    let routes = rest::ROUTES.iter();
    let routes = routes.map(|(method, path)| ((*method).to_owned(), (*path).to_owned()));
    routes.collect()
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let others = OF_RECORD.map(|(method, path)| (method.to_owned(), path.to_owned()));
    let described = Description::of_the_api().operations();
    let expected: BTreeSet<_> = routes().into_iter().chain(others).collect();
    assert_eq!(described, expected);
}

#[test]
fn its_examples_are_what_its_schemas_say_and_answers_leave_nothing_open() {
    let faults = Description::of_the_api().faults(&OPTIONAL);
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_field_and_every_word_stands_on_the_page() {
    // The settings of a source have a page of their own, to which the first leads.
    let page = include_str!("../../../../docs/api.md").to_owned();
    let page = page + include_str!("../../../../docs/sources.md");
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let on_page: BTreeSet<&str> = page.split(|c| !is_part(c)).collect();
    let description = Description::of_the_api();
    let names = description.fields().into_iter().chain(description.words());
    let missing = names.filter(|name| !on_page.contains(name.as_str()));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new());
}

#[tokio::test]
async fn every_route_answers_as_described_with_nothing_left_null() {
    let taken = everything_taken().await;
    let asked: BTreeSet<_> = taken.keys().cloned().collect();
    assert_eq!(asked, routes(), "each was asked, and answered");

    // A field that is null in every answer could be of any type.
    let mut nulls = BTreeSet::new();
    let mut known = BTreeSet::new();
    for ((method, path), exchanges) in &taken {
        let at = format!("{method} {path}");
        for exchange in exchanges {
            tell(&at, &exchange.answered, &mut nulls, &mut known);
        }
    }
    let unknown: Vec<_> = nulls.difference(&known).map(String::as_str).collect();
    assert_eq!(
        unknown,
        [
            // All sources stand on one page.
            "GET /v1/sources next_cursor",
            // A new source allows every event.
            "POST /v1/sources settings events allow",
            "POST /v1/sources/{source_id}/keys settings events allow",
        ]
    );
}

#[tokio::test]
async fn an_answer_with_a_field_more_or_less_is_none_that_is_described() {
    let description = Description::of_the_api();
    for ((method, path), exchanges) in everything_taken().await {
        let exchange = &exchanges[0];
        let is_described = |answered: &Value| {
            let found = description.violations(&Call {
                method: &method,
                target: &path,
                sent: &exchange.sent,
                status: exchange.status,
                answered,
            });
            found.is_empty()
        };
        assert!(is_described(&exchange.answered), "{method} {path}");
        let spoilt = spoilt(&exchange.answered);
        assert!(spoilt.len() > 1, "{method} {path}");
        for answer in spoilt {
            assert!(!is_described(&answer), "{method} {path}: {answer}");
        }
    }
}

#[tokio::test]
async fn what_fails_on_our_side_is_described_too() {
    let backend = Backend::start().await;
    backend.stack.calls.fail_next("GetItem");
    let (status, failed) = backend.get("/v1/problems").await;
    let code = &failed["error"]["code"];
    assert_eq!((status, code), (503, &json!("unavailable")));
}

/// Every route, asked and answered by a backend that has one of everything.
async fn everything_taken() -> Taken {
    let backend = Backend::start().await;
    Box::pin(backend.fill()).await;
    Box::pin(backend.ask_everything()).await;
    backend.stack.queues.take(QueueName::Deliver);
    backend.stack.queues.take(QueueName::Sync);
    backend.api.taken()
}

/// An answer with one field too many, or one too few, in each place that has fields.
fn spoilt(answer: &Value) -> Vec<Value> {
    match answer {
        Value::Object(fields) => {
            let with = |name: &str, value: Value| {
                let mut changed = fields.clone();
                changed.insert(name.to_owned(), value);
                Value::Object(changed)
            };
            let mut all = vec![with("undescribed", Value::Null)];
            for (name, value) in fields {
                if !(value.is_object() && FREE.contains(&name.as_str())) {
                    all.extend(spoilt(value).into_iter().map(|value| with(name, value)));
                }
                if !OPTIONAL.contains(&name.as_str()) {
                    let mut less = fields.clone();
                    less.remove(name);
                    all.push(Value::Object(less));
                }
            }
            all
        }
        Value::Array(values) => {
            let Some((first, others)) = values.split_first() else {
                return Vec::new();
            };
            let with = |first| Value::Array([vec![first], others.to_vec()].concat());
            spoilt(first).into_iter().map(with).collect()
        }
        _ => Vec::new(),
    }
}

/// Which fields of an answer are null, and which are not.
fn tell(at: &str, answer: &Value, nulls: &mut BTreeSet<String>, known: &mut BTreeSet<String>) {
    match answer {
        Value::Object(fields) => {
            for (name, value) in fields {
                let at = format!("{at} {name}");
                match value {
                    Value::Null => nulls.insert(at.clone()),
                    _ => known.insert(at.clone()),
                };
                tell(&at, value, nulls, known);
            }
        }
        Value::Array(values) => values
            .iter()
            .for_each(|value| tell(at, value, nulls, known)),
        _ => {}
    }
}
