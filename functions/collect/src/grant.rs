//! For which source a request speaks.

use lambda_http::Request;
use lambda_http::http::StatusCode;
use platform::http::ApiError;
use store::{Grant, KeyScope};

use crate::{Error, State, key};

/// Keys that are tried at most: of headers, body and address, each perhaps in two parts.
const MAX_TRIED: usize = 8;

/// The grant of a request by what stands in its headers; `None` when nothing good does.
///
/// # Errors
/// 401 for a secret key, and what the table answers.
pub(crate) async fn in_headers(state: &State, request: &Request) -> Result<Option<Grant>, Error> {
    let keys = key::in_headers(request.headers());
    first_good(state, keys.take(MAX_TRIED)).await
}

/// The same by what stands in its body or its address.
///
/// # Errors
/// 401 without a good key.
pub(crate) async fn in_body_or_address(
    state: &State,
    in_body: Option<&str>,
    request: &Request,
) -> Result<Grant, Error> {
    let keys = key::in_body_and_address(in_body, request);
    let found = first_good(state, keys.take(MAX_TRIED)).await?;
    let is_any = key::in_headers(request.headers()).next().is_some()
        || key::in_body_and_address(in_body, request).next().is_some();
    found.ok_or_else(|| match is_any {
        true => unauthorized(
            UNKNOWN_KEY,
            "This key is not known, or no longer: check that it was copied whole.",
        ),
        false => unauthorized(
            "missing_key",
            "Send the source's write key, as the client's documentation says.",
        ),
    })
}

/// What a source's key grants.
///
/// # Errors
/// 401 for a key that is not known, and for one that is no source's.
pub(crate) async fn of_key(state: &State, key: &str) -> Result<Grant, Error> {
    let grant = state.keys.grant(key).await?;
    match grant.scope {
        KeyScope::Write | KeyScope::Source => Ok(grant),
        KeyScope::Secret => Err(unauthorized(
            "source_key_needed",
            "The secret key reads and erases: it does not belong into an analytics client. Make a source on the \
             settings page, and send its key.",
        )),
    }
}

/// Whether nothing more is wrong than that a key is not known.
pub(crate) fn is_unknown(error: &Error) -> bool {
    matches!(error, Error::Refused(refused) if refused.code() == UNKNOWN_KEY)
}

/// What the keys of [`api::Keys`] say of one that is not known.
const UNKNOWN_KEY: &str = "unknown_key";

async fn first_good(
    state: &State,
    keys: impl Iterator<Item = impl AsRef<str>>,
) -> Result<Option<Grant>, Error> {
    for key in keys {
        match of_key(state, key.as_ref()).await {
            Ok(grant) => return Ok(Some(grant)),
            Err(error) if is_unknown(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn unauthorized(code: &'static str, message: &str) -> Error {
    ApiError::new(StatusCode::UNAUTHORIZED, code, message).into()
}
