//! Alias values at rest: sealed with AES-256-GCM under the organization's key, bound to their session.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use identity::{Alias, AliasKind, OrganizationId, OrganizationKey, SessionId};

use crate::Error;

const NONCE_BYTES: usize = 12;

/// Seals the aliases of one session: nobody can move what it made to another session or organization.
pub(crate) struct Cipher {
    key: OrganizationKey,
    aes: Aes256Gcm,
    context: Vec<u8>,
}

impl Cipher {
    pub(crate) fn new(
        key: OrganizationKey,
        organization: &OrganizationId,
        session: &SessionId,
    ) -> Self {
        Self {
            aes: Aes256Gcm::new(key.encryption().into()),
            key,
            // No organization has a slash in it, so no two pairs give the same context.
            context: format!("{organization}/{session}").into_bytes(),
        }
    }

    /// Nonce and ciphertext. The same alias gives the same bytes, so a set of them holds it once.
    pub(crate) fn seal(&self, alias: &Alias) -> Result<Vec<u8>, Error> {
        let nonce = self.key.nonce(alias, &self.context);
        let plain = format!("{}={}", alias.kind(), alias.value());
        let payload = Payload {
            msg: plain.as_bytes(),
            aad: &self.context,
        };
        let sealed = self
            .aes
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| Error::TooLarge {
                limit: u64::from(u32::MAX),
            })?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Kind and value of a sealed alias.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<(AliasKind, String), Error> {
        let corrupt = || {
            Error::corrupt(
                "alias",
                "it was not sealed here, or the master key has changed",
            )
        };
        let (nonce, sealed) = sealed
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(corrupt)?;
        let payload = Payload {
            msg: sealed,
            aad: &self.context,
        };
        let plain = self
            .aes
            .decrypt(nonce.into(), payload)
            .map_err(|_| corrupt())?;
        let plain = String::from_utf8(plain).map_err(|_| corrupt())?;
        let (kind, value) = plain.split_once('=').ok_or_else(corrupt)?;
        Ok((
            AliasKind::from_name(kind).ok_or_else(corrupt)?,
            value.to_owned(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use identity::MasterKey;

    use super::*;

    fn cipher(organization: &str, session: &str) -> Cipher {
        let organization = OrganizationId::parse(organization).unwrap();
        let key = MasterKey::new([3; 32]).unwrap().organization(&organization);
        Cipher::new(key, &organization, &SessionId::parse(session).unwrap())
    }

    #[test]
    fn a_sealed_alias_opens_again_and_only_in_its_place() {
        let alias = Alias::user_id("a=b").unwrap();
        let sealed = cipher("org_a", "s1").seal(&alias).unwrap();
        let opened = cipher("org_a", "s1").open(&sealed).unwrap();
        assert_eq!(opened, (AliasKind::UserId, "a=b".to_owned()));
        for elsewhere in [cipher("org_a", "s2"), cipher("org_b", "s1")] {
            assert!(matches!(
                elsewhere.open(&sealed),
                Err(Error::Corrupt { .. })
            ));
        }
    }

    #[test]
    fn sealing_twice_gives_the_same_bytes() {
        let alias = Alias::email("ada@example.com").unwrap();
        let (first, again) = (
            cipher("org_a", "s1").seal(&alias),
            cipher("org_a", "s1").seal(&alias),
        );
        assert_eq!(first.unwrap(), again.unwrap());
        assert_ne!(
            cipher("org_a", "s1").seal(&alias).unwrap(),
            cipher("org_a", "s2").seal(&alias).unwrap()
        );
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        let mut sealed = cipher("org_a", "s1")
            .seal(&Alias::email("ada@example.com").unwrap())
            .unwrap();
        assert!(cipher("org_a", "s1").open(&sealed[..5]).is_err());
        sealed[20] ^= 1;
        assert!(cipher("org_a", "s1").open(&sealed).is_err());
    }
}
