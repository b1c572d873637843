//! What single keys say: ids, moments, calls, yes and no. Something else than that says nothing.

use jiff::Timestamp;

use crate::json::{FromParts, Json};
use crate::{Call, date};

/// An id or a name: text, or a number.
#[derive(Default)]
pub(super) struct Text(pub(super) Option<String>);

impl FromParts<'_> for Text {
    fn from_text(text: &str) -> Self {
        let text = text.trim();
        Self((!text.is_empty()).then(|| text.to_owned()))
    }

    fn from_scalar(value: Json) -> Self {
        Self(value.to_text())
    }
}

/// A time.
#[derive(Default)]
pub(super) struct Moment(pub(super) Option<Timestamp>);

impl FromParts<'_> for Moment {
    fn from_text(text: &str) -> Self {
        Self(date::of_text(text.trim()))
    }

    fn from_scalar(value: Json) -> Self {
        Self(date::moment(&value))
    }
}

/// Which call an event is.
#[derive(Default, Clone, Copy)]
pub(super) enum Kind {
    /// It does not say.
    #[default]
    Unsaid,
    /// One of ours.
    Known(Call),
    /// Something else.
    Other,
}

impl FromParts<'_> for Kind {
    fn from_text(text: &str) -> Self {
        match text.trim() {
            "" => Self::Unsaid,
            name => Call::from_name(name).map_or(Self::Other, Self::Known),
        }
    }
}

/// Yes or no.
#[derive(Default)]
pub(super) struct Flag(pub(super) Option<bool>);

impl FromParts<'_> for Flag {
    fn from_text(text: &str) -> Self {
        Self(crate::json::flag(text))
    }

    fn from_scalar(value: Json) -> Self {
        Self(value.as_flag())
    }
}
