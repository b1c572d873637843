//! Why a text is not an identifier. The texts are safe to show: they never repeat the value.

/// Why a value was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Text from outside that does not have the form of the identifier it should be.
    #[error("{name} must be {rule}")]
    Malformed {
        /// Which identifier, as the public API spells it.
        name: &'static str,
        /// What it has to look like.
        rule: &'static str,
    },
    /// A value that programs send for "nobody", such as `undefined`: it would make one person of many.
    #[error("{name} is a placeholder; leave it out when there is no value")]
    Placeholder {
        /// Which identifier, as the public API spells it.
        name: &'static str,
    },
    /// A master key that is too short to be a secret.
    #[error("the master key has {length} bytes; it needs at least {minimum}", minimum = crate::MasterKey::MIN_BYTES)]
    ShortMasterKey {
        /// Bytes given.
        length: usize,
    },
}
