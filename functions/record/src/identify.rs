//! `POST /v1/sessions/{session_id}/identify`: whose session it is.

use std::time::Duration;

use identity::{Alias, AliasKind, SessionId};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use platform::metrics;
use serde::{Deserialize, Serialize};
use tasks::EraseTask;

use crate::{Error, State, error, keys};

/// How an alias of some kind is read.
pub(crate) type Parse = fn(&str) -> Result<Alias, identity::Error>;

/// Most bytes of a body: sixteen times the longest aliases.
const MAX_BODY: usize = 16 << 10;

/// The body. Unknown fields are left to future versions of recorders.
#[derive(Default, Deserialize)]
struct Identification {
    email: Option<String>,
    user_id: Option<String>,
    anonymous_id: Option<String>,
    visitor_id: Option<String>,
}

#[derive(Serialize)]
struct Identified<'a> {
    session_id: &'a SessionId,
    /// The kinds of the aliases that were taken; their values are personal data and not repeated.
    aliases: Vec<&'static str>,
}

pub(crate) async fn identify(
    state: &State,
    session: &SessionId,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let grant = keys::may_add(state, request).await?;
    let aliases = parse(request.body())?;
    let identified = state.store.identify(
        &grant.organization,
        session,
        &aliases,
        grant.retention_days,
        state.clock.now(),
    );
    match identified.await {
        Err(store::Error::Erased) => {
            // It may have been recorded up to now, and belong to somebody who has been erased since.
            let task = EraseTask::session(&grant.organization, session);
            state
                .erase_queue
                .send(task.to_body(), Duration::ZERO)
                .await?;
            return Err(error::session_erased());
        }
        identified => identified?,
    }
    tracing::info!({ metrics::SESSION_IDENTIFIED } = 1, "session identified");
    let identified = Identified {
        session_id: session,
        aliases: aliases.iter().map(|alias| alias.kind().as_str()).collect(),
    };
    Ok(json(StatusCode::ACCEPTED, &identified))
}

/// The aliases of a body, at least one.
fn parse(body: &[u8]) -> Result<Vec<Alias>, ApiError> {
    if body.len() > MAX_BODY {
        return Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "An identification may have at most 16 KB.",
        ));
    }
    let sent: Identification = serde_json::from_slice(body).map_err(|_| {
        bad_request(
            "malformed_identification",
            "Send a JSON object with any of email, user_id, anonymous_id, visitor_id as strings.",
        )
    })?;
    let mut aliases = Vec::new();
    for (value, alias) in [
        (sent.email, Alias::email as Parse),
        (sent.user_id, Alias::user_id),
        (sent.anonymous_id, Alias::anonymous_id),
        (sent.visitor_id, Alias::visitor_id),
    ] {
        aliases.extend(value.and_then(|value| present(&value, alias)).transpose()?);
    }
    if aliases.is_empty() {
        let kinds = [
            AliasKind::Email,
            AliasKind::UserId,
            AliasKind::AnonymousId,
            AliasKind::VisitorId,
        ];
        let names = kinds.map(AliasKind::as_str).join(", ");
        let message = format!("Send at least one of {names} with a value that names one person.");
        return Err(bad_request("no_alias", message));
    }
    Ok(aliases)
}

/// The alias of a value; none for a value with which programs say that there is none, such as `undefined`.
fn present(value: &str, alias: Parse) -> Option<Result<Alias, ApiError>> {
    if value.trim().is_empty() {
        return None;
    }
    match alias(value) {
        Ok(alias) => Some(Ok(alias)),
        Err(identity::Error::Placeholder { .. }) => None,
        Err(error) => Some(Err(bad_request("bad_alias", error.to_string()))),
    }
}

fn bad_request(code: &'static str, message: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, code, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(body: &str) -> Vec<&'static str> {
        let aliases = parse(body.as_bytes()).unwrap();
        aliases.iter().map(|alias| alias.kind().as_str()).collect()
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
            &long,
        ] {
            let error = parse(body.as_bytes()).unwrap_err();
            assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{body}");
        }
    }

    #[test]
    fn a_large_body_is_refused_unread() {
        let error = parse(&vec![b' '; MAX_BODY + 1]).unwrap_err();
        assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn an_error_does_not_repeat_the_value() {
        let error = parse(br#"{"email":"ada at shop.example"}"#).unwrap_err();
        assert!(!error.to_string().contains("ada"), "{error}");
    }
}
