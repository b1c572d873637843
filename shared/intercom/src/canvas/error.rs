//! Why a canvas could not be built.

use super::ComponentId;

/// A rule of the Canvas Kit that the types cannot hold by themselves was broken. Intercom would show
/// "Something went wrong" in place of such a canvas, so none is ever sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanvasError {
    /// A component or canvas that must hold something holds nothing.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A choice with fewer or more options than Intercom draws.
    #[error("{component} has {count} options")]
    OptionCount {
        /// The component's type.
        component: &'static str,
        /// How many options it was given.
        count: usize,
    },
    /// The preselected value is none of the options.
    #[error("no option has the id {0}")]
    UnknownOption(ComponentId),
    /// Two parts of one canvas have the same id.
    #[error("the id {0} is used twice")]
    DuplicateId(ComponentId),
    /// Larger than [`super::MAX_BYTES`].
    #[error("the canvas has {bytes} bytes")]
    TooLarge {
        /// Its size as JSON, bytes.
        bytes: usize,
    },
    /// What is to come back with the next click is not a JSON object.
    #[error("stored data must be a JSON object")]
    StoredData,
}
