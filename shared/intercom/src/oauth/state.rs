//! What ties an answer of Intercom's to the browser that asked.

use std::fmt;

use subtle::ConstantTimeEq;

/// The `state` of one authorization: random, and therefore known to nobody but us, Intercom and that browser.
///
/// Whoever makes it keeps it where only that browser can bring it back, for a short time and a single use.
#[derive(Clone)]
pub struct State(String);

/// Not a state of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the state is not {} hexadecimal digits", State::DIGITS)]
pub struct MalformedState;

impl State {
    /// Length of the text: 32 random bytes.
    const DIGITS: usize = 64;

    /// A new one, from bytes of a cryptographic generator.
    #[must_use]
    pub fn from_random(bytes: [u8; Self::DIGITS / 2]) -> Self {
        Self(hex::encode(bytes))
    }

    /// Reads one that came back.
    ///
    /// # Errors
    /// When it has not the form of ours.
    pub fn parse(text: &str) -> Result<Self, MalformedState> {
        let ours = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == Self::DIGITS && text.bytes().all(ours) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedState)
        }
    }

    /// The text, for an address or a cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for State {
    /// In constant time: how far a guess was right cannot be measured.
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for State {}

impl fmt::Debug for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("State(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_comes_back_as_it_went() {
        let state = State::from_random([7; 32]);
        assert_eq!(State::parse(state.as_str()), Ok(state.clone()));
        assert_ne!(state, State::from_random([8; 32]));
        assert_eq!(format!("{state:?}"), "State(redacted)");
    }

    #[test]
    fn what_we_did_not_make_is_refused() {
        for text in ["", "abc", &"g".repeat(64), &"A".repeat(64), &"a".repeat(65)] {
            assert_eq!(State::parse(text), Err(MalformedState), "{text}");
        }
    }
}
