//! What makes a problem of one session the same as that of another.
//!
//! | module | what it leaves out |
//! |---|---|
//! | `words` | of a text: numbers, ids, addresses, dates, what stands in quotes |
//! | `browsers` | of an error: how one browser words it |
//! | `route` | of an address: ids, and all but the site of its host |
//! | `stack` | of a call: host, line, hash of a release, names that a tool has shortened |
//!
//! Fingerprints are compared over days and releases: a rule that changes makes new ones of all problems.

mod browsers;
mod route;
pub(crate) mod stack;
mod words;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_64;

use crate::moment::MomentKind;

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

    /// Of an error: its words, and the call that its stack begins with.
    pub(crate) fn of_error(kind: MomentKind, text: &str, frame: &str) -> Self {
        Self::of(kind, &[&words::constant(text), &stack::place(frame)])
    }

    /// Of a request that failed. What the server says of itself, 500 and up, is one thing.
    pub(crate) fn of_request(method: &str, address: &str, status: Option<u16>) -> Self {
        let status = match status.unwrap_or_default() {
            0 => "none".to_owned(),
            500.. => "5xx".to_owned(),
            status => status.to_string(),
        };
        let method = method.to_ascii_uppercase();
        let route = route::of_address(address);
        Self::of(MomentKind::FailedRequest, &[&method, &route, &status])
    }

    /// Of clicks on a control of a page.
    pub(crate) fn of_control(kind: MomentKind, label: &str, page: &str) -> Self {
        // Names of controls stand in quotes, which would leave nothing of them.
        let label = words::constant(label.trim_matches('"'));
        Self::of(kind, &[&label, &route::of_address(page)])
    }

    /// Of a kind, and of what tells it from others of the kind.
    pub(crate) fn of(kind: MomentKind, parts: &[&str]) -> Self {
        let length: usize = parts.iter().map(|part| part.len() + 1).sum();
        let mut text = String::with_capacity(kind.name().len() + length);
        text.push_str(kind.name());
        for part in parts {
            text.push('\n');
            text.push_str(part);
        }
        Self(xxh3_64(text.as_bytes()))
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

    /// Numbers that are stored elsewhere: a change of these makes every known problem a new one.
    #[test]
    fn fingerprints_stay_the_same_over_releases() {
        let kind = MomentKind::JsError;
        let frame = "applyCoupon (https://shop.example/js/cart.js:12:7)";
        let error = Fingerprint::of_error(kind, "TypeError: coupon.apply is not a function", frame);
        let request =
            Fingerprint::of_request("post", "https://shop.example/api/orders/17", Some(503));
        let control = Fingerprint::of_control(
            MomentKind::RageClick,
            "\"Buy 3 items\"",
            "https://shop.example/p/4",
        );
        let texts = [error, request, control].map(|each| each.to_string());
        assert_eq!(
            texts,
            ["14bde7ae26035792", "54bb6a99a399fafd", "76408145db722b61"]
        );
    }

    #[test]
    fn problems_that_differ_have_different_fingerprints() {
        let error =
            |text: &str, frame: &str| Fingerprint::of_error(MomentKind::JsError, text, frame);
        let request = Fingerprint::of_request;
        let control =
            |label: &str, page: &str| Fingerprint::of_control(MomentKind::RageClick, label, page);
        let (here, there) = (
            "pay (https://a.example/a.js:1:2)",
            "pay (https://a.example/b.js:1:2)",
        );
        let (orders, order) = ("https://a.example/orders", "https://a.example/orders/1");
        let same = [
            (error("no order 17", here), error("no order 18", here)),
            (
                request("GET", order, Some(500)),
                request("get", "https://www.a.example/orders/2?x", Some(503)),
            ),
            (request("GET", order, None), request("GET", order, Some(0))),
            (
                control("\"Pay 3 €\"", order),
                control("\"Pay 17 €\"", "https://a.example/orders/2"),
            ),
        ];
        for (one, other) in same {
            assert_eq!(one, other);
        }
        let mut different = vec![
            error("no order 17", here),
            error("no order 17", there),
            error("no order 17", ""),
            error("no coupon 17", here),
            Fingerprint::of_error(MomentKind::ConsoleError, "no order 17", here),
            request("GET", orders, Some(500)),
            request("GET", order, Some(500)),
            request("POST", order, Some(500)),
            request("GET", order, Some(404)),
            request("GET", order, Some(403)),
            request("GET", order, None),
            control("\"Pay\"", order),
            control("\"Buy\"", order),
            control("\"Pay\"", orders),
            Fingerprint::of_control(MomentKind::DeadClick, "\"Pay\"", order),
        ];
        let all = different.len();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), all);
    }

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
