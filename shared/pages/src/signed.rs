//! Values that a browser keeps for us and cannot change: what stands in cookies and addresses.
//!
//! They are authenticated, not encrypted: whoever has one can read it. Each is made for one purpose and a
//! limited time, and is worth nothing beyond them.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use platform::fault::{Fault, Kind};
use platform::secrets::{Secrets, SecretsError};

/// Longest text that is read, bytes: what browsers keep as a cookie.
const MAX_BYTES: usize = 4_096;

/// Signs with HMAC-SHA-256. Cheap to clone; Debug does not show the key.
#[derive(Clone)]
pub struct Signer(Hmac<Sha256>);

/// The value cannot be signed: a bug, since our own types can.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// It cannot be written as JSON.
    #[error("a value to be signed cannot be written as JSON")]
    Unwritable(#[source] serde_json::Error),
    /// It would be longer than a browser keeps.
    #[error("a value to be signed takes {bytes} bytes, more than a browser keeps")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

/// What is signed.
#[derive(Serialize, Deserialize)]
struct Signed<T> {
    #[serde(rename = "e")]
    expires: i64,
    #[serde(rename = "v")]
    value: T,
}

/// What a signature is of: neither passes for the other.
#[derive(Clone, Copy)]
enum Subject {
    Value = 1,
    Tag = 2,
}

impl Signer {
    /// Signs with this key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        // As long as a block of SHA-256, which is how HMAC would fill it up itself.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&key);
        Self(Hmac::new(&block.into()))
    }

    /// Signs what browsers keep for this deployment.
    ///
    /// # Errors
    /// When the master key is missing or malformed.
    pub fn of(secrets: &Secrets) -> Result<Self, SecretsError> {
        Ok(Self::new(
            wiring::master_key(secrets)?.derive_key("signed values"),
        ))
    }

    /// The value as text that fits a cookie and an address: good for `purpose` and until `expires_at`.
    ///
    /// # Errors
    /// [`SignError`] for a value that is no JSON, or longer than a browser keeps.
    pub fn sign(
        &self,
        purpose: &str,
        value: &impl Serialize,
        expires_at: Timestamp,
    ) -> Result<String, SignError> {
        let signed = Signed {
            expires: expires_at.as_second(),
            value,
        };
        let payload = serde_json::to_vec(&signed).map_err(SignError::Unwritable)?;
        let payload = URL_SAFE_NO_PAD.encode(payload);
        let signature = self.signature(Subject::Value, purpose, &payload);
        let text = format!("{payload}.{signature}");
        match text.len() {
            0..=MAX_BYTES => Ok(text),
            bytes => Err(SignError::TooLarge { bytes }),
        }
    }

    /// The value that was signed for `purpose`; `None` when it is not ours, has been changed, or has expired.
    #[must_use]
    pub fn open<T: DeserializeOwned>(
        &self,
        purpose: &str,
        text: &str,
        now: Timestamp,
    ) -> Option<T> {
        Some(self.open_until(purpose, text, now)?.0)
    }

    /// The same, with when it expires.
    #[must_use]
    pub fn open_until<T: DeserializeOwned>(
        &self,
        purpose: &str,
        text: &str,
        now: Timestamp,
    ) -> Option<(T, Timestamp)> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let (payload, signature) = text.rsplit_once('.')?;
        if !self.is_signature(Subject::Value, purpose, payload, signature) {
            return None;
        }
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let signed: Signed<T> = serde_json::from_slice(&payload).ok()?;
        let until = Timestamp::from_second(signed.expires).ok()?;
        (signed.expires > now.as_second()).then_some((signed.value, until))
    }

    /// A short text that only we can make of `message`: for forms, say, a proof that we drew them.
    #[must_use]
    pub fn tag(&self, purpose: &str, message: &str) -> String {
        self.signature(Subject::Tag, purpose, message)
    }

    /// Whether `tag` is that of `message`, in constant time.
    #[must_use]
    pub fn is_tag(&self, purpose: &str, message: &str, tag: &str) -> bool {
        self.is_signature(Subject::Tag, purpose, message, tag)
    }

    fn signature(&self, subject: Subject, purpose: &str, message: &str) -> String {
        let mac = self.mac(subject, purpose, message);
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    fn is_signature(&self, subject: Subject, purpose: &str, message: &str, claimed: &str) -> bool {
        let mut bytes = [0; 32];
        let decoded = URL_SAFE_NO_PAD.decode_slice(claimed, &mut bytes);
        decoded == Ok(32)
            && self
                .mac(subject, purpose, message)
                .verify_slice(&bytes)
                .is_ok()
    }

    /// The purpose's length stands before it, so two different inputs are never the same message.
    fn mac(&self, subject: Subject, purpose: &str, message: &str) -> Hmac<Sha256> {
        self.0
            .clone()
            .chain_update([subject as u8])
            .chain_update((purpose.len() as u64).to_be_bytes())
            .chain_update(purpose)
            .chain_update(message)
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Signer(redacted)")
    }
}

impl Fault for SignError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unwritable(_) => Kind::lasting("signed.unwritable"),
            Self::TooLarge { .. } => Kind::lasting("signed.too_large"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> Signer {
        Signer::new([7; 32])
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn open(signer: &Signer, purpose: &str, text: &str, second: i64) -> Option<String> {
        signer.open(purpose, text, at(second))
    }

    #[test]
    fn a_value_is_good_for_its_purpose_until_it_expires() {
        let text = signer().sign("session", &"ada", at(100)).unwrap();
        assert_eq!(
            open(&signer(), "session", &text, 99).as_deref(),
            Some("ada")
        );
        assert_eq!(open(&signer(), "session", &text, 100), None);
        assert_eq!(open(&signer(), "install", &text, 99), None);
        assert_eq!(open(&Signer::new([8; 32]), "session", &text, 99), None);
        assert_eq!(signer().open::<u32>("session", &text, at(99)), None);
    }

    #[test]
    fn every_change_is_noticed() {
        let text = signer().sign("session", &"ada", at(100)).unwrap();
        for position in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[position] = if changed[position] == b'A' {
                b'B'
            } else {
                b'A'
            };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(open(&signer(), "session", &changed, 99), None, "{changed}");
        }
        let tag = signer().tag("session", text.split_once('.').unwrap().0);
        let retagged = format!("{}.{tag}", text.split_once('.').unwrap().0);
        assert_eq!(open(&signer(), "session", &retagged, 99), None);
        for strange in ["", ".", "a.b", &"x".repeat(100_000)] {
            assert_eq!(open(&signer(), "session", strange, 99), None);
        }
    }

    #[test]
    fn a_tag_belongs_to_one_message_and_purpose() {
        let tag = signer().tag("form", "session/disconnect");
        assert!(signer().is_tag("form", "session/disconnect", &tag));
        for (purpose, message) in [
            ("form", "session/rotate"),
            ("forms", "ession/disconnect"),
            ("", "formsession/disconnect"),
        ] {
            assert!(
                !signer().is_tag(purpose, message, &tag),
                "{purpose} {message}"
            );
        }
        let longer = format!("{tag}AAAA");
        for strange in ["", "A", &tag[1..], &longer] {
            assert!(!signer().is_tag("form", "session/disconnect", strange));
        }
    }

    #[test]
    fn what_a_browser_would_not_keep_is_refused() {
        let signed = signer().sign("session", &"x".repeat(MAX_BYTES), at(100));
        assert!(matches!(signed, Err(SignError::TooLarge { .. })));
        assert_eq!(format!("{:?}", signer()), "Signer(redacted)");
    }
}
