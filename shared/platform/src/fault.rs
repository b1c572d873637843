//! What an operator wants to know of an error before reading it: which kind it is, and whether it passes.

use std::error::Error;

use crate::config::ConfigError;
use crate::secrets::SecretsError;

/// An error that can be grouped and told apart by what to do about it.
pub trait Fault: Error + 'static {
    /// A stable name such as `store.unavailable`: the field `error.type` of log lines.
    fn error_type(&self) -> &'static str;

    /// Whether the same thing may succeed later without anybody doing anything: the field `retryable`.
    fn is_transient(&self) -> bool;
}

impl Fault for ConfigError {
    fn error_type(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "config.missing",
            Self::Invalid { .. } => "config.invalid",
        }
    }

    fn is_transient(&self) -> bool {
        false
    }
}

impl Fault for SecretsError {
    fn error_type(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "secrets.unavailable",
            Self::Malformed => "secrets.malformed",
            Self::Invalid { .. } => "secrets.invalid",
        }
    }

    fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl Fault for store::Error {
    fn error_type(&self) -> &'static str {
        match self {
            Self::Table(error) => match error {
                table::Error::Unavailable { .. } => "store.unavailable",
                table::Error::Refused { .. } => "store.refused",
                table::Error::Corrupt { .. } => "store.corrupt",
                table::Error::Vanished { .. } => "store.vanished",
                table::Error::TooLarge { .. } => "store.too_large",
                table::Error::Contended => "store.contended",
                table::Error::UnknownKey { .. } => "store.unknown_key",
                table::Error::NoEntropy => "store.no_entropy",
            },
            Self::Erased => "store.erased",
            Self::Taken { .. } => "store.taken",
            Self::TooManyKeys { .. } => "store.too_many_keys",
        }
    }

    fn is_transient(&self) -> bool {
        self.is_transient()
    }
}
