//! `GET /v1/sessions/{session_id}`: the summary, for an organization's own backends.

use identity::SessionId;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use serde::Serialize;

use crate::{Error, State};

/// The public summary: what the recording amounts to, with whose it is.
#[derive(Serialize)]
struct PublicSession<'a> {
    session_id: &'a SessionId,
    #[serde(flatten)]
    summary: &'a replay::Summary,
    aliases: PublicAliases<'a>,
    /// The kinds of the aliases that somebody trusted has said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    verified: Vec<&'static str>,
    /// Whether all its names are claims: whoever has the public write key may have said them.
    #[serde(skip_serializing_if = "is_false")]
    claimed: bool,
}

#[derive(Serialize)]
struct PublicAliases<'a> {
    email: Option<&'a str>,
    user_id: Option<&'a str>,
    anonymous_id: Option<&'a str>,
    visitor_id: Option<&'a str>,
}

/// What is not said is so.
fn is_false(value: &bool) -> bool {
    !value
}

pub(crate) async fn summary(
    state: &State,
    session: &SessionId,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_read(request).await?;
    let found = state
        .store
        .of(&grant.organization)
        .sessions()
        .read(session, state.clock.now())
        .await?
        .ok_or_else(unknown_session)?;
    tracing::info!("session read");
    let aliases = PublicAliases {
        email: found.aliases.email.as_deref(),
        user_id: found.aliases.user_id.as_deref(),
        anonymous_id: found.aliases.anonymous_id.as_deref(),
        visitor_id: found.aliases.visitor_id.as_deref(),
    };
    let public = PublicSession {
        session_id: session,
        summary: &found.summary,
        aliases,
        verified: found.verified.iter().map(|kind| kind.as_str()).collect(),
        claimed: found.is_claimed,
    };
    Ok(json(StatusCode::OK, &public))
}

fn unknown_session() -> Error {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_session",
        "There is no summary of this session: check the id. A summary appears some seconds after the session's \
         first chunk and is kept as long as the organization's retention says.",
    )
    .into()
}
