//! What browser clients ask before they start. The answer decides where they send.
//!
//! - `GET /v1/projects/{write_key}/settings`, as Segment's clients ask. An answer without our address
//!   sends events to Segment, one without the key sends them without any, and a second destination makes
//!   the client load its script, which is not here.
//! - `GET /sourceConfig`, as Rudder's clients ask.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use serde_json::json;
use store::Grant;

use crate::grant::{self, is_unknown};
use crate::{Error, State, key};

pub(crate) async fn of_segment(
    state: &State,
    write_key: &str,
    request: &Request,
) -> Result<Response<Body>, Error> {
    match grant::of_key(state, write_key).await {
        Ok(_) => {}
        Err(error) if is_unknown(&error) => return Err(unknown_source()),
        Err(error @ Error::Refused(_)) => return Err(error),
        // Without an answer a client sends nothing, ever: whether the key is good is seen with the
        // events.
        Err(error) => drop(error.into_api_error()),
    }
    let (protocol, host) = state.address.seen_by(request.uri(), request.headers());
    let here = json!({
        "apiKey": write_key,
        "apiHost": format!("{host}/v1"),
        "protocol": protocol,
    });
    let settings = json!({
        "integrations": {"Segment.io": here},
        "plan": {"track": {}, "identify": {}, "group": {}},
        "edgeFunction": {},
        "middlewareSettings": {},
        "metrics": {"sampleRate": 0},
    });
    Ok(json(StatusCode::OK, &settings))
}

pub(crate) async fn of_rudderstack(
    state: &State,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let mut found: Option<(String, Grant)> = None;
    let keys = key::in_headers(request.headers()).chain(key::in_body_and_address(None, request));
    for key in keys {
        match grant::of_key(state, &key).await {
            Ok(grant) => {
                found = Some((key.into_owned(), grant));
                break;
            }
            Err(error) if is_unknown(&error) => {}
            Err(error) => return Err(error),
        }
    }
    let (write_key, grant) = found.ok_or_else(unknown_source)?;
    let id = grant.source.as_ref().map(ToString::to_string);
    let switch_off = json!({"enabled": false});
    let config = json!({
        "source": {
            "id": id,
            "name": id,
            "writeKey": write_key,
            "enabled": true,
            "workspaceId": grant.organization,
            "config": {"statsCollection": {"errors": switch_off, "metrics": switch_off}},
            "destinations": [],
            "dataplanes": {},
        },
    });
    Ok(json(StatusCode::OK, &config))
}

fn unknown_source() -> Error {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_key",
        "There is no source with this write key: check that it was copied whole.",
    )
    .into()
}
