//! `/v1/people…`: who somebody is, and erasing them.
//!
//! They are served by one function, because a distribution tells functions apart by paths and not by methods,
//! and because who has no domain calls a function by its own address.

mod asked;
mod erasing;
mod show;

use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};

use crate::{Error, State};

/// Somebody by a name: shown, or erased.
const PATH: &str = "/v1/people";

/// What an erasure would take.
const PREVIEW_PATH: &str = "/v1/people/erasure-preview";

/// Begins the path of somebody by their id.
const BELOW: &str = "/v1/people/";

/// The answer, if the path is one of these.
pub(crate) async fn handle(state: &State, request: &Request) -> Option<Response<Body>> {
    let get = *request.method() == Method::GET;
    // Boxed: what is asked for rarely is by far the largest.
    let answer = match request.uri().path() {
        PATH if get => Box::pin(show::by_name(state, request)).await,
        PATH if *request.method() == Method::DELETE => erasing::erase(state, request).await,
        PATH => Err(Error::wrong_method_of(&[Method::GET, Method::DELETE])),
        path if !get && path.starts_with(BELOW) => Err(Error::wrong_method(&Method::GET)),
        PREVIEW_PATH => Box::pin(erasing::preview(state, request)).await,
        path => {
            let id = path.strip_prefix(BELOW)?;
            if id.contains('/') {
                return None;
            }
            Box::pin(show::by_id(state, id, request)).await
        }
    };
    Some(answer.unwrap_or_else(Error::into_response))
}
