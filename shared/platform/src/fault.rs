//! What an operator wants to know of an error before reading it: which kind it is, and whether it passes.

use std::error::Error;

use crate::config::ConfigError;
use crate::secrets::SecretsError;

/// Which kind an error is. Errors are grouped by it, and told apart by what to do about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    name: &'static str,
    is_transient: bool,
}

impl Kind {
    /// A kind with a stable name such as `queue.refused`.
    #[must_use]
    pub const fn new(name: &'static str, is_transient: bool) -> Self {
        Self { name, is_transient }
    }

    /// A kind that passes: the same thing may succeed later without anybody doing anything.
    #[must_use]
    pub const fn passing(name: &'static str) -> Self {
        Self::new(name, true)
    }

    /// A kind that stays until somebody does something.
    #[must_use]
    pub const fn lasting(name: &'static str) -> Self {
        Self::new(name, false)
    }
}

/// An error of ours, as the log tells of it.
pub trait Fault: Error + 'static {
    /// Which kind it is.
    fn kind(&self) -> Kind;

    /// The kind's name: the field `error.type` of log lines.
    fn error_type(&self) -> &'static str {
        self.kind().name
    }

    /// Whether it passes: the field `retryable` of log lines.
    fn is_transient(&self) -> bool {
        self.kind().is_transient
    }
}

impl Fault for ConfigError {
    fn kind(&self) -> Kind {
        match self {
            Self::Missing { .. } => Kind::lasting("config.missing"),
            Self::Invalid { .. } => Kind::lasting("config.invalid"),
        }
    }
}

impl Fault for SecretsError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unavailable(_) => Kind::passing("secrets.unavailable"),
            Self::Malformed => Kind::lasting("secrets.malformed"),
            Self::Invalid { .. } => Kind::lasting("secrets.invalid"),
        }
    }
}
