//! Why a notification was not taken.

use intercom::webhook::MalformedNotification;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use platform::fault::{Fault, Kind};
use platform::http::ApiError;
use platform::queue::QueueError;
use platform::telemetry::Chain;

use crate::DEADLINE;

/// Why a notification was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The caller is not Intercom, or asks for nothing that there is: 4xx.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// Intercom signed something that is no notification: 400.
    #[error(transparent)]
    Malformed(#[from] MalformedNotification),
    /// The queue: 503.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The queue took too long: 503.
    #[error("the queue did not answer within {} ms", DEADLINE.as_millis())]
    Late,
}

impl Error {
    pub(crate) fn refused(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        ApiError::new(status, code, message).into()
    }

    /// The answer. What is our fault, or comes signed and is wrong nevertheless, is logged here, once.
    pub(crate) fn into_response(self) -> Response<Body> {
        if let Self::Refused(refusal) = self {
            return refusal.into_response();
        }
        tracing::error!(
            "error.type" = self.error_type(),
            retryable = self.is_transient(),
            error = %Chain(&self),
            "a notification was not taken"
        );
        let answer = match self {
            Self::Malformed(error) => ApiError::new(
                StatusCode::BAD_REQUEST,
                "malformed_notification",
                format!("Send a notification as Intercom's documentation has it: {error}."),
            ),
            _ => ApiError::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "Something is wrong on our side. Send the same notification again later.",
            ),
        };
        answer.into_response()
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(error) => Kind::lasting(error.code()),
            Self::Malformed(_) => Kind::lasting("webhook.malformed"),
            Self::Queue(error) => error.kind(),
            Self::Late => Kind::passing("webhook.late"),
        }
    }
}
