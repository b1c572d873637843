//! What a browser brings back from Intercom.

use std::fmt;

use percent_encoding::percent_decode_str;

use super::State;

/// The query of `GET /oauth/callback`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Must be the state that this browser was sent out with; `None` when there is none that could be ours.
    pub state: Option<State>,
    /// What to exchange for a token; `None` when the admin declined, and when it cannot be a code.
    pub code: Option<Code>,
}

/// An authorization code: good once, for about five minutes. Never shown, not even in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Callback {
    /// Reads a raw query (without `?`). Of a parameter that is there twice the first counts.
    #[must_use]
    pub fn parse(query: &str) -> Self {
        Self {
            state: parameter(query, "state").and_then(|state| State::parse(&state).ok()),
            code: parameter(query, "code").and_then(Code::new),
        }
    }
}

impl Code {
    /// Longest code, bytes. Intercom's have about 100.
    pub const MAX_BYTES: usize = 2_048;

    fn new(text: String) -> Option<Self> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len());
        (fits && text.bytes().all(|byte| byte.is_ascii_graphic())).then_some(Self(text))
    }

    /// The code itself, for the body of a token exchange.
    #[cfg(feature = "rest")]
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Code(redacted)")
    }
}

/// The value of a parameter, percent-decoded once. Not decoded as a form: a code may hold `+`, `/` and `=`,
/// which Intercom does not promise to encode, and never a space.
fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(found, _)| *found == name)?;
    Some(percent_decode_str(value).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::form_urlencoded::byte_serialize;

    use super::*;

    fn code(query: &str) -> Option<String> {
        Callback::parse(query).code.map(|code| code.0)
    }

    #[test]
    fn a_code_is_taken_verbatim_with_its_trailing_equals_signs() {
        for query in [
            "code=dG9r+/a==&state=x",
            "state=x&code=dG9r%2B%2Fa%3D%3D",
            "a=&code=dG9r%2b/a=%3d&code=other",
        ] {
            assert_eq!(code(query).as_deref(), Some("dG9r+/a=="), "{query}");
        }
        assert_eq!(code("code=a%253D").as_deref(), Some("a%3D"), "decoded once");
    }

    #[test]
    fn an_admin_who_declined_brings_a_state_and_no_code() {
        let state = State::from_random([1; 32]);
        let query = format!("error=access_denied&state={}", state.as_str());
        let declined = Callback {
            state: Some(state),
            code: None,
        };
        assert_eq!(Callback::parse(&query), declined);
    }

    #[test]
    fn what_can_be_neither_code_nor_state_counts_as_missing() {
        let long = format!("code={}", "x".repeat(Code::MAX_BYTES + 1));
        for query in [
            "",
            "&&=",
            "code",
            "code=",
            "code=%20",
            "code=%ff",
            "code=a%0d%0a",
            &long,
            "state=x",
            "Code=a",
        ] {
            let nothing = Callback {
                state: None,
                code: None,
            };
            assert_eq!(Callback::parse(query), nothing, "{query:.40}");
        }
        let shown = format!("{:?}", Callback::parse("code=hunter2"));
        assert!(!shown.contains("hunter2"));
    }

    proptest! {
        #[test]
        fn every_code_survives_a_browser(text in "[!-~]{1,80}") {
            let encoded: String = byte_serialize(text.as_bytes()).collect();
            prop_assert_eq!(code(&format!("state=x&code={encoded}")), Some(text));
        }
    }
}
