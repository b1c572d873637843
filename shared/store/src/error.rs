//! Errors, named by what the caller can do about them.

/// What went wrong. No text in here holds a row's content: only names of operations, objects and error codes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table or the bucket: see there.
    #[error(transparent)]
    Table(#[from] table::Error),
    /// The session has been erased, and nothing may be added to it: begin another one.
    #[error("the session has been erased")]
    Erased,
    /// A key or a workspace that belongs to another organization already.
    #[error("this {what} belongs to another organization")]
    Taken {
        /// `key` or `workspace`.
        what: &'static str,
    },
    /// More keys of one scope than an organization may have at a time. Wait until the replaced ones have
    /// ended.
    #[error("the organization has {most} keys of this kind already")]
    TooManyKeys {
        /// Most keys of one scope.
        most: usize,
    },
    /// More sources than an organization may have.
    #[error("the organization has {most} sources already")]
    TooManySources {
        /// Most sources.
        most: usize,
    },
    /// What stands in the table was hashed and encrypted with another master key: put that one back.
    #[error(
        "the master key is not the one that this table was begun with: put back the value that it had then"
    )]
    WrongMasterKey,
}

impl Error {
    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Table(error) => error.is_transient(),
            Self::Erased
            | Self::Taken { .. }
            | Self::TooManyKeys { .. }
            | Self::TooManySources { .. }
            | Self::WrongMasterKey => false,
        }
    }

    /// A stable name of its kind, for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Table(error) => error.code(),
            Self::Erased => "store.erased",
            Self::Taken { .. } => "store.taken",
            Self::TooManyKeys { .. } => "store.too_many_keys",
            Self::TooManySources { .. } => "store.too_many_sources",
            Self::WrongMasterKey => "store.wrong_master_key",
        }
    }
}
