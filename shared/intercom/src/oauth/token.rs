//! The token of one workspace.

use std::fmt;

use zeroize::Zeroizing;

/// What lets us into one workspace's API, until it is revoked: Intercom's tokens do not expire by themselves.
///
/// Neither `Debug` nor any error shows it, it cannot be displayed or serialized, and its memory is wiped.
#[derive(Clone)]
pub struct AccessToken(Zeroizing<String>);

/// The text cannot be a token. Does not show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a token of 1 to {} visible ASCII characters",
    AccessToken::MAX_BYTES
)]
pub struct MalformedToken;

impl AccessToken {
    /// Longest token, bytes. Intercom's have about 60.
    pub const MAX_BYTES: usize = 2_048;

    /// Reads a token as Intercom gave it, or as it was stored.
    ///
    /// # Errors
    /// When it would not fit into an `Authorization` header.
    pub fn parse(text: &str) -> Result<Self, MalformedToken> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len());
        if fits && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(Zeroizing::new(text.to_owned())))
        } else {
            Err(MalformedToken)
        }
    }

    /// The token itself, for whoever encrypts it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AccessToken(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_as_it_is_and_never_printed() {
        let token = AccessToken::parse("dG9rOmFiY2Q=").unwrap();
        assert_eq!(token.expose(), "dG9rOmFiY2Q=");
        assert_eq!(format!("{token:?}"), "AccessToken(redacted)");
    }

    #[test]
    fn what_would_not_fit_into_a_header_is_no_token() {
        let long = "x".repeat(AccessToken::MAX_BYTES + 1);
        for text in ["", "two words", "a\r\nHost: b", "größe", &long] {
            assert_eq!(AccessToken::parse(text).unwrap_err(), MalformedToken);
        }
    }
}
