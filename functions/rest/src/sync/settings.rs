//! `GET`, `PUT /v1/sync/settings`: what is imported of a workspace.

use api::Error;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use mirror::Choices;
use platform::http::{ApiError, json};
use serde_json::Value;
use store::Grant;
use tasks::importing;

use crate::State;
use crate::sync::{ours, workspace};

/// Most bytes of a body: the longest list of names.
const MAX_BODY_BYTES: usize = 256 << 10;

pub(crate) async fn show(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let connection = workspace(state, grant, request).await?;
    let mirror = &state.import.mirror;
    let mirror = mirror.of(&connection.organization, &connection.workspace);
    Ok(json(StatusCode::OK, &mirror.choices().await.map_err(ours)?))
}

/// Changes what is said and leaves the rest. Once nothing is imported any more, what was imported is
/// forgotten.
pub(crate) async fn put(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let connection = workspace(state, grant, request).await?;
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let mirror = state.import.mirror.of(organization, workspace);
    let before = mirror.choices().await.map_err(ours)?;
    let choices = changed(&before, request.body())?;
    mirror.choose(&choices).await.map_err(ours)?;
    if !choices.is_anything() {
        importing::forget(state.import.queue.as_ref(), organization, workspace).await?;
    }
    tracing::info!("choices of an import changed");
    Ok(json(StatusCode::OK, &choices))
}

/// The choices with what a body says of them.
fn changed(before: &Choices, body: &[u8]) -> Result<Choices, ApiError> {
    if body.len() > MAX_BODY_BYTES {
        let message = "Send at most 256 KB.";
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return Err(ApiError::new(status, "payload_too_large", message));
    }
    let malformed = || {
        ApiError::bad_request(
            "malformed_settings",
            "Send a JSON object with any of companies_and_users, conversations, events and write_back as booleans, \
             ignored_events as an array of names, and seen_within_days as a number from 1 to 365.",
        )
    };
    let Ok(Value::Object(said)) = serde_json::from_slice(body) else {
        return Err(malformed());
    };
    let days = said.get("seen_within_days");
    let fits = days.is_none_or(|days| matches!(days.as_u64(), Some(1..=365)));
    let mut all = serde_json::json!(before);
    for (name, value) in said {
        // What is no choice is passed over, as everywhere.
        if let Some(choice) = all.get_mut(&name) {
            *choice = value;
        }
    }
    let choices: Choices = serde_json::from_value(all).map_err(|_| malformed())?;
    match fits {
        true => Ok(choices),
        false => Err(malformed()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_stays_and_what_cannot_be_is_refused() {
        let before = Choices::everything();
        let said = br#"{"events":false,"ignored_events":[" Opened-Page "],"utm":1}"#;
        let after = changed(&before, said).unwrap();
        assert!(after.companies_and_users && after.conversations && !after.events);
        assert!(after.ignored_events.contains("opened-page"));
        for refused in [
            "",
            "[]",
            "7",
            r#"{"events":"yes"}"#,
            r#"{"ignored_events":"all"}"#,
            r#"{"seen_within_days":0}"#,
            r#"{"seen_within_days":366}"#,
            r#"{"seen_within_days":"9"}"#,
        ] {
            let error = changed(&before, refused.as_bytes()).unwrap_err();
            assert_eq!(error.code(), "malformed_settings", "{refused}");
        }
    }
}
