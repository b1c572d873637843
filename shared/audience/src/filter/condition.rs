//! One condition.

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::Facts;
use super::field::{Field, Kind};
use super::value::{Value, folded, time_of};

/// Longest text that an audience names, bytes.
const MAX_TEXT: usize = 1_024;

/// Most values of `in`.
const MAX_VALUES: usize = 200;

/// Longest time that `within_days` looks back, days.
const MAX_DAYS: i64 = 3_650;

/// A field, an operator, and what it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is asked.
    pub field: Field,
    /// How.
    pub operator: Operator,
    /// With what.
    value: Json,
}

/// How a field is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// A value is equal.
    Equal,
    /// No value is equal.
    NotEqual,
    /// A value is greater, or later.
    Greater,
    /// A value is smaller, or earlier.
    Less,
    /// A text holds this one.
    Contains,
    /// A text begins with this one.
    StartsWith,
    /// There is a value, or with `false` none.
    IsSet,
    /// A moment lies in the last so many days.
    WithinDays,
    /// A value is among these.
    In,
}

impl Operator {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Equal, "="),
        (Self::NotEqual, "!="),
        (Self::Greater, ">"),
        (Self::Less, "<"),
        (Self::Contains, "contains"),
        (Self::StartsWith, "starts_with"),
        (Self::IsSet, "is_set"),
        (Self::WithinDays, "within_days"),
        (Self::In, "in"),
    ];

    /// As an audience spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(operator, _)| *operator == self);
        found.map_or("", |(_, name)| name)
    }
}

impl Condition {
    pub(super) fn parse(fields: &Map<String, Json>) -> Result<Self, String> {
        if let Some(other) = fields
            .keys()
            .find(|key| !["field", "op", "value"].contains(&key.as_str()))
        {
            let other: String = other.chars().take(40).collect();
            return Err(format!("has `{other}`, which means nothing here"));
        }
        let text = |name: &str| {
            let text = fields.get(name).and_then(Json::as_str);
            text.ok_or_else(|| format!("has no `{name}`"))
        };
        let field: Field = text("field")?.parse()?;
        let operator = text("op")?;
        let operator = Operator::ALL.iter().find(|(_, name)| *name == operator);
        let (operator, _) = operator.ok_or_else(|| {
            let names: Vec<_> = Operator::ALL.iter().map(|(_, name)| *name).collect();
            format!("`op` is none of {}", names.join(", "))
        })?;
        let value = fields.get("value").cloned().unwrap_or(Json::Null);
        let condition = Self {
            field,
            operator: *operator,
            value,
        };
        condition.check()?;
        Ok(condition)
    }

    /// Whether the value suits the field and the operator.
    fn check(&self) -> Result<(), String> {
        match self.operator {
            Operator::IsSet => match &self.value {
                Json::Null | Json::Bool(_) => Ok(()),
                _ => Err("`is_set` takes true, false or no value".to_owned()),
            },
            Operator::WithinDays => match (self.field.kind(), self.value.as_i64()) {
                (Kind::Time | Kind::Unknown, Some(days)) if (1..=MAX_DAYS).contains(&days) => {
                    Ok(())
                }
                (Kind::Time | Kind::Unknown, _) => {
                    Err(format!("`within_days` takes 1 to {MAX_DAYS} days"))
                }
                _ => Err(format!("`{}` is no time", self.field)),
            },
            Operator::In => match &self.value {
                Json::Array(values) if (1..=MAX_VALUES).contains(&values.len()) => {
                    values.iter().try_for_each(|value| self.check_value(value))
                }
                _ => Err(format!("`in` takes a list of 1 to {MAX_VALUES} values")),
            },
            Operator::Contains | Operator::StartsWith => match (self.field.kind(), &self.value) {
                (Kind::Text | Kind::Unknown, Json::String(text)) if !text.is_empty() => {
                    self.check_value(&self.value)
                }
                (Kind::Text | Kind::Unknown, _) => Err("takes a text".to_owned()),
                _ => Err(format!("`{}` is no text", self.field)),
            },
            Operator::Greater | Operator::Less if self.field.kind() == Kind::Flag => {
                Err(format!("`{}` is yes or no", self.field))
            }
            _ => self.check_value(&self.value),
        }
    }

    fn check_value(&self, value: &Json) -> Result<(), String> {
        let fits = match (self.field.kind(), value) {
            (_, Json::String(text)) if text.len() > MAX_TEXT => {
                return Err(format!("a text has at most {MAX_TEXT} bytes"));
            }
            (Kind::Text, Json::String(_)) | (Kind::Number, Json::Number(_)) => true,
            (Kind::Flag, Json::Bool(_)) => true,
            (Kind::Time, value) => time_of(value).is_some(),
            (Kind::Unknown, Json::String(_) | Json::Number(_) | Json::Bool(_)) => true,
            _ => false,
        };
        let wanted = match self.field.kind() {
            Kind::Text => "a text",
            Kind::Number => "a number",
            Kind::Flag => "true or false",
            Kind::Time => "a time: ISO 8601 or Unix seconds",
            Kind::Unknown => "a text, a number, true or false",
        };
        fits.then_some(())
            .ok_or_else(|| format!("`{}` takes {wanted}", self.field))
    }

    pub(super) fn holds(&self, facts: &impl Facts, now: Timestamp) -> bool {
        let values = facts.values(&self.field);
        let is = |value: &Value, ordering| self.compare(value, &self.value) == Some(ordering);
        match self.operator {
            Operator::IsSet => values.is_empty() != (self.value != Json::Bool(false)),
            Operator::Equal => values.iter().any(|value| is(value, Ordering::Equal)),
            // Whoever has no value has none that is equal.
            Operator::NotEqual => !values.iter().any(|value| is(value, Ordering::Equal)),
            Operator::Greater => values.iter().any(|value| is(value, Ordering::Greater)),
            Operator::Less => values.iter().any(|value| is(value, Ordering::Less)),
            Operator::Contains => self.in_text(&values, |text, named| text.contains(named)),
            Operator::StartsWith => self.in_text(&values, |text, named| text.starts_with(named)),
            Operator::WithinDays => {
                let days = self.value.as_i64().unwrap_or_default();
                let since = now.checked_sub(SignedDuration::from_hours(24 * days));
                values
                    .iter()
                    .filter_map(|value| self.time(value))
                    .any(|at| since.as_ref().is_ok_and(|since| at >= *since) && at <= now)
            }
            Operator::In => self.value.as_array().is_some_and(|named| {
                let equals = |value: &Value| {
                    let same = |named| self.compare(value, named) == Some(Ordering::Equal);
                    named.iter().any(same)
                };
                values.iter().any(equals)
            }),
        }
    }

    fn in_text(&self, values: &[Value], holds: impl Fn(&str, &str) -> bool) -> bool {
        let named = folded(self.value.as_str().unwrap_or_default());
        let mut texts = values.iter().filter_map(Value::text);
        texts.any(|text| holds(&folded(text), &named))
    }

    /// Compares; an attribute whose name ends in `_at` holds a time as Unix seconds, as Intercom has it.
    fn compare(&self, value: &Value, named: &Json) -> Option<Ordering> {
        match (self.is_dated(), value, named) {
            (true, Value::Number(_), Json::String(_)) => {
                Some(self.time(value)?.cmp(&time_of(named)?))
            }
            _ => value.compare(named),
        }
    }

    fn is_dated(&self) -> bool {
        match &self.field {
            Field::Custom(name) | Field::CompanyCustom(name) => name.ends_with("_at"),
            _ => false,
        }
    }

    fn time(&self, value: &Value) -> Option<Timestamp> {
        match value {
            Value::Time(at) => Some(*at),
            #[allow(clippy::cast_possible_truncation)] // `as` saturates, and jiff refuses the rest.
            Value::Number(seconds) => Timestamp::from_second(*seconds as i64).ok(),
            Value::Text(text) => text.trim().parse().ok(),
            Value::Flag(_) => None,
        }
    }

    pub(super) fn to_json(&self) -> Json {
        let mut json = json!({ "field": self.field.to_string(), "op": self.operator.name() });
        if self.value != Json::Null {
            json["value"] = self.value.clone();
        }
        json
    }
}
