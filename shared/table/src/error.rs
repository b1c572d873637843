//! Errors, named by what the caller can do about them.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// What went wrong. No text in here holds a row's content: only names of operations, objects and error codes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table or the bucket did not answer, or asked to slow down. Try again later.
    #[error("storage is unavailable: {operation}: {reason}")]
    Unavailable {
        /// What was tried.
        operation: &'static str,
        /// The service's error code, or how the call failed.
        reason: String,
    },
    /// The table or the bucket refused: wrong name, missing permission, a bug. An operator has to look.
    #[error("storage refused {operation}: {reason}")]
    Refused {
        /// What was tried.
        operation: &'static str,
        /// The service's error code.
        reason: String,
    },
    /// Something stored is not what this version of the code writes. An operator has to look.
    #[error("a stored {what} cannot be read: {reason}")]
    Corrupt {
        /// What kind of row or object.
        what: &'static str,
        /// Which rule it broke.
        reason: String,
    },
    /// An object that a row points at is gone: it expired, or another run has replaced it. Start again from
    /// the row.
    #[error("the object {path} is gone")]
    Vanished {
        /// Its path in the bucket.
        path: String,
    },
    /// An object or a text is larger than may be stored, or unpacks to more than may be read.
    #[error("an object of more than {limit} bytes")]
    TooLarge {
        /// Most bytes that are read.
        limit: u64,
    },
    /// Others kept changing the same rows. Try again.
    #[error("rows kept changing while they were being changed")]
    Contended,
    /// Something was sealed with a key that this process does not know: read the secret anew, then try again.
    #[error("sealed with the key {id:?}, which is not among the token keys of the secret")]
    UnknownKey {
        /// The key's id.
        id: String,
    },
    /// The operating system gives no random bytes.
    #[error("no random bytes to be had")]
    NoEntropy,
}

impl Error {
    /// Whether the same call may succeed later without anybody doing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable { .. }
            | Self::Vanished { .. }
            | Self::Contended
            | Self::NoEntropy => true,
            Self::Refused { .. }
            | Self::Corrupt { .. }
            | Self::TooLarge { .. }
            | Self::UnknownKey { .. } => false,
        }
    }

    /// A stable name of its kind, for logs. It begins with `store`, whoever's row it was.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "store.unavailable",
            Self::Refused { .. } => "store.refused",
            Self::Corrupt { .. } => "store.corrupt",
            Self::Vanished { .. } => "store.vanished",
            Self::TooLarge { .. } => "store.too_large",
            Self::Contended => "store.contended",
            Self::UnknownKey { .. } => "store.unknown_key",
            Self::NoEntropy => "store.no_entropy",
        }
    }

    /// An error of a DynamoDB call: its code, never its message, which may repeat keys.
    pub fn from_sdk<E, R>(operation: &'static str, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata,
    {
        let reason = match error {
            SdkError::ServiceError(service) => service.err().code().unwrap_or("unknown").to_owned(),
            SdkError::TimeoutError(_) => "timeout".to_owned(),
            SdkError::DispatchFailure(_) => "no connection".to_owned(),
            SdkError::ResponseError(_) => "unreadable answer".to_owned(),
            _ => "request not built".to_owned(),
        };
        match reason.as_str() {
            "ValidationException"
            | "AccessDeniedException"
            | "ConditionalCheckFailedException"
            | "ResourceNotFoundException"
            | "SerializationException"
            | "UnrecognizedClientException"
            | "ItemCollectionSizeLimitExceededException"
            | "request not built" => Self::Refused { operation, reason },
            _ => Self::Unavailable { operation, reason },
        }
    }

    /// A row that does not deserialize.
    pub fn corrupt(what: &'static str, reason: impl ToString) -> Self {
        Self::Corrupt {
            what,
            reason: reason.to_string(),
        }
    }
}
