//! Text at rest under an organization's key: AES-256-GCM, bound to the place where it stands.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use identity::OrganizationKey;

use crate::Error;

const NONCE_BYTES: usize = 12;

/// What no two texts of one place may share, unless they are equal.
pub type NonceBytes = [u8; NONCE_BYTES];

/// Seals the texts of one place, and opens what was sealed there: nobody can move it to another place or
/// organization.
pub struct Sealer {
    aes: Aes256Gcm,
    /// What kind of text it is, for errors.
    what: &'static str,
    place: Vec<u8>,
}

impl Sealer {
    /// `place`: different for any two places of an organization, and begins with the organization and a
    /// slash.
    pub fn new(key: &OrganizationKey, what: &'static str, place: String) -> Self {
        Self {
            aes: Aes256Gcm::new(key.encryption().into()),
            what,
            place: place.into_bytes(),
        }
    }

    /// The place, as it is bound to what is sealed.
    pub fn place(&self) -> &[u8] {
        &self.place
    }

    /// Nonce and ciphertext.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above what AES-GCM takes at once.
    pub fn seal(&self, nonce: NonceBytes, plain: &str) -> Result<Vec<u8>, Error> {
        self.seal_bytes(nonce, plain.as_bytes())
    }

    /// The same of bytes.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn seal_bytes(&self, nonce: NonceBytes, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let payload = Payload {
            msg: plain,
            aad: &self.place,
        };
        let sealed = self
            .aes
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Error::TooLarge {
                limit: u64::from(u32::MAX),
            })?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// The text that was sealed here.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it was sealed elsewhere, or has been changed.
    pub fn open(&self, sealed: &[u8]) -> Result<String, Error> {
        String::from_utf8(self.open_bytes(sealed)?).map_err(|_| self.corrupt())
    }

    /// The bytes that were sealed here.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_bytes(&self, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(|| self.corrupt())?;
        let payload = Payload {
            msg: sealed,
            aad: &self.place,
        };
        self.aes
            .decrypt(nonce.into(), payload)
            .map_err(|_| self.corrupt())
    }

    /// The error of a text that opens, but is not what it should be.
    pub fn corrupt(&self) -> Error {
        Error::corrupt(
            self.what,
            "it was not sealed here, or the master key has changed",
        )
    }
}

/// A nonce that no other text has.
///
/// # Errors
/// [`Error::NoEntropy`].
pub fn random_nonce() -> Result<NonceBytes, Error> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|_| Error::NoEntropy)?;
    Ok(nonce)
}
