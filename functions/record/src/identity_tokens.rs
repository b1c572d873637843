//! `POST /v1/identity-tokens`: signs who somebody is, for a backend without a crypto library.
//!
//! What it answers is what `recapt.identify` and Intercom's Messenger take. It is signed with the newest
//! secret of the Messenger on the web, else with an identity key of ours, which is made on first need.

use api::aliases::{malformed, present};
use identity::Alias;
use intercom::identity_verification::{IdentitySecret, UserClaims, sign_user_hash, sign_user_jwt};
use jiff::SignedDuration;
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use platform::random;
use serde::{Deserialize, Serialize};
use store::{Grant, IdentitySecrets};

use crate::{Error, State};

/// The route.
pub(crate) const PATH: &str = "/v1/identity-tokens";

/// Most bytes of a body.
const MAX_BODY_BYTES: usize = 16 << 10;

/// How long a JWT is good unless told, seconds.
const EXPIRES_IN: u32 = 3_600;

/// How long it may be good, seconds: thirty days.
const LONGEST: u32 = 30 * 24 * 3_600;

#[derive(Deserialize)]
struct Asked {
    user_id: String,
    email: Option<String>,
    expires_in: Option<u32>,
}

#[derive(Serialize)]
struct Tokens {
    user_hash: String,
    intercom_user_jwt: String,
}

pub(crate) async fn handle(state: &State, request: &Request) -> Response<Body> {
    let answer = match *request.method() {
        Method::POST => sign(state, request).await,
        _ => Err(Error::wrong_method(&Method::POST)),
    };
    answer.unwrap_or_else(Error::into_response)
}

async fn sign(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_read(request).await?;
    let (names, expires_in) = parse(request.body())?;
    let now = state.clock.now();
    let secrets = signing_secrets(state, &grant).await?;
    let secret = secrets.signing().map(store::SecretText::expose);
    let secret = secret
        .and_then(IdentitySecret::parse)
        .ok_or_else(unsigned)?;
    let expires_at = now.saturating_add(expires_in).unwrap_or(now);
    let tokens = Tokens {
        user_hash: sign_user_hash(&secret, &names.user_id),
        intercom_user_jwt: sign_user_jwt(&secret, &names, expires_at).map_err(|_| unsigned())?,
    };
    tracing::info!("identity signed");
    Ok(json(StatusCode::OK, &tokens))
}

/// The organization's identity secrets, one at least that signs.
async fn signing_secrets(state: &State, grant: &Grant) -> Result<IdentitySecrets, Error> {
    let now = state.clock.now();
    let store = state.store.of(&grant.organization);
    let secrets = store.identity_verification().read(now).await?;
    if secrets.signing().is_some() {
        return Ok(secrets);
    }
    let made = store
        .identity_verification()
        .with_key(random::bytes()?, now);
    Ok(made.await?)
}

/// Whom to name, and for how long.
fn parse(body: &[u8]) -> Result<(UserClaims, SignedDuration), ApiError> {
    if body.len() > MAX_BODY_BYTES {
        return Err(ApiError::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "payload_too_large",
            "Send at most 16 KB.",
        ));
    }
    let asked: Asked = serde_json::from_slice(body).map_err(|_| {
        ApiError::bad_request(
            "malformed_identity",
            "Send a JSON object with user_id and perhaps email as strings, and perhaps expires_in as a number of \
             seconds.",
        )
    })?;
    Alias::user_id(&asked.user_id).map_err(|error| malformed(&error))?;
    let email = asked.email.as_deref().unwrap_or_default();
    let has_email = present(email, Alias::email)?.is_some();
    let expires_in = asked.expires_in.unwrap_or(EXPIRES_IN);
    if !(1..=LONGEST).contains(&expires_in) {
        let rule = format!("expires_in is a number of seconds from 1 to {LONGEST}.");
        return Err(ApiError::bad_request("bad_expires_in", &rule));
    }
    let names = UserClaims {
        email: has_email.then(|| email.to_owned()),
        user_id: asked.user_id,
    };
    Ok((names, SignedDuration::from_secs(expires_in.into())))
}

/// Cannot happen: there is a secret, and names are short.
fn unsigned() -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something is wrong on our side, and we have a record of it.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_named_as_sent_and_for_an_hour_unless_told() {
        for (body, email, seconds) in [
            (r#"{"user_id":" 7"}"#, None, 3_600),
            (r#"{"user_id":" 7","email":"","expires_in":1}"#, None, 1),
            (
                r#"{"user_id":" 7","email":"Ada@b.example","expires_in":2592000}"#,
                Some("Ada@b.example"),
                2_592_000,
            ),
        ] {
            let (names, expires_in) = parse(body.as_bytes()).unwrap();
            assert_eq!(names.user_id, " 7", "{body}");
            assert_eq!(names.email.as_deref(), email, "{body}");
            assert_eq!(expires_in.as_secs(), seconds, "{body}");
        }
    }

    #[test]
    fn what_names_nobody_or_lasts_too_long_is_not_signed() {
        let large = format!(r#"{{"user_id":"{}"}}"#, "7".repeat(MAX_BODY_BYTES));
        for (body, code) in [
            ("", "malformed_identity"),
            ("{}", "malformed_identity"),
            (r#"{"user_id":7}"#, "malformed_identity"),
            (r#"{"user_id":"7","expires_in":"1"}"#, "malformed_identity"),
            (r#"{"user_id":"7","expires_in":-1}"#, "malformed_identity"),
            (r#"{"user_id":"7","expires_in":0}"#, "bad_expires_in"),
            (r#"{"user_id":"7","expires_in":2592001}"#, "bad_expires_in"),
            (r#"{"user_id":"null"}"#, "bad_alias"),
            (r#"{"user_id":""}"#, "bad_alias"),
            (r#"{"user_id":"7","email":"ada"}"#, "bad_alias"),
            (&large, "payload_too_large"),
        ] {
            let error = parse(body.as_bytes()).err().unwrap();
            assert_eq!(error.code(), code, "{body:.60}");
        }
    }
}
