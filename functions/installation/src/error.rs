//! Why a request was not answered as asked.

use intercom::rest::{self, Advice};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use notification::AccessError;
use platform::fault::{Fault, Kind};
use platform::http::ApiError;
use platform::telemetry::Chain;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The caller is not Intercom, or asks for nothing that there is: 4xx.
    #[error(transparent)]
    Refused(#[from] ApiError),
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The workspace's token could not be had.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Intercom does not say whether the token works.
    #[error(transparent)]
    Intercom(#[from] rest::Error),
}

impl Error {
    /// The answer. What is our fault is logged here, once; Intercom learns no details.
    pub(crate) fn into_response(self) -> Response<Body> {
        if let Self::Refused(refusal) = self {
            return refusal.into_response();
        }
        tracing::error!(
            "error.type" = self.error_type(),
            retryable = self.is_transient(),
            error = %Chain(&self),
            "a request failed"
        );
        let status = match self.is_transient() {
            true => StatusCode::SERVICE_UNAVAILABLE,
            false => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let message = "Something is wrong on our side. Send the same request again later.";
        ApiError::new(status, "unavailable", message).into_response()
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Refused(error) => Kind::lasting(error.code()),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Access(error) => error.kind(),
            Self::Intercom(error) => {
                let is_transient = matches!(error.advice(), Advice::RetryLater { .. });
                Kind::new("installation.intercom", is_transient)
            }
        }
    }
}
