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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::event;

    /// An event with something in every field.
    fn full() -> TrackedEvent {
        event(&json!({
            "type": "identify", "messageId": "m-1", "userId": "u-1", "anonymousId": "a-1", "groupId": "g-1",
            "previousId": "p-1", "event": "E", "timestamp": "2026-11-20T23:05:22.877Z",
            "traits": { "email": "a@b.test", "n": 7, "x": 0.5, "yes": true, "no": null, "list": ["a", {}] },
            "properties": { "k": "v" },
            "context": {
                "ip": "203.0.113.7", "active": true, "unsubscribedFromEmails": false,
                "Intercom": { "user_hash": "h" },
            },
            "integrations": { "All": false, "Intercom": { "o": 1 } },
        }))
    }

    /// Where this fails, the form has changed: [`STORED_VERSION`] goes up, and what waits in the table in the
    /// form before is still to be read.
    #[test]
    fn the_stored_form_stays_what_workers_in_service_read() {
        let stored = concat!(
            "01036d2d31000103752d310103612d3101086140622e74657374fadaa8b3bf680101450103672d310103702d",
            "310605656d61696c04086140622e74657374046c69737405020401610600016e020e026e6f00017803000000",
            "000000e03f03796573010101016b040176000109757365725f6861736804016801000101010c6c6173745f73",
            "65656e5f6970040b3230332e302e3131332e370100010601016f0202",
        );
        assert_eq!(hex::encode(full().to_stored()), stored);
        assert!(TrackedEvent::from_stored(&hex::decode(stored).unwrap()) == Ok(full()));
    }

    #[test]
    fn other_bytes_are_no_event() {
        let stored = full().to_stored();
        let mut another_version = stored.clone();
        another_version[0] += 1;
        for bytes in [&[][..], &stored[..stored.len() - 1], &another_version] {
            assert!(TrackedEvent::from_stored(bytes).is_err());
        }
    }
}
