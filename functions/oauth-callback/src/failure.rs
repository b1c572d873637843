//! Why a workspace was not connected.

use intercom::oauth::AppError;
use intercom::rest::{self, Advice};
use lambda_http::http::StatusCode;
use pages::cookie::UnfitValue;
use pages::signed::SignError;
use platform::fault::{Fault, Kind};
use platform::metrics;
use platform::random::NoEntropy;
use platform::secrets::SecretsError;
use platform::telemetry::Chain;

/// Why a workspace was not connected. Holds no code, no token and no personal datum.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// No cookie, no state, a forged or old one, or two that do not belong together.
    #[error("the browser brings no state of ours")]
    NotOurs,
    /// Intercom sent the browser back without a code.
    #[error("Intercom sent no code")]
    Declined,
    /// The state has been used.
    #[error("the state has been used")]
    Replayed,
    /// Intercom gave no token for the code.
    #[error(transparent)]
    Exchange(rest::Error),
    /// Intercom did not say whose token it is.
    #[error(transparent)]
    Me(rest::Error),
    /// The admin's e-mail is not known to be theirs.
    #[error("the admin's e-mail is not verified")]
    UnverifiedEmail,
    /// Intercom did not name the workspace, or not as workspaces are named.
    #[error("Intercom named no workspace")]
    NoWorkspace,
    /// The secret lacks something.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The secret holds no app's credentials.
    #[error(transparent)]
    App(#[from] AppError),
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What the browser carries could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// What is signed does not fit a cookie.
    #[error(transparent)]
    Cookie(#[from] UnfitValue),
    /// The operating system.
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

impl Failure {
    /// The status of the page.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotOurs | Self::Declined | Self::UnverifiedEmail => StatusCode::FORBIDDEN,
            Self::Replayed => StatusCode::CONFLICT,
            Self::Exchange(error) if error.advice() == Advice::Reconnect => StatusCode::BAD_REQUEST,
            Self::Exchange(error) | Self::Me(error) => match error {
                rest::Error::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
                _ => StatusCode::BAD_GATEWAY,
            },
            Self::NoWorkspace => StatusCode::BAD_GATEWAY,
            Self::Store(_) if self.is_transient() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Store(_)
            | Self::Secrets(_)
            | Self::App(_)
            | Self::Sign(_)
            | Self::Cookie(_)
            | Self::NoEntropy(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// One line for the operator. What an admin or a stranger does is no error of ours.
    pub(crate) fn log(&self) {
        if self.status().is_server_error() || matches!(self, Self::Exchange(_)) {
            tracing::error!(
                { metrics::CONNECT_FAILED } = 1,
                "error.type" = self.error_type(),
                retryable = self.is_transient(),
                error = %Chain(self),
                "connecting failed"
            );
        } else {
            tracing::warn!("error.type" = self.error_type(), "connecting refused");
        }
    }
}

impl Fault for Failure {
    fn kind(&self) -> Kind {
        let of_intercom = |name, error: &rest::Error| {
            Kind::new(name, matches!(error.advice(), Advice::RetryLater { .. }))
        };
        match self {
            Self::NotOurs => Kind::lasting("oauth.not_ours"),
            Self::Declined => Kind::lasting("oauth.declined"),
            Self::Replayed => Kind::lasting("oauth.replayed"),
            Self::Exchange(error) => of_intercom("oauth.exchange", error),
            Self::Me(error) => of_intercom("oauth.me", error),
            Self::UnverifiedEmail => Kind::lasting("oauth.unverified_email"),
            Self::NoWorkspace => Kind::lasting("oauth.no_workspace"),
            Self::Secrets(error) => error.kind(),
            Self::App(_) => Kind::lasting("oauth.app"),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Sign(error) => error.kind(),
            Self::Cookie(error) => error.kind(),
            Self::NoEntropy(error) => error.kind(),
        }
    }
}
