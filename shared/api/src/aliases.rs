//! How callers name people: by one or more of four kinds of aliases.

use identity::{Alias, AliasKind};
use lambda_http::http::StatusCode;
use platform::http::ApiError;

/// How an alias of some kind is read.
pub type Parse = fn(&str) -> Result<Alias, identity::Error>;

/// The kinds, each with how it is read. Callers name them as [`AliasKind::as_str`] does.
pub const KINDS: [(AliasKind, Parse); 4] = [
    (AliasKind::Email, Alias::email),
    (AliasKind::UserId, Alias::user_id),
    (AliasKind::AnonymousId, Alias::anonymous_id),
    (AliasKind::VisitorId, Alias::visitor_id),
];

/// The names of the kinds, as in a sentence: `email, user_id, …`
#[must_use]
pub fn names() -> String {
    KINDS.map(|(kind, _)| kind.as_str()).join(", ")
}

/// The alias of a value; `None` for an empty one, and for a placeholder such as `undefined`.
///
/// # Errors
/// 400 `bad_alias` for a value that is no alias of the kind.
pub fn present(value: &str, parse: Parse) -> Result<Option<Alias>, ApiError> {
    if value.trim().is_empty() {
        return Ok(None);
    }
    match parse(value) {
        Ok(alias) => Ok(Some(alias)),
        Err(identity::Error::Placeholder { .. }) => Ok(None),
        Err(error) => Err(malformed(&error)),
    }
}

/// The refusal of a value that is no alias. It does not repeat the value, which is personal data.
#[must_use]
pub fn malformed(error: &identity::Error) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "bad_alias", error.to_string())
}
