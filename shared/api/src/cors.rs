//! Cross-origin calls: recorders run on the customers' sites.
//!
//! An organization may name the sites that send for it. What comes from another one is refused, and the
//! refusal can be read there, so that a recorder knows to stop. It stops no
//! program: only browsers are bound to send a true `Origin`.

use lambda_http::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ORIGIN,
};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Request, Response};
use store::Grant;

use crate::{Error, Keys};

/// What a browser is told before it sends. It may remember that for two hours, the most that Chromium does.
const PREFLIGHT: [(HeaderName, &str); 3] = [
    (ACCESS_CONTROL_ALLOW_METHODS, "POST"),
    (
        ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, content-encoding",
    ),
    (ACCESS_CONTROL_MAX_AGE, "7200"),
];

/// The answer to `OPTIONS`: for the organization whose write key stands in the address, else for anybody.
pub async fn preflight(keys: &Keys, request: &Request) -> Response<Body> {
    let grant = match keys.in_address(request).await {
        Ok(grant) => grant,
        // The request itself is told what is wrong with its key.
        Err(Error::Refused(_)) => None,
        Err(error) => return error.into_response(),
    };
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    for (name, value) in PREFLIGHT {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    if grant.is_none_or(|grant| allows(&grant, request.headers())) {
        allow_any_origin(&mut response);
    }
    response
}

/// Whether a request may come from where it comes from. Backends say nothing about that.
#[must_use]
pub fn allows(grant: &Grant, headers: &HeaderMap) -> bool {
    let origin = headers.get(ORIGIN).map(|origin| origin.to_str().ok());
    origin.is_none_or(|origin| grant.allowed_origins.allows(origin.unwrap_or_default()))
}

/// Lets scripts of any site read the answer, errors included, and when to come again.
pub fn allow_any_origin(response: &mut Response<Body>) {
    let any = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, any);
    let wait = HeaderValue::from_static("retry-after");
    response
        .headers_mut()
        .insert(ACCESS_CONTROL_EXPOSE_HEADERS, wait);
}
