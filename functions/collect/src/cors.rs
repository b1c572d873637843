//! What browsers ask before they send, and what scripts may read of an answer.
//!
//! Every header that a client sends is named: `*` does not cover `Authorization`, and a client whose
//! header is missing here sends nothing at all, or never again. Without the exposed `Retry-After`
//! clients come back in fractions of a second.

use lambda_http::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, AUTHORIZATION,
};
use lambda_http::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Request, Response};

use crate::key;

/// What a browser is told before it sends. It may remember that for two hours, the most that Chromium
/// does.
const PREFLIGHT: [(HeaderName, &str); 3] = [
    (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
    (
        ACCESS_CONTROL_ALLOW_HEADERS,
        "Authorization, Content-Type, Content-Encoding, X-Retry-Count, X-Write-Key, X-Enable-Debug, X-IP-Policy, \
         AnonymousId, SentAt, Rsa-Retry-Attempt, Rsa-Retry-Reason, Rsa-Since-First-Attempt, Rsa-Since-Last-Attempt",
    ),
    (ACCESS_CONTROL_MAX_AGE, "7200"),
];

/// The answer to `OPTIONS`, the same for everybody.
pub(crate) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    for (name, value) in PREFLIGHT {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    allow(response.headers_mut());
    response
}

/// Lets scripts of every site read an answer, and when to come again.
pub(crate) fn allow(headers: &mut HeaderMap) {
    let any = HeaderValue::from_static("*");
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, any);
    let wait = HeaderValue::from_static("Retry-After");
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, wait);
}

/// Whether an answer is better not read: of a client that takes whatever it can read for success.
///
/// Hightouch's browser client does. To what it cannot read it sends the same events again. It is known
/// by having its key in the body alone.
pub(crate) fn is_better_unread(status: StatusCode, request: &Request) -> bool {
    let is_passing = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    let headers = request.headers();
    let says_who_it_is = headers.contains_key(AUTHORIZATION)
        || headers.contains_key("x-write-key")
        || key::in_address(request).is_some();
    is_passing && !says_who_it_is
}
