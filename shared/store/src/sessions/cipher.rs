//! Alias values at rest: sealed under the organization's key, bound to their session.

use identity::{Alias, AliasKind, OrganizationId, OrganizationKey, SessionId};
use table::Sealer;

/// Seals the aliases of one session.
pub(crate) struct Cipher {
    key: OrganizationKey,
    sealer: Sealer,
}

impl Cipher {
    pub(crate) fn new(
        key: OrganizationKey,
        organization: &OrganizationId,
        session: &SessionId,
    ) -> Self {
        // Neither has a slash in it, so no two pairs give the same place.
        let place = format!("{organization}/{session}");
        Self {
            sealer: Sealer::new(&key, "alias", place),
            key,
        }
    }

    /// Nonce and ciphertext. The same alias gives the same bytes, so a set of them holds it once.
    pub(crate) fn seal(&self, alias: &Alias) -> Result<Vec<u8>, table::Error> {
        let nonce = self.key.nonce(alias, self.sealer.place());
        let plain = format!("{}={}", alias.kind(), alias.value());
        self.sealer.seal(nonce, &plain)
    }

    /// Kind and value of a sealed alias.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<(AliasKind, String), table::Error> {
        let plain = self.sealer.open(sealed)?;
        let alias = plain
            .split_once('=')
            .and_then(|(kind, value)| Some((AliasKind::from_name(kind)?, value.to_owned())));
        alias.ok_or_else(|| self.sealer.corrupt())
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
                Err(table::Error::Corrupt { .. })
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
