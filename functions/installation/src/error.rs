//! Why a request was not answered as asked.

use intercom::oauth::MalformedToken;
use intercom::rest::{self, Advice};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use platform::fault::Fault;
use platform::http::ApiError;
use platform::secrets::SecretsError;
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
    /// The secret lacks something.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// What is stored as a token is none.
    #[error("the stored token is damaged")]
    Token(#[from] MalformedToken),
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
    fn error_type(&self) -> &'static str {
        match self {
            Self::Refused(error) => error.code(),
            Self::Store(error) => error.error_type(),
            Self::Secrets(error) => error.error_type(),
            Self::Token(_) => "installation.token",
            Self::Intercom(_) => "installation.intercom",
        }
    }

    fn is_transient(&self) -> bool {
        match self {
            Self::Store(error) => error.is_transient(),
            Self::Secrets(error) => error.is_transient(),
            Self::Intercom(error) => matches!(error.advice(), Advice::RetryLater { .. }),
            Self::Refused(_) | Self::Token(_) => false,
        }
    }
}
