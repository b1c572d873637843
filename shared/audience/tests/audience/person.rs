//! Somebody of whom something is known.

use audience::{CompanyField, Facts, Field, OwnField, Signal, Value};
use jiff::Timestamp;

pub(crate) const NOW: &str = "2026-11-20T12:00:00Z";

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[derive(Default)]
pub(crate) struct Person(pub(crate) Vec<(Field, Value)>);

impl Facts for Person {
    fn values(&self, field: &Field) -> Vec<Value> {
        let known = self.0.iter().filter(|(known, _)| known == field);
        known.map(|(_, value)| value.clone()).collect()
    }
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(crate) fn ada() -> Person {
    let custom = |name: &str| Field::Custom(name.to_owned());
    Person(vec![
        (Field::Own(OwnField::Name), text("Ada King Lovelace")),
        (Field::Own(OwnField::Email), text("ada@engine.example")),
        (
            Field::Own(OwnField::UnsubscribedFromEmails),
            Value::Flag(false),
        ),
        (
            Field::Own(OwnField::SignedUpAt),
            Value::Time(time("2026-10-01T00:00:00Z")),
        ),
        (
            Field::Own(OwnField::LastSeenAt),
            Value::Time(time("2026-11-19T00:00:00Z")),
        ),
        (Field::Tag, text("VIP")),
        (Field::Tag, text("Beta")),
        (Field::Company(CompanyField::Name), text("Engine & Sons")),
        (Field::Company(CompanyField::Plan), text("Pro")),
        (Field::Company(CompanyField::Plan), text("Free")),
        (
            Field::Company(CompanyField::MonthlySpend),
            Value::Number(49.5),
        ),
        (custom("seats"), Value::Number(12.0)),
        (custom("trial_ends_at"), Value::Number(1_795_176_000.0)),
        (Field::Signal(Signal::RageClicks7d), Value::Number(3.0)),
        (Field::Signal(Signal::Problem), text("f1")),
    ])
}
