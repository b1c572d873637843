//! Why a panel could not be drawn.

use intercom::canvas::CanvasError;
use intercom::request::MalformedRequest;
use platform::fault::{Fault, Kind};
use platform::random::NoEntropy;
use platform::secrets::SecretsError;

use crate::DEADLINE;

/// What an operator reads in the log; the teammate sees a canvas that offers to try again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Intercom signed something that is not a request.
    #[error(transparent)]
    Request(#[from] MalformedRequest),
    /// Intercom signed far more than a canvas request takes.
    #[error("the request's body has {bytes} bytes")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// The secret lacks what links are signed with.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// The table or the bucket.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The machine has no randomness for a link's name.
    #[error(transparent)]
    Random(#[from] NoEntropy),
    /// The table took longer than a teammate waits.
    #[error("storage did not answer within {} ms", DEADLINE.as_millis())]
    Late,
    /// A view of ours broke a rule of the Canvas Kit: a bug.
    #[error("a canvas could not be built: {0}")]
    Canvas(#[from] CanvasError),
}

impl Fault for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Request(_) => Kind::lasting("canvas.malformed_request"),
            Self::TooLarge { .. } => Kind::lasting("canvas.too_large"),
            Self::Secrets(error) => error.kind(),
            Self::Store(error) => Kind::new(error.code(), error.is_transient()),
            Self::Random(error) => error.kind(),
            Self::Late => Kind::passing("canvas.late"),
            Self::Canvas(_) => Kind::lasting("canvas.broken_rule"),
        }
    }
}
