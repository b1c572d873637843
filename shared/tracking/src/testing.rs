//! What the tests of calls share.

use serde_json::Value;

use crate::{DropReason, Entry, Envelope, Plan, SourceSettings, Step, TrackedEvent, plan, read};

/// The event of this JSON.
pub(crate) fn event(json: &Value) -> TrackedEvent {
    let received_at = "2026-11-30T12:00:00Z".parse().unwrap();
    let call = None;
    let batch = read(json.to_string().as_bytes(), Envelope { call, received_at }).unwrap();
    match batch.entries.into_iter().next() {
        Some(Entry::Event(event)) => event,
        _ => panic!("it was refused"),
    }
}

/// What becomes of it.
pub(crate) fn planned(json: &Value, settings: &Value) -> Result<Plan, DropReason> {
    plan(&event(json), &SourceSettings::parse(settings).unwrap())
}

/// The step that becomes of it first, as JSON.
pub(crate) fn first_step(json: &Value, settings: &Value) -> Value {
    match planned(json, settings).unwrap().steps.into_iter().next() {
        Some(Step::Contact(contact)) => serde_json::to_value(contact).unwrap(),
        Some(Step::Company { company, .. }) => serde_json::to_value(company).unwrap(),
        Some(Step::Event(event)) => serde_json::to_value(event).unwrap(),
        Some(Step::Alias { .. }) | None => panic!("it has no body"),
    }
}

/// The codes of what is warned of.
pub(crate) fn warnings(json: &Value, settings: &Value) -> Vec<String> {
    let plan = planned(json, settings).unwrap();
    let warnings = plan.warnings.iter();
    warnings
        .map(|warning| format!("{}: {warning}", warning.code()))
        .collect()
}
