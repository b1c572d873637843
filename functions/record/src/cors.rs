//! Cross-origin calls: recorders run on the customers' sites.

use lambda_http::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE,
};
use lambda_http::http::{HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Response};

/// What a browser is told before it sends. It may remember that for two hours, the most that Chromium does.
const PREFLIGHT: [(HeaderName, &str); 3] = [
    (ACCESS_CONTROL_ALLOW_METHODS, "POST"),
    (
        ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, content-encoding",
    ),
    (ACCESS_CONTROL_MAX_AGE, "7200"),
];

/// The answer to `OPTIONS`.
pub(crate) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = StatusCode::NO_CONTENT;
    for (name, value) in PREFLIGHT {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    allow_any_origin(&mut response);
    response
}

/// Lets scripts of any site read the answer, errors included.
pub(crate) fn allow_any_origin(response: &mut Response<Body>) {
    let any = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, any);
}
