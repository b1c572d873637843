//! Why a request is refused or fails, and the answer that says so.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::cookie::UnfitValue;
use pages::failure::FailurePage;
use pages::form::FormError;
use pages::navigation::Navigation;
use pages::signed::SignError;
use platform::fault::{Fault, Kind};
use platform::http::ApiError;
use platform::queue::QueueError;
use platform::random::NoEntropy;
use platform::secrets::SecretsError;
use platform::telemetry::Chain;

/// Somebody reads a page that says what to do; an operator reads in the log what failed on our side.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Nothing is there, or the viewer may not see it. The answer is the same, so that nobody can tell which.
    #[error("nothing is there for whoever asks")]
    NotFound,
    /// Another method than the path takes.
    #[error("wrong method")]
    WrongMethod,
    /// The browser says that another site sent the form.
    #[error("the form was sent by another site")]
    Foreign,
    /// The form's token is not this sign-in's.
    #[error("the form is not one of this sign-in's page")]
    StaleForm,
    /// More of a recording than fits into one answer.
    #[error("a piece of a recording is larger than an answer may be")]
    PieceTooLarge,
    /// The body is no form of ours.
    #[error(transparent)]
    Form(#[from] FormError),
    /// What is stored is no recording.
    #[error("a stored chunk cannot be read")]
    Chunk(#[from] replay::ChunkError),
    /// An answer could not be compressed.
    #[error("an answer could not be compressed")]
    Compression(#[from] std::io::Error),
    /// The table or the bucket.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The secret lacks something.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// A link could not be signed.
    #[error(transparent)]
    Signing(#[from] SignError),
    /// What opens a page could not be put into a cookie.
    #[error(transparent)]
    Cookie(#[from] UnfitValue),
    /// The machine has no randomness for a link.
    #[error(transparent)]
    Random(#[from] NoEntropy),
}

/// What was asked for, as far as a page says it of what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A recording, or what belongs to one.
    Recording,
    /// Anything else.
    Page,
}

impl Error {
    /// Whether it lies with what was asked for, and not with us.
    pub(crate) fn is_callers(&self) -> bool {
        matches!(
            self,
            Self::NotFound | Self::WrongMethod | Self::Foreign | Self::StaleForm | Self::Form(_)
        )
    }

    /// The page that says it to whoever is signed in, and so has a navigation; or to anybody, who is told
    /// where an admin begins.
    pub(crate) fn into_page(
        self,
        asked: Asked,
        navigation: Option<Navigation>,
        sign_in: Option<&str>,
    ) -> Response<Body> {
        let (status, heading, what_to_do) = match &self {
            Self::NotFound if asked == Asked::Page => (
                StatusCode::NOT_FOUND,
                "This page is not available",
                match navigation.is_some() {
                    true => {
                        "There may be nothing here any more, or it belongs to another workspace than the one that you are \
                         signed in to."
                    }
                    false => {
                        "The link may have expired, or there is nothing here any more. Ask for a new link, open the \
                         conversation in Intercom again, or sign in."
                    }
                },
            ),
            Self::NotFound if navigation.is_some() => (
                StatusCode::NOT_FOUND,
                "This recording is not available",
                "It may have been erased, be older than sessions are kept, or belong to another workspace than the one that \
                 you are signed in to.",
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "This recording is not available",
                "The link may have expired, or the session was erased. Ask for a new link, open the conversation in Intercom \
                 again, or sign in.",
            ),
            Self::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "That cannot be done here",
                "Open the list of sessions and use what is there.",
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "That did not come from this page",
                "Your browser says that another site sent it, so nothing was changed. If it was you, open the page and do it there.",
            ),
            Self::StaleForm | Self::Form(_) => (
                StatusCode::FORBIDDEN,
                "That page was too old",
                "Nothing was changed. Open the page again, and repeat what you did there.",
            ),
            _ => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Something failed on our side",
                "Please try again in a minute. If it goes on, tell whoever runs this installation.",
            ),
        };
        self.log();
        let way_on = match navigation {
            Some(_) => Some(("/sessions", "All sessions")),
            None => sign_in.map(|page| (page, "Sign in")),
        };
        let page = FailurePage {
            heading,
            what_to_do,
            way_on: way_on.filter(|_| status == StatusCode::NOT_FOUND),
            navigation,
        };
        page.response(status)
    }

    /// The same for a script: JSON.
    pub(crate) fn into_data(self) -> Response<Body> {
        let (status, code, message) = match &self {
            Self::NotFound | Self::Store(store::Error::Table(table::Error::Vanished { .. })) => (
                StatusCode::NOT_FOUND,
                "not_found",
                "Open the recording from a link that is still good.",
            ),
            Self::WrongMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                "wrong_method",
                "Use the methods of the page.",
            ),
            Self::Foreign | Self::StaleForm | Self::Form(_) => (
                StatusCode::FORBIDDEN,
                "stale_form",
                "Reload the page and try again.",
            ),
            Self::PieceTooLarge
            | Self::Store(store::Error::Table(table::Error::TooLarge { .. })) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "piece_too_large",
                "This part of the recording is too large to play. Go on with the next one.",
            ),
            _ => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "Try again in a minute.",
            ),
        };
        self.log();
        ApiError::new(status, code, message).into_response()
    }

    fn log(&self) {
        match self {
            Self::NotFound | Self::WrongMethod => {}
            Self::Foreign | Self::StaleForm | Self::Form(_) => {
                tracing::warn!("error.type" = self.error_type(), error = %self, "form refused");
            }
            Self::PieceTooLarge => {
                tracing::warn!("error.type" = self.error_type(), error = %self, "piece refused");
            }
            _ => {
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
            Self::NotFound => Kind::lasting("sessions.not_found"),
            Self::WrongMethod => Kind::lasting("sessions.wrong_method"),
            Self::Foreign => Kind::lasting("sessions.foreign"),
            Self::StaleForm => Kind::lasting("sessions.stale_form"),
            Self::PieceTooLarge => Kind::lasting("sessions.piece_too_large"),
            Self::Form(_) => Kind::lasting("sessions.malformed_form"),
            Self::Chunk(_) => Kind::lasting("sessions.unreadable_chunk"),
            Self::Compression(_) => Kind::lasting("sessions.compression"),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Queue(error) => error.kind(),
            Self::Secrets(error) => error.kind(),
            Self::Signing(error) => error.kind(),
            Self::Cookie(error) => error.kind(),
            Self::Random(error) => Kind::lasting(error.error_type()),
        }
    }
}
