//! What a body says of a visitor: names, and perhaps a signature of them.

use api::aliases::{self, KINDS, present};
use identity::{Alias, AliasKind};
use intercom::identity_verification::UserJwt;
use lambda_http::http::StatusCode;
use platform::http::ApiError;
use serde::Deserialize;

use crate::error;

/// Most bytes of a body: sixteen times the longest aliases, or twice the longest JWT.
const MAX_BODY_BYTES: usize = 16 << 10;

/// Names, and perhaps a signature of them.
pub(crate) struct Said {
    pub(crate) names: Vec<Name>,
    pub(crate) signature: Option<Signature>,
}

/// A name, and the text that a signature covers.
pub(crate) struct Name {
    pub(crate) alias: Alias,
    /// As it was sent.
    pub(crate) text: String,
}

/// What an organization has signed.
pub(crate) enum Signature {
    /// A hash that covers one of the names.
    UserHash(String),
    /// A JWT that has names of its own.
    Jwt(Box<UserJwt>),
}

/// The body. Unknown fields are left to future versions of recorders.
#[derive(Deserialize)]
struct Sent {
    email: Option<String>,
    user_id: Option<String>,
    anonymous_id: Option<String>,
    visitor_id: Option<String>,
    user_hash: Option<String>,
    intercom_user_jwt: Option<String>,
}

impl Said {
    /// The names of a body, at least one; perhaps a JWT's.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        if body.len() > MAX_BODY_BYTES {
            return Err(ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "payload_too_large",
                "An identification may have at most 16 KB.",
            ));
        }
        let sent: Sent = serde_json::from_slice(body).map_err(|_| {
            ApiError::bad_request(
                "malformed_identification",
                "Send a JSON object with any of email, user_id, anonymous_id, visitor_id as strings, and with \
                 user_hash or intercom_user_jwt as a string if you sign.",
            )
        })?;
        let mut names = Vec::new();
        for (kind, parse) in KINDS {
            let text = match kind {
                AliasKind::Email => &sent.email,
                AliasKind::UserId => &sent.user_id,
                AliasKind::AnonymousId => &sent.anonymous_id,
                AliasKind::VisitorId => &sent.visitor_id,
                AliasKind::ContactId => continue,
            };
            let text = text.as_deref().unwrap_or_default();
            let alias = present(text, parse)?;
            names.extend(alias.map(|alias| Name {
                alias,
                text: text.to_owned(),
            }));
        }
        let signature = signature(sent.user_hash, sent.intercom_user_jwt)?;
        if names.is_empty() && !matches!(signature, Some(Signature::Jwt(_))) {
            let kinds = aliases::names();
            let message =
                format!("Send at least one of {kinds} with a value that names one person.");
            return Err(ApiError::bad_request("no_alias", message));
        }
        Ok(Self { names, signature })
    }

    /// The name of this kind.
    pub(crate) fn name(&self, kind: AliasKind) -> Option<&Name> {
        self.names.iter().find(|name| name.alias.kind() == kind)
    }
}

/// Of two the JWT, which says more. An empty one says nothing.
fn signature(
    user_hash: Option<String>,
    jwt: Option<String>,
) -> Result<Option<Signature>, ApiError> {
    let is_there = |text: &String| !text.trim().is_empty();
    if let Some(jwt) = jwt.filter(is_there) {
        // Whatever it is signed with.
        let jwt = UserJwt::parse(&jwt).map_err(|_| error::signature_invalid())?;
        return Ok(Some(Signature::Jwt(Box::new(jwt))));
    }
    Ok(user_hash.filter(is_there).map(Signature::UserHash))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &[u8]) -> Result<Said, ApiError> {
        Said::parse(body)
    }

    fn kinds(body: &str) -> Vec<&'static str> {
        let said = parse(body.as_bytes()).unwrap();
        let kinds = said.names.iter().map(|name| name.alias.kind().as_str());
        kinds.collect()
    }

    #[test]
    fn any_of_the_four_aliases_is_enough() {
        for (body, expected) in [
            (r#"{"email":"ada@shop.example"}"#, &["email"][..]),
            (r#"{"user_id":"7","later":{"unknown":1}}"#, &["user_id"]),
            (
                r#"{"anonymous_id":"a1","visitor_id":"v1","email":null}"#,
                &["anonymous_id", "visitor_id"],
            ),
            (
                r#"{"user_id":"undefined","email":" ","visitor_id":"v1"}"#,
                &["visitor_id"],
            ),
        ] {
            assert_eq!(kinds(body), expected, "{body}");
        }
    }

    #[test]
    fn a_body_without_a_usable_alias_is_refused() {
        let long = format!(r#"{{"user_id":"{}"}}"#, "7".repeat(2_000));
        for body in [
            "",
            "[]",
            "{}",
            r#"{"email":"null@"}"#,
            r#"{"user_id":7}"#,
            r#"{"user_id":"null"}"#,
            r#"{"email":"no address"}"#,
            r#"{"user_hash":"00"}"#,
            r#"{"user_id":"7","user_hash":7}"#,
            &long,
        ] {
            let error = parse(body.as_bytes()).err().unwrap();
            assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{body}");
        }
    }

    #[test]
    fn a_large_body_is_refused_unread() {
        let error = parse(&vec![b' '; MAX_BODY_BYTES + 1]).err().unwrap();
        assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn an_error_does_not_repeat_the_value() {
        for body in [
            r#"{"email":"ada at shop.example"}"#,
            r#"{"intercom_user_jwt":"ada.ada.ada"}"#,
        ] {
            let error = parse(body.as_bytes()).err().unwrap();
            assert!(!error.to_string().contains("ada"), "{error}");
        }
    }

    #[test]
    fn a_text_that_is_no_jwt_is_an_invalid_signature_and_an_empty_one_is_none() {
        let error = parse(br#"{"user_id":"7","intercom_user_jwt":"a.b.c"}"#);
        assert_eq!(error.err().unwrap().code(), "signature_invalid");
        let said = parse(br#"{"user_id":"7","intercom_user_jwt":"","user_hash":null}"#).unwrap();
        assert!(said.signature.is_none());
    }
}
