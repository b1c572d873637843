//! Errors, named by what the caller can do about them.

/// What went wrong. No text in here holds what Intercom said.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table: see there.
    #[error(transparent)]
    Table(#[from] table::Error),
}

impl Error {
    /// Whether the same call may succeed later without anybody doing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Table(error) => error.is_transient(),
        }
    }

    /// A stable name of its kind, for logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Table(error) => error.code(),
        }
    }
}
