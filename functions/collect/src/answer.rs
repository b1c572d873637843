//! Answers as analytics clients insist on them: exactly 200 with a JSON object, and errors with code and
//! message at the top. Some send again whatever came of anything else.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use platform::http::{ApiError, json};
use serde::Serialize;

use crate::Error;

#[derive(Serialize)]
struct Success {
    success: bool,
}

#[derive(Serialize)]
struct Failure<'a> {
    code: &'a str,
    message: &'a str,
}

/// The events are stored for good.
pub(crate) fn success() -> Response<Body> {
    json(StatusCode::OK, &Success { success: true })
}

/// The answer to what could not be done.
pub(crate) fn failure(error: Error) -> Response<Body> {
    let error: ApiError = error.into_api_error();
    let failure = Failure {
        code: error.code(),
        message: error.message(),
    };
    let mut response = json(error.status(), &failure);
    response.headers_mut().extend(error.header());
    response
}
