//! Why a request was not done, for the caller and for the operator.

use lambda_http::http::header::{ALLOW, RETRY_AFTER};
use lambda_http::http::{HeaderValue, Method, StatusCode};
use lambda_http::{Body, Response};
use platform::fault::{Fault, Kind};
use platform::http::ApiError;
use platform::queue::QueueError;
use platform::telemetry::Chain;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller has to change something: 4xx.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// The caller used another method than the route has: 405.
    #[error("the route answers {0} only")]
    WrongMethod(Method),
    /// The table or the bucket failed: 503 when the caller's retry may help, else 500.
    #[error("a session could not be read or written")]
    Store(#[from] store::Error),
    /// What is to be done later could not be asked for: likewise. The caller's retry asks again.
    #[error("what is to be done later could not be asked for")]
    Queue(#[from] QueueError),
}

pub(crate) fn wrong_method(allowed: &Method) -> Error {
    Error::WrongMethod(allowed.clone())
}

/// What a recorder is told that goes on with a session of somebody who was erased: as for a session that is
/// another recorder's, it begins a new one.
pub(crate) fn session_erased() -> Error {
    ApiError::new(
        StatusCode::CONFLICT,
        "session_erased",
        "This session was erased, and nothing is added to it any more. Begin another one under a new id.",
    )
    .into()
}

impl Error {
    /// The answer. What is our fault is logged here, once, and told to the caller without details.
    pub(crate) fn into_response(self) -> Response<Body> {
        match self {
            Self::Refused(error) => {
                tracing::debug!("error.type" = error.code(), "a request was refused");
                error.into_response()
            }
            Self::WrongMethod(allowed) => method_not_allowed(&allowed),
            Self::Store(_) | Self::Queue(_) => {
                tracing::error!(
                    "error.type" = self.error_type(),
                    retryable = self.is_transient(),
                    error = %Chain(&self),
                    "a request failed"
                );
                if self.is_transient() {
                    unavailable()
                } else {
                    internal()
                }
            }
        }
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(error) => Kind::lasting(error.code()),
            Self::WrongMethod(_) => Kind::lasting("method_not_allowed"),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Queue(error) => error.kind(),
        }
    }
}

fn method_not_allowed(allowed: &Method) -> Response<Body> {
    let message = format!("This route answers {allowed} only.");
    let error = ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        message,
    );
    let mut response = error.into_response();
    if let Ok(allowed) = HeaderValue::from_str(allowed.as_str()) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

fn internal() -> Response<Body> {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something is wrong on our side, and we have a record of it.",
    )
    .into_response()
}

fn unavailable() -> Response<Body> {
    let mut response = ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "Send the same request again in a second; sending it twice does no harm.",
    )
    .into_response();
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
