//! What names a message in keys.

use std::fmt;

use table::digest;

/// Stands for a message's id, which its client chooses and which may hold any character: 128 bits of its
/// digest, hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct MessageKey(String);

impl MessageKey {
    pub(crate) fn of(message_id: &str) -> Self {
        let mut digits = digest(message_id.as_bytes());
        digits.truncate(32);
        Self(digits)
    }
}

impl fmt::Display for MessageKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
