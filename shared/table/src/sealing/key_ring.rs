//! Tokens and keys at rest: sealed with AES-256-GCM under a key that can be replaced, bound to their place.
//!
//! `v1.{key id}.{base64url of nonce and ciphertext}`. The associated data name what it is and whose it is:
//! moved to another row, organization or workspace, it does not open.

use std::collections::BTreeMap;
use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::{MasterKey, OrganizationId, WorkspaceId};
use zeroize::Zeroizing;

use crate::Error;
use crate::sealing::SecretText;

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;

/// The keys that tokens are sealed with, by their ids. One of them seals; all of them open.
///
/// A key is replaced in two steps: first it is added, and only when every process knows it, it seals. What
/// was sealed under an older one is sealed again when it is next read. Debug shows no key.
#[derive(Clone)]
pub struct KeyRing {
    keys: BTreeMap<String, Zeroizing<[u8; 32]>>,
    sealing: String,
}

/// The ring cannot be made so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingError {
    /// An id that cannot stand in a sealed text, or that is the master key's.
    #[error(
        "a key's id has 1 to 32 characters of a-z 0-9 _ - and is not {}",
        KeyRing::MASTER
    )]
    Id,
    /// The key that is to seal is not there.
    #[error("the key that is to seal is not among the keys")]
    Missing,
}

impl KeyRing {
    /// The id of the key that is derived from the master key. It is in every ring, so that what was sealed
    /// before there were others can be opened.
    pub const MASTER: &str = "m1";

    /// The ring with one key, derived from the master key.
    #[must_use]
    pub fn of_master(master: &MasterKey) -> Self {
        let key = Zeroizing::new(master.derive_key("token encryption"));
        Self {
            keys: BTreeMap::from([(Self::MASTER.to_owned(), key)]),
            sealing: Self::MASTER.to_owned(),
        }
    }

    /// The ring with one more key, which opens.
    ///
    /// # Errors
    /// [`KeyRingError::Id`].
    pub fn with_key(mut self, id: &str, key: [u8; 32]) -> Result<Self, KeyRingError> {
        let accepts = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
        };
        if !(1..=32).contains(&id.len()) || !id.bytes().all(accepts) || id == Self::MASTER {
            return Err(KeyRingError::Id);
        }
        self.keys.insert(id.to_owned(), Zeroizing::new(key));
        Ok(self)
    }

    /// The ring whose key `id` seals.
    ///
    /// # Errors
    /// [`KeyRingError::Missing`].
    pub fn sealing_with(mut self, id: &str) -> Result<Self, KeyRingError> {
        if !self.keys.contains_key(id) {
            return Err(KeyRingError::Missing);
        }
        self.sealing = id.to_owned();
        Ok(self)
    }

    /// Seals `text` for its place.
    ///
    /// The nonce is made here rather than handed in: one that a caller repeats would give the key away.
    ///
    /// # Errors
    /// [`Error::NoEntropy`], and [`Error::TooLarge`] above what AES-GCM takes at once.
    pub fn seal(&self, text: &SecretText, place: &Place<'_>) -> Result<String, Error> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| Error::NoEntropy)?;
        let id = self.sealing.as_str();
        let context = place.context(id);
        let payload = Payload {
            msg: text.expose().as_bytes(),
            aad: context.as_bytes(),
        };
        let sealed = self
            .cipher(id)?
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Error::TooLarge {
                limit: u64::from(u32::MAX),
            })?;
        let sealed = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
        Ok(format!("{VERSION}.{id}.{sealed}"))
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], and [`Error::Corrupt`] when it was sealed for another place, or changed since.
    pub fn open(&self, sealed: &str, place: &Place<'_>) -> Result<Opened, Error> {
        let what = place.purpose.as_str();
        let corrupt = || Error::corrupt(what, "it was not sealed here, or has been changed");
        let mut parts = sealed.splitn(3, '.');
        let (Some(VERSION), Some(id), Some(sealed)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(corrupt());
        };
        let cipher = self.cipher(id)?;
        let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| corrupt())?;
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(corrupt)?;
        let context = place.context(id);
        let payload = Payload {
            msg: sealed,
            aad: context.as_bytes(),
        };
        let plain = cipher
            .decrypt(nonce.into(), payload)
            .map_err(|_| corrupt())?;
        Ok(Opened {
            text: SecretText::new(String::from_utf8(plain).map_err(|_| corrupt())?),
            is_outdated: id != self.sealing,
        })
    }

    fn cipher(&self, id: &str) -> Result<Aes256Gcm, Error> {
        let key = self.keys.get(id).ok_or_else(|| Error::UnknownKey {
            // Comes from a row, which anybody may have written who can write the table.
            id: id.chars().filter(char::is_ascii_graphic).take(32).collect(),
        })?;
        Ok(Aes256Gcm::new((&**key).into()))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.keys.keys().map(String::as_str).collect();
        formatter
            .debug_struct("KeyRing")
            .field("ids", &ids)
            .field("sealing", &self.sealing)
            .finish()
    }
}

/// What is sealed, and whose it is.
pub struct Place<'a> {
    /// What it is.
    pub purpose: Purpose,
    /// Whose it is.
    pub organization: &'a OrganizationId,
    /// `None` for what belongs to the organization as a whole.
    pub workspace: Option<&'a WorkspaceId>,
}

/// What is sealed: a name that no other kind of secret has.
#[derive(Debug, Clone, Copy)]
pub struct Purpose(&'static str);

/// What was sealed.
#[derive(Debug)]
pub struct Opened {
    /// The text in clear.
    pub text: SecretText,
    /// It was sealed with another key than the one that seals now.
    pub is_outdated: bool,
}

impl Place<'_> {
    /// Neither an id nor a purpose has a slash in it, so no two places give the same text.
    fn context(&self, key: &str) -> String {
        let workspace = self.workspace.map_or("", WorkspaceId::as_str);
        let purpose = self.purpose.as_str();
        format!(
            "{VERSION}/{key}/{purpose}/{}/{workspace}",
            self.organization
        )
    }
}

impl Purpose {
    /// The purpose of this name, which has no slash in it.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    fn as_str(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests;
