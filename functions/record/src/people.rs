//! `DELETE /v1/people?{alias}={value}`: erases somebody, with all that was recorded of them.
//! `GET /v1/people/erasure-preview?{alias}={value}`: what that would take.
//!
//! The answer is the same whether anybody is known by the alias or not. What is asked for is done within
//! seconds, and gone over once more a quarter of an hour later; asking again does no harm.

use api::aliases::{self, KINDS};
use form_urlencoded::parse;
use identity::Alias;
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use serde::Serialize;
use tasks::erasure::{self, AskedBy};

use crate::{Error, State};

/// The route.
pub(crate) const PATH: &str = "/v1/people";

/// The route that says what an erasure would take.
pub(crate) const PREVIEW_PATH: &str = "/v1/people/erasure-preview";

#[derive(Serialize)]
struct Accepted {
    /// The kind of the alias; its value is personal data and not repeated.
    erasing: &'static str,
}

pub(crate) async fn handle(state: &State, request: &Request) -> Response<Body> {
    let answer = match *request.method() {
        Method::DELETE => erase(state, request).await,
        _ => Err(Error::wrong_method(&Method::DELETE)),
    };
    answer.unwrap_or_else(Error::into_response)
}

async fn erase(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_read(request).await?;
    let alias = alias(request.uri().query().unwrap_or_default())?;
    let now = state.clock.now();
    let erasure = state
        .store
        .of(&grant.organization)
        .erasures()
        .begin(&alias, now);
    erasure::ask(&*state.queues.erase, erasure, AskedBy::Backend).await?;
    let accepted = Accepted {
        erasing: alias.kind().as_str(),
    };
    Ok(json(StatusCode::ACCEPTED, &accepted))
}

/// What an erasure would take.
#[derive(Serialize)]
struct Preview {
    sessions: usize,
    people: usize,
    /// User ids and e-mail addresses that go along, in clear: the caller has the secret key.
    other_names: Vec<String>,
    /// Whether there is more than was looked at: then the numbers are lower bounds.
    is_partial: bool,
}

pub(crate) async fn handle_preview(state: &State, request: &Request) -> Response<Body> {
    let answer = match *request.method() {
        Method::GET => preview(state, request).await,
        _ => Err(Error::wrong_method(&Method::GET)),
    };
    answer.unwrap_or_else(Error::into_response)
}

async fn preview(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    let grant = state.keys.may_read(request).await?;
    let alias = alias(request.uri().query().unwrap_or_default())?;
    let now = state.clock.now();
    let erasures = state.store.of(&grant.organization).erasures();
    let erasure = erasures.begin(&alias, now);
    let found = state.store.preview_erasure(erasure, now).await?;
    let preview = Preview {
        sessions: found.sessions,
        people: found.people,
        other_names: found.other_names,
        is_partial: found.is_partial,
    };
    Ok(json(StatusCode::OK, &preview))
}

/// The one alias in a query.
fn alias(query: &str) -> Result<Alias, ApiError> {
    let mut named = parse(query.as_bytes()).filter_map(|(name, value)| {
        let (_, read) = KINDS.iter().find(|(kind, _)| kind.as_str() == name)?;
        Some(read(&value))
    });
    match (named.next(), named.next()) {
        (Some(alias), None) => alias.map_err(|error| aliases::malformed(&error)),
        _ => Err(ApiError::new(
            StatusCode::BAD_REQUEST,
            "no_alias",
            format!("Name one person by one of {}.", aliases::names()),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alias_names_one_person() {
        for (query, expected) in [
            ("email=Ada%40shop.example", Alias::email("ada@shop.example")),
            ("user_id=7&unknown=1", Alias::user_id("7")),
            ("anonymous_id=b-1", Alias::anonymous_id("b-1")),
            ("visitor_id=v-1", Alias::visitor_id("v-1")),
        ] {
            assert_eq!(alias(query).unwrap(), expected.unwrap(), "{query}");
        }
    }

    #[test]
    fn what_names_nobody_or_several_is_refused_without_repeating_it() {
        for query in [
            "",
            "email=",
            "email=ada",
            "user_id=null",
            "contact_id=1",
            "email=ada%40shop.example&user_id=7",
            "user_id=7&user_id=8",
        ] {
            let error = alias(query).unwrap_err();
            assert_eq!(error.status(), StatusCode::BAD_REQUEST, "{query}");
            assert!(!error.to_string().contains("ada"), "{error}");
        }
    }
}
