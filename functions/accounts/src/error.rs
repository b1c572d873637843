//! Why a request is refused or fails, and the page that says so.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::failure::FailurePage;
use pages::navigation::{Navigation, Section};
use platform::fault::{Fault, Kind};
use platform::secrets::SecretsError;
use platform::telemetry::Chain;

/// Somebody reads a page that says what to do; an operator reads in the log what failed on our side.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    SignedOut,
    /// Nothing is there for whoever asks.
    #[error("nothing is there for whoever asks")]
    NotFound(Thing),
    /// Another method than the path takes.
    #[error("wrong method")]
    WrongMethod,
    /// The table.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Our copy of Intercom's data.
    #[error(transparent)]
    Mirror(#[from] mirror::Error),
    /// The secret lacks something.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
}

/// What somebody looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Company,
    Conversation,
    Problem,
}

impl Error {
    /// The part of what an admin can see in which it happened.
    pub(crate) fn section(&self) -> Section {
        match self {
            Self::NotFound(Thing::Company | Thing::Conversation) => Section::Companies,
            _ => Section::Problems,
        }
    }

    /// Whether it lies with what was asked for, and not with us.
    pub(crate) fn is_callers(&self) -> bool {
        matches!(
            self,
            Self::SignedOut | Self::NotFound(_) | Self::WrongMethod
        )
    }

    /// The page that says it to whoever is signed in, and so has a navigation; or to anybody, who is told
    /// where an admin begins.
    pub(crate) fn into_page(
        self,
        navigation: Option<Navigation>,
        sign_in: Option<&str>,
    ) -> Response<Body> {
        let (status, heading, what_to_do) = match &self {
            Self::SignedOut => (
                StatusCode::FORBIDDEN,
                "Sign in to see this",
                "An admin of a connected Intercom workspace sees here companies, conversations, and what goes wrong for visitors.",
            ),
            Self::NotFound(Thing::Company) => (
                StatusCode::NOT_FOUND,
                "This company is not there",
                "It is not among those that are imported: its people were not seen lately, or it is gone in Intercom.",
            ),
            Self::NotFound(Thing::Conversation) => (
                StatusCode::NOT_FOUND,
                "This conversation is not there",
                "It is not among those that are imported, or it was deleted in Intercom or erased here.",
            ),
            Self::NotFound(Thing::Problem) => (
                StatusCode::NOT_FOUND,
                "This problem is not there",
                "Nobody had it in the last 31 days, or everybody who had it has been erased.",
            ),
            Self::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "That cannot be done here",
                "Open the list of problems and use what is there.",
            ),
            Self::Store(_) | Self::Mirror(_) | Self::Secrets(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Something failed on our side",
                "Please try again in a minute. If it goes on, tell whoever runs this installation.",
            ),
        };
        if !self.is_callers() {
            tracing::error!(
                "error.type" = self.error_type(),
                retryable = self.is_transient(),
                error = %Chain(&self),
                "page failed"
            );
        }
        let way_on = match (&self, &navigation) {
            (Self::NotFound(Thing::Problem), Some(_)) => Some(("/problems", "All problems")),
            (Self::NotFound(_), Some(_)) => Some(("/companies", "All companies")),
            (Self::NotFound(_) | Self::SignedOut, None) => sign_in.map(|page| (page, "Sign in")),
            _ => None,
        };
        let page = FailurePage {
            heading,
            what_to_do,
            way_on,
            navigation,
        };
        page.response(status)
    }
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::SignedOut => Kind::lasting("accounts.signed_out"),
            Self::NotFound(_) => Kind::lasting("accounts.not_found"),
            Self::WrongMethod => Kind::lasting("accounts.wrong_method"),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Mirror(error) => Kind::new(error.code(), error.is_transient()),
            Self::Secrets(error) => error.kind(),
        }
    }
}
