//! Why a request is refused or fails, and the page that says so.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use notification::AccessError;
use pages::failure::FailurePage;
use pages::form::FormError;
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
    /// Another site sent the form.
    #[error("another site sent the form")]
    Foreign,
    /// The form is older than its sign-in, or none of ours.
    #[error("the form is not one of this sign-in")]
    StaleForm,
    /// What was sent is no form of ours.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The workspace's token could not be had.
    #[error(transparent)]
    Access(#[from] AccessError),
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
    Person,
    Problem,
}

impl Error {
    /// The part of what an admin can see in which it happened.
    pub(crate) fn section(&self) -> Section {
        match self {
            Self::NotFound(Thing::Company | Thing::Conversation | Thing::Person)
            | Self::Foreign
            | Self::StaleForm
            | Self::Form(_)
            | Self::Access(_) => Section::Companies,
            _ => Section::Problems,
        }
    }

    /// Whether it lies with what was asked for, and not with us.
    pub(crate) fn is_callers(&self) -> bool {
        matches!(
            self,
            Self::SignedOut
                | Self::NotFound(_)
                | Self::WrongMethod
                | Self::Foreign
                | Self::StaleForm
                | Self::Form(_)
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
            Self::NotFound(Thing::Person) => (
                StatusCode::NOT_FOUND,
                "This person is not there",
                "They are not among the people of this company that are imported, or were erased here.",
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "This form came from another site",
                "Nothing was sent. Open the page here and write there.",
            ),
            Self::StaleForm => (
                StatusCode::FORBIDDEN,
                "This form is too old",
                "Nothing was sent. Open the page again and write there.",
            ),
            Self::Form(_) => (
                StatusCode::BAD_REQUEST,
                "This cannot be read",
                "Nothing was sent: it is too long, or none of our forms. Open the page again, and write less.",
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
            Self::Store(_) | Self::Mirror(_) | Self::Secrets(_) | Self::Access(_) => (
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
            Self::Foreign => Kind::lasting("accounts.foreign"),
            Self::StaleForm => Kind::lasting("accounts.stale_form"),
            Self::Form(_) => Kind::lasting("accounts.form"),
            Self::Access(error) => error.kind(),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Mirror(error) => Kind::new(error.code(), error.is_transient()),
            Self::Secrets(error) => error.kind(),
        }
    }
}
