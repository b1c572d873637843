//! `GET /v1/identity-keys`: the identity keys of ours, for a backend that signs by itself.
//!
//! There is always one: the first is made when somebody asks for it. A replaced one is listed until it
//! ends.

use jiff::Timestamp;
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use platform::http::json;
use platform::random;
use serde::Serialize;
use store::IdentityKey;

use crate::{Error, State};

/// The route.
pub(crate) const PATH: &str = "/v1/identity-keys";

#[derive(Serialize)]
struct Listed<'a> {
    data: Vec<PublicKey<'a>>,
    /// All of them stand on one page.
    next_cursor: Option<&'a str>,
}

#[derive(Serialize)]
struct PublicKey<'a> {
    key_id: &'a str,
    key: &'a str,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl<'a> PublicKey<'a> {
    fn of(key: &'a IdentityKey) -> Self {
        Self {
            key_id: &key.id,
            key: key.text.expose(),
            created_at: key.created_at,
            expires_at: key.expires_at,
        }
    }
}

pub(crate) async fn handle(state: &State, request: &Request) -> Response<Body> {
    let answer = match *request.method() {
        Method::GET => list(state, request).await,
        _ => Err(Error::wrong_method(&Method::GET)),
    };
    answer.unwrap_or_else(Error::into_response)
}

async fn list(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_read(request).await?;
    let store = state.store.of(&grant.organization);
    let secrets = store
        .identity_verification()
        .with_key(random::bytes()?, state.clock.now());
    let secrets = secrets.await?;
    tracing::info!("identity keys read");
    let listed = Listed {
        data: secrets.keys.iter().map(PublicKey::of).collect(),
        next_cursor: None,
    };
    Ok(json(StatusCode::OK, &listed))
}
