//! A JSON value as clients send it: objects keep the order of their keys, since Intercom keeps the first ten.

mod fields;
mod read;

pub use fields::Fields;
pub(crate) use read::{FromParts, Known, Sent};

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// A value of any kind. No `Debug`: most of it is personal data.
///
/// The stored form names kinds by their place here, so a new one comes last.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub enum Json {
    /// `null`, and whatever JSON has no word for, such as `NaN`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number; finite.
    Real(f64),
    /// Text. Also a whole number that is too large for the others, with all its digits.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object.
    Object(Fields),
}

/// Yes or no in words.
pub(crate) fn flag(text: &str) -> Option<bool> {
    match text.trim() {
        word if word.eq_ignore_ascii_case("true") => Some(true),
        word if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

impl Json {
    /// The text; `None` for every other kind.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The object's fields; `None` for every other kind.
    #[must_use]
    pub fn as_fields(&self) -> Option<&Fields> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// Yes or no, also in words: forms and spreadsheets send `"true"`.
    #[must_use]
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            Self::Text(text) => flag(text),
            _ => None,
        }
    }

    /// A number, also in digits, with a dollar sign before them or not, as Segment takes amounts.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Integer(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            Self::Text(text) => {
                let digits = text.trim().trim_start_matches('$');
                digits
                    .parse()
                    .ok()
                    .filter(|number: &f64| number.is_finite())
            }
            _ => None,
        }
    }

    /// Text or a number as text, trimmed; `None` when empty. Ids and names are often sent as numbers.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.trim())
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
            Self::Integer(number) => Some(number.to_string()),
            Self::Real(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A value without parts, as Intercom takes it; `None` for lists and objects.
    #[must_use]
    pub(crate) fn to_scalar(&self) -> Option<Value> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(flag) => Value::Bool(*flag),
            Self::Integer(number) => Value::Number((*number).into()),
            Self::Real(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
            Self::Text(text) => Value::String(text.clone()),
            Self::List(_) | Self::Object(_) => return None,
        })
    }
}
