//! Errors, named by what the caller can do about them.

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What was recorded could not be read: see there.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Our copy of Intercom's data could not be read: see there.
    #[error(transparent)]
    Mirror(#[from] mirror::Error),
}
