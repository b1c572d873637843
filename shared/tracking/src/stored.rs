//! A tracked event as it waits to be delivered.

use crate::TrackedEvent;

/// The first byte of the stored form. It goes up with every change of [`TrackedEvent`].
pub const STORED_VERSION: u8 = 1;

/// Bytes that are no stored event of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these are not the bytes of a stored event")]
pub struct NotStored;

impl TrackedEvent {
    /// Its bytes. They hold personal data: whoever stores them seals them.
    #[must_use]
    pub fn to_stored(&self) -> Vec<u8> {
        let bytes = Vec::with_capacity(512);
        let version = |mut bytes: Vec<u8>| {
            bytes.push(STORED_VERSION);
            bytes
        };
        // Writing into memory does not fail, and every field has a form.
        postcard::to_extend(self, version(bytes)).unwrap_or_default()
    }

    /// The event of these bytes.
    ///
    /// # Errors
    /// [`NotStored`] if they are none.
    pub fn from_stored(bytes: &[u8]) -> Result<Self, NotStored> {
        match bytes.split_first() {
            Some((&STORED_VERSION, event)) => postcard::from_bytes(event).map_err(|_| NotStored),
            _ => Err(NotStored),
        }
    }
}
