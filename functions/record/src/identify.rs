//! `POST /v1/sessions/{session_id}/identify`: whose session it is.

use std::time::Duration;

use api::aliases::{self, Parse, present};
use api::quotas::{Quota, Sight};
use identity::{Alias, SessionId};
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use platform::metrics;
use serde::{Deserialize, Serialize};
use store::{Grant, Identification, KeyScope};
use tasks::EraseTask;

use crate::{Error, State, error};

/// Most bytes of a body: sixteen times the longest aliases.
const MAX_BODY_BYTES: usize = 16 << 10;

/// The body. Unknown fields are left to future versions of recorders.
#[derive(Default, Deserialize)]
struct Said {
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
    let grant = state.keys.may_add(request).await?;
    let now = state.clock.now();
    let admitted = admit(state, &grant, session, now).await;
    admitted.map_err(|error| state.count_refusal(&grant, error))?;
    let aliases = parse(request.body())?;
    let identification = match grant.scope {
        KeyScope::Secret => Identification::verified(&aliases),
        KeyScope::Write => Identification::claimed(&aliases),
    };
    let identified = state.store.of(&grant.organization).sessions().identify(
        session,
        &identification,
        grant.retention_days,
        now,
    );
    let is_new = match identified.await {
        Err(store::Error::Erased) => {
            // It may have been recorded up to now, and belong to somebody who has been erased since.
            let task = EraseTask::session(&grant.organization, session);
            state
                .queues
                .erase
                .send(task.to_body(), Duration::ZERO)
                .await?;
            return Err(error::session_erased());
        }
        identified => identified?,
    };
    state
        .quotas
        .note_session(&grant, session, is_new, now)
        .await;
    tracing::info!({ metrics::SESSION_IDENTIFIED } = 1, "session identified");
    let identified = Identified {
        session_id: session,
        aliases: aliases.iter().map(|alias| alias.kind().as_str()).collect(),
    };
    Ok(json(StatusCode::ACCEPTED, &identified))
}

/// Whether the organization may identify this session now.
async fn admit(
    state: &State,
    grant: &Grant,
    session: &SessionId,
    now: Timestamp,
) -> Result<(), Error> {
    let quotas = &state.quotas;
    let of_session = Quota::SessionIdentifications;
    quotas
        .take_of_session(grant, session, of_session, now)
        .await?;
    quotas.take(grant, Quota::Identifications, 1, now).await?;
    quotas
        .admit_session(grant, session, Sight::Unsure, now)
        .await
}

/// The aliases of a body, at least one.
fn parse(body: &[u8]) -> Result<Vec<Alias>, ApiError> {
    if body.len() > MAX_BODY_BYTES {
        return Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "An identification may have at most 16 KB.",
        ));
    }
    let sent: Said = serde_json::from_slice(body).map_err(|_| {
        bad_request(
            "malformed_identification",
            "Send a JSON object with any of email, user_id, anonymous_id, visitor_id as strings.",
        )
    })?;
    let mut found = Vec::new();
    for (value, alias) in [
        (sent.email, Alias::email as Parse),
        (sent.user_id, Alias::user_id),
        (sent.anonymous_id, Alias::anonymous_id),
        (sent.visitor_id, Alias::visitor_id),
    ] {
        found.extend(present(value.as_deref().unwrap_or_default(), alias)?);
    }
    if found.is_empty() {
        let names = aliases::names();
        let message = format!("Send at least one of {names} with a value that names one person.");
        return Err(bad_request("no_alias", message));
    }
    Ok(found)
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
        let error = parse(&vec![b' '; MAX_BODY_BYTES + 1]).unwrap_err();
        assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn an_error_does_not_repeat_the_value() {
        let error = parse(br#"{"email":"ada at shop.example"}"#).unwrap_err();
        assert!(!error.to_string().contains("ada"), "{error}");
    }
}
