//! Why a request was not done, for the caller and for the operator.

use lambda_http::http::header::{ALLOW, RETRY_AFTER};
use lambda_http::http::{HeaderValue, Method, StatusCode};
use lambda_http::{Body, Response};
use platform::fault::{Fault, Kind};
use platform::http::ApiError;
use platform::queue::QueueError;
use platform::random::NoEntropy;
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
    /// The outbox failed: likewise.
    #[error("events could not be stored")]
    Outbox(#[from] outbox::Error),
    /// The mirror failed: likewise.
    #[error("what Intercom said could not be read")]
    Mirror(#[from] mirror::Error),
    /// What is to be done later could not be asked for: likewise. The caller's retry asks again.
    #[error("what is to be done later could not be asked for")]
    Queue(#[from] QueueError),
    /// There are no random bytes, which on Lambda does not happen.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

impl Error {
    /// The error of a path that is none of these routes, each with its method.
    #[must_use]
    pub fn unknown_route<'r>(routes: impl IntoIterator<Item = &'r (&'r str, &'r str)>) -> Self {
        let routes = routes.into_iter();
        let routes: Vec<_> = routes
            .map(|(method, path)| format!("{method} {path}"))
            .collect();
        let message = format!("There is nothing here. Routes: {}.", routes.join(", "));
        ApiError::new(StatusCode::NOT_FOUND, "unknown_route", message).into()
    }

    /// The error of a route that answers another method than the caller used.
    #[must_use]
    pub fn wrong_method(allowed: &Method) -> Self {
        Self::WrongMethod(allowed.clone())
    }

    /// The error of a route that answers these methods, of which the caller used none.
    #[must_use]
    pub fn wrong_method_of(allowed: &[Method]) -> Self {
        let names: Vec<_> = allowed.iter().map(Method::as_str).collect();
        not_allowed(&names.join(", ")).into()
    }

    /// The answer. What is our fault is logged here, once, and told to the caller without details.
    #[must_use]
    pub fn into_response(self) -> Response<Body> {
        self.into_api_error().into_response()
    }

    /// What the caller is told, for an endpoint that writes it in another form. What is our fault is logged
    /// here, once.
    #[must_use]
    pub fn into_api_error(self) -> ApiError {
        match self {
            Self::Refused(error) => {
                tracing::debug!("error.type" = error.code(), "a request was refused");
                error
            }
            Self::WrongMethod(allowed) => not_allowed(allowed.as_str()),
            Self::Store(_)
            | Self::Outbox(_)
            | Self::Mirror(_)
            | Self::Queue(_)
            | Self::Entropy(_) => {
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
            Self::Outbox(error) => Kind::new(error.code(), error.is_transient()),
            Self::Mirror(error) => Kind::new(error.code(), error.is_transient()),
            Self::Queue(error) => error.kind(),
            Self::Entropy(error) => error.kind(),
        }
    }
}

fn not_allowed(allowed: &str) -> ApiError {
    let message = format!("This route answers {allowed} only.");
    let error = ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        message,
    );
    match HeaderValue::from_str(allowed) {
        Ok(allowed) => error.with_header(ALLOW, allowed),
        Err(_) => error,
    }
}

fn internal() -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "internal",
        "Something is wrong on our side, and we have a record of it.",
    )
}

fn unavailable() -> ApiError {
    let error = ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "unavailable",
        "Send the same request again in a second; sending it twice does no harm.",
    );
    error.with_header(RETRY_AFTER, HeaderValue::from_static("1"))
}
