//! What makes a problem of one session the same as that of another.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_64;

use crate::summary::MomentKind;

/// Names a problem over sessions, people and releases: 16 lower hexadecimal digits.
///
/// ```
/// use replay::Fingerprint;
/// let fingerprint = Fingerprint::parse("00c0ffee00c0ffee").unwrap();
/// assert_eq!(fingerprint.to_string(), "00c0ffee00c0ffee");
/// assert_eq!(Fingerprint::parse("C0FFEE"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Reads its 16 digits; `None` if it is not written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_written_so = text.len() == 16 && text.bytes().all(is_digit);
        let number = u64::from_str_radix(text, 16).ok()?;
        is_written_so.then_some(Self(number))
    }

    /// Of a kind, and of what tells it from others of the kind.
    pub(crate) fn of(kind: MomentKind, parts: &[&str]) -> Self {
        let mut text = String::from(name(kind));
        for part in parts {
            text.push('\n');
            text.push_str(part);
        }
        Self(xxh3_64(text.as_bytes()))
    }
}

/// Fingerprints are compared over releases: what a kind is called here must stay.
fn name(kind: MomentKind) -> &'static str {
    match kind {
        MomentKind::JsError => "js_error",
        MomentKind::ConsoleError => "console_error",
        MomentKind::FailedRequest => "failed_request",
        MomentKind::RageClick => "rage_click",
        MomentKind::DeadClick => "dead_click",
        MomentKind::Page
        | MomentKind::SlowClick
        | MomentKind::ErrorClick
        | MomentKind::RefusedPress
        | MomentKind::Input
        | MomentKind::Resize
        | MomentKind::Idle => "",
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return u64::deserialize(deserializer).map(Self);
        }
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("no fingerprint"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sixteen_lower_hexadecimal_digits_are_a_fingerprint() {
        for (text, is_one) in [
            ("0123456789abcdef", true),
            ("0123456789ABCDEF", false),
            ("123456789abcdef", false),
            ("+123456789abcdef", false),
            ("0123456789abcdef0", false),
            ("", false),
        ] {
            let read = Fingerprint::parse(text);
            assert_eq!(read.is_some(), is_one, "{text}");
            assert_eq!(
                read.map(|read| read.to_string()).as_deref() == Some(text),
                is_one
            );
            let json = serde_json::from_str::<Fingerprint>(&format!("{text:?}"));
            assert_eq!(json.ok(), read, "{text}");
        }
    }
}
