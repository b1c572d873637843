//! A plan as JSON, to compare it with what a table says.

use serde_json::{Map, Value, json};
use tracking::{DropReason, Entry, Envelope, Plan, SourceSettings, Step};

/// When all events of the tables are received.
const RECEIVED_AT: &str = "2026-11-30T12:00:00Z";

/// What becomes of an event: the steps and the warnings' codes, or the reason why nothing does.
pub(crate) fn outcome(event: &Value, settings: &SourceSettings) -> Value {
    let envelope = Envelope {
        call: None,
        received_at: RECEIVED_AT.parse().unwrap(),
    };
    let batch = tracking::read(event.to_string().as_bytes(), envelope).unwrap();
    match batch.entries.first().unwrap() {
        Entry::Event(event) => match tracking::plan(event, settings) {
            Ok(plan) => shown(&plan),
            Err(reason) => dropped(reason),
        },
        Entry::Refused { reason, .. } => dropped(*reason),
    }
}

fn dropped(reason: DropReason) -> Value {
    json!({ "dropped": reason.code() })
}

fn shown(plan: &Plan) -> Value {
    let mut shown = Map::new();
    let person = &plan.person;
    for (name, id) in [
        ("external_id", &person.external_id),
        ("email", &person.email),
    ] {
        if let Some(id) = id {
            shown.insert(name.to_owned(), id.as_str().into());
        }
    }
    for step in &plan.steps {
        let (kind, told) = match step {
            Step::Contact(contact) => ("contact", json!(contact)),
            Step::Company { company, member } => {
                let mut told = json!(company);
                told["member"] = json!(member);
                ("companies", told)
            }
            Step::Event(event) => ("event", json!(event)),
            Step::Alias {
                previous_id,
                user_id,
            } => (
                "alias",
                json!({ "previous_id": previous_id, "user_id": user_id }),
            ),
        };
        if kind == "companies" {
            let companies = shown.entry(kind).or_insert_with(|| json!([]));
            companies.as_array_mut().unwrap().push(told);
        } else {
            shown.insert(kind.to_owned(), told);
        }
    }
    let codes: Vec<&str> = plan.warnings.iter().map(tracking::Warning::code).collect();
    if !codes.is_empty() {
        shown.insert("warnings".to_owned(), json!(codes));
    }
    Value::Object(shown)
}
