//! Why a request is not answered as asked, and what the admin is told.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::failure::FailurePage;
use pages::form::FormError;
use pages::navigation::Navigation;
use pages::sign_in::CookieError;
use pages::signed::SignError;
use platform::fault::{Fault, Kind};
use platform::queue::QueueError;
use platform::random::NoEntropy;
use platform::secrets::SecretsError;
use platform::telemetry::Chain;

use crate::route::PAGE;

/// The admin reads a page that says what to do; an operator reads in the log what failed on our side.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A path that is none of ours.
    #[error("no such page")]
    NotFound,
    /// Another method than the path takes.
    #[error("wrong method")]
    WrongMethod,
    /// The browser says that another site sent the form.
    #[error("the form was sent by another site")]
    Foreign,
    /// The form's token is not this sign-in's, or its fields are not those of our page.
    #[error("the form is not one of this sign-in's page")]
    StaleForm,
    /// The body is no form of ours.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The outbox.
    #[error(transparent)]
    Outbox(#[from] outbox::Error),
    /// What is to be done later could not be asked for.
    #[error("what is to be done later could not be asked for")]
    Queue(#[from] QueueError),
    /// The secret lacks something.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// A way back could not be signed.
    #[error(transparent)]
    Signing(#[from] SignError),
    /// A sign-in could not be put into a cookie.
    #[error(transparent)]
    Cookie(#[from] CookieError),
    /// The machine has no randomness for a key.
    #[error(transparent)]
    Random(#[from] NoEntropy),
}

impl Error {
    /// Whether it lies with what was asked for, and not with us.
    pub(crate) fn is_callers(&self) -> bool {
        matches!(
            self,
            Self::NotFound | Self::WrongMethod | Self::Foreign | Self::StaleForm | Self::Form(_)
        )
    }

    /// The page that says it, with the navigation of whoever is signed in.
    pub(crate) fn into_page(self, navigation: Option<Navigation>) -> Response<Body> {
        let (status, heading, what_to_do) = match &self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is nothing here",
                "The address may be mistyped.",
            ),
            Self::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "That cannot be done here",
                "Open the settings and use what is there.",
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "That did not come from this page",
                "Your browser says that another site sent it, so nothing was changed. If it was you, open the settings and do it there.",
            ),
            Self::StaleForm | Self::Form(_) => (
                StatusCode::FORBIDDEN,
                "That page was too old",
                "Nothing was changed. Open the settings again, and repeat what you did there.",
            ),
            Self::Store(_)
            | Self::Outbox(_)
            | Self::Queue(_)
            | Self::Secrets(_)
            | Self::Signing(_)
            | Self::Cookie(_)
            | Self::Random(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Something failed on our side",
                "Please try again in a minute. If it goes on, tell whoever runs this installation.",
            ),
        };
        self.log();
        let page = FailurePage {
            heading,
            what_to_do,
            way_on: Some((PAGE, "Back to the settings")),
            navigation,
        };
        page.response(status)
    }

    fn log(&self) {
        match self {
            Self::NotFound | Self::WrongMethod => {}
            Self::Foreign | Self::StaleForm | Self::Form(_) => {
                tracing::warn!("error.type" = self.error_type(), error = %self, "form refused");
            }
            Self::Store(_)
            | Self::Outbox(_)
            | Self::Queue(_)
            | Self::Secrets(_)
            | Self::Signing(_)
            | Self::Cookie(_)
            | Self::Random(_) => {
                tracing::error!(
                    "error.type" = self.error_type(),
                    retryable = self.is_transient(),
                    error = %Chain(self),
                    "page failed"
                );
            }
        }
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::NotFound => Kind::lasting("settings.not_found"),
            Self::WrongMethod => Kind::lasting("settings.wrong_method"),
            Self::Foreign => Kind::lasting("settings.foreign"),
            Self::StaleForm => Kind::lasting("settings.stale_form"),
            Self::Form(_) => Kind::lasting("settings.malformed_form"),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Outbox(error) => Kind::new(error.code(), error.is_transient()),
            Self::Queue(error) => error.kind(),
            Self::Secrets(error) => error.kind(),
            Self::Signing(error) => error.kind(),
            Self::Cookie(error) => error.kind(),
            Self::Random(error) => Kind::lasting(error.error_type()),
        }
    }
}
