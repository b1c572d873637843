//! A value of a field, and how it compares with what an audience names.

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value as Json;

/// A value that somebody has in a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Time(Timestamp),
}

impl Value {
    /// The value of an attribute of the workspace's own; `None` for what no attribute holds.
    #[must_use]
    pub fn of_attribute(json: &Json) -> Option<Self> {
        match json {
            Json::String(text) if text.is_empty() => None,
            Json::String(text) => Some(Self::Text(text.clone())),
            Json::Number(number) => number.as_f64().map(Self::Number),
            Json::Bool(flag) => Some(Self::Flag(*flag)),
            _ => None,
        }
    }

    /// How it compares with a value that an audience names; `None` when the two have nothing in common.
    pub(crate) fn compare(&self, named: &Json) -> Option<Ordering> {
        match self {
            Self::Text(text) => match named {
                Json::String(named) => Some(folded(text).cmp(&folded(named))),
                Json::Number(named) => text
                    .trim()
                    .parse::<f64>()
                    .ok()?
                    .partial_cmp(&named.as_f64()?),
                _ => None,
            },
            Self::Number(number) => number.partial_cmp(&number_of(named)?),
            Self::Flag(flag) => Some(flag.cmp(&flag_of(named)?)),
            Self::Time(at) => Some(at.cmp(&time_of(named)?)),
        }
    }

    /// As text, for what looks into it.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Text as it is compared: without regard to case and blanks around it, as Intercom does.
pub(crate) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

fn number_of(named: &Json) -> Option<f64> {
    match named {
        Json::Number(number) => number.as_f64(),
        Json::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn flag_of(named: &Json) -> Option<bool> {
    match named {
        Json::Bool(flag) => Some(*flag),
        Json::String(text) => match folded(text).as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// ISO 8601, a day of it (its beginning, UTC), or Unix seconds.
pub(crate) fn time_of(named: &Json) -> Option<Timestamp> {
    match named {
        Json::Number(seconds) => Timestamp::from_second(seconds.as_i64()?).ok(),
        Json::String(text) => {
            let text = text.trim();
            let day = || format!("{text}T00:00:00Z").parse().ok();
            text.parse().ok().or_else(day)
        }
        _ => None,
    }
}
