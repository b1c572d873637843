//! What keeps aliases unreadable at rest: one secret, and a key of its own for each organization and purpose.

use std::collections::BTreeSet;
use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{
    Alias, AliasKind, AliasName, Error, OrganizationId, PageAddress, PersonId, SessionId, Standing,
};

/// The secret of the deployment. Everything else is derived from it, so losing it loses every alias.
#[derive(Clone)]
pub struct MasterKey(Hkdf<Sha256>);

impl MasterKey {
    /// Fewest bytes that are taken: as many as the hash below them has.
    pub const MIN_BYTES: usize = 32;

    /// The key made of these random bytes.
    ///
    /// # Errors
    /// [`Error::ShortMasterKey`] below [`Self::MIN_BYTES`].
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, Error> {
        let secret = secret.as_ref();
        if secret.len() < Self::MIN_BYTES {
            return Err(Error::ShortMasterKey {
                length: secret.len(),
            });
        }
        Ok(Self(Hkdf::new(None, secret)))
    }

    /// The keys of one organization: nothing that one of them makes means anything in another's rows.
    #[must_use]
    pub fn organization(&self, organization: &OrganizationId) -> OrganizationKey {
        OrganizationKey {
            hashing: self.derive("alias hash", organization),
            naming: self.derive("person id", organization),
            encryption: self.derive("alias encryption", organization),
            nonces: self.derive("alias nonce", organization),
        }
    }

    /// A key of the deployment rather than of an organization: another one for each purpose.
    #[must_use]
    pub fn derive_key(&self, purpose: &'static str) -> [u8; 32] {
        // Keys of organizations have two parts after the version, so none of them is ever one of these.
        debug_assert!(!purpose.contains('/'), "one part");
        self.expand(&format!("recapt-intercom/1/{purpose}"))
    }

    /// A key of one organization.
    fn derive<const BYTES: usize>(&self, purpose: &str, owner: &OrganizationId) -> [u8; BYTES] {
        self.expand(&format!("recapt-intercom/1/{purpose}/{owner}"))
    }

    /// HKDF-SHA256 (RFC 5869); the info string names the purpose and whose key it is.
    fn expand<const BYTES: usize>(&self, info: &str) -> [u8; BYTES] {
        const {
            assert!(
                BYTES <= 255 * 32,
                "RFC 5869 section 2.3: at most 255 blocks"
            )
        };
        let mut key = [0; BYTES];
        #[expect(clippy::expect_used, reason = "the length is checked at compile time")]
        self.0
            .expand(info.as_bytes(), &mut key)
            .expect("a legal length");
        key
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterKey(redacted)")
    }
}

/// The keys of one organization.
#[derive(Clone)]
pub struct OrganizationKey {
    hashing: HmacKey,
    naming: HmacKey,
    encryption: [u8; 32],
    nonces: HmacKey,
}

/// One block of SHA-256: the size at which HMAC takes a key as it is.
type HmacKey = [u8; 64];

impl OrganizationKey {
    /// What stands for an alias in keys: without the organization's key nobody can test a guess against it.
    #[must_use]
    pub fn hash(&self, alias: &Alias) -> AliasHash {
        self.hash_value(alias.kind(), alias.value())
    }

    /// The alias by its kind and hash.
    #[must_use]
    pub fn name(&self, alias: &Alias) -> AliasName {
        AliasName::new(alias.kind(), &self.hash(alias))
    }

    /// What stands in keys for the alias of this kind and normal value.
    #[must_use]
    pub fn hash_value(&self, kind: AliasKind, value: &str) -> AliasHash {
        AliasHash(hex::encode(mac_of(
            &self.hashing,
            kind.as_str(),
            value,
            b"",
        )))
    }

    /// What stands for a page in keys: 32 hexadecimal digits.
    #[must_use]
    pub fn hash_page(&self, page: &PageAddress) -> String {
        let digest = mac_of(&self.hashing, "page", page.as_str(), b"");
        hex::encode(&digest[..16])
    }

    /// What stands for a text of some kind that is no alias.
    pub(crate) fn hash_text(&self, kind: &str, text: &str) -> [u8; 32] {
        mac_of(&self.hashing, kind, text, b"")
    }

    /// What stands for what was sent, of which not all may be stored: 64 hexadecimal digits. Who reads the
    /// table cannot find by trial what is missing.
    #[must_use]
    pub fn hash_sent(&self, digest: &str) -> String {
        hex::encode(mac_of(&self.hashing, "sent", digest, b""))
    }

    /// What a request that may be repeated makes of its own name instead of something random: nobody else can
    /// tell it, and the same request makes the same.
    #[must_use]
    pub fn instead_of_random(&self, purpose: &'static str, name: &str) -> [u8; 32] {
        mac_of(&self.naming, purpose, name, b"")
    }

    /// The verified person that begins with this alias. Whoever meets the alias first, however often, makes
    /// the same one.
    #[must_use]
    pub fn verified_person(&self, alias: &Alias) -> PersonId {
        PersonId::of_digest(Standing::Verified, mac(&self.naming, alias, b""))
    }

    /// Whoever is recorded in a browser of which nobody has said more than this alias.
    #[must_use]
    pub fn unnamed_person(&self, alias: &Alias) -> PersonId {
        PersonId::of_digest(Standing::Unnamed, mac(&self.naming, alias, b""))
    }

    /// Whoever is claimed to have exactly these names. Other names, or fewer, are somebody else: so a claim
    /// joins nobody with anybody. The browsers among them tell nobody apart and are left out.
    #[must_use]
    pub fn claimed_person(&self, names: &BTreeSet<AliasName>) -> PersonId {
        let identities = names.iter().filter(|name| name.is_identity());
        let identities: Vec<String> = identities.map(ToString::to_string).collect();
        let has_user_id = names.iter().any(|name| name.kind == AliasKind::UserId);
        let standing = match has_user_id {
            true => Standing::Claimed,
            false => Standing::ClaimedEmail,
        };
        let digest = mac_of(&self.naming, "claim", &identities.join("\n"), b"");
        PersonId::of_digest(standing, digest)
    }

    /// Whoever is recorded in a session about whom nothing else is known.
    #[must_use]
    pub fn person_of_session(&self, session: &SessionId) -> PersonId {
        PersonId::of_digest(
            Standing::Unnamed,
            mac_of(&self.naming, "session", session.as_str(), b""),
        )
    }

    /// The AES-256 key under which alias values are kept.
    #[must_use]
    pub fn encryption(&self) -> &[u8; 32] {
        &self.encryption
    }

    /// The nonce for encrypting `alias` within `context`: equal for equal input only.
    ///
    /// Derived and not random, so that storing an alias twice stores the same bytes. 96 bits of a keyed hash
    /// repeat as rarely as random nonces do.
    #[must_use]
    pub fn nonce(&self, alias: &Alias, context: &[u8]) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&mac(&self.nonces, alias, context)[..12]);
        nonce
    }
}

impl fmt::Debug for OrganizationKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OrganizationKey(redacted)")
    }
}

fn mac(key: &HmacKey, alias: &Alias, context: &[u8]) -> [u8; 32] {
    mac_of(key, alias.kind().as_str(), alias.value(), context)
}

/// HMAC-SHA-256 over kind, value and context. No kind holds a zero byte and the value's length stands before
/// it, so two different inputs are never the same message. Kinds are those of aliases, and others that are
/// none of them.
fn mac_of(key: &HmacKey, kind: &str, value: &str, context: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new(key.into());
    mac.update(kind.as_bytes());
    mac.update(&[0]);
    mac.update(&(value.len() as u64).to_be_bytes());
    mac.update(value.as_bytes());
    mac.update(context);
    mac.finalize().into_bytes().into()
}

/// An alias as it stands in keys: 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AliasHash(String);

impl AliasHash {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash that stands in a stored key.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it is not 64 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let digits = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == 64 && digits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::Malformed {
                name: "alias hash",
                rule: "64 hexadecimal digits",
            })
        }
    }
}

impl TryFrom<String> for AliasHash {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        Self::parse(&text)
    }
}

impl From<AliasHash> for String {
    fn from(hash: AliasHash) -> String {
        hash.0
    }
}

impl fmt::Display for AliasHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(secret: u8, organization: &str) -> OrganizationKey {
        let organization = OrganizationId::parse(organization).unwrap();
        MasterKey::new([secret; 32])
            .unwrap()
            .organization(&organization)
    }

    #[test]
    fn a_hash_is_worth_nothing_elsewhere() {
        let alias = Alias::email("ada@example.com").unwrap();
        let hash = key(1, "org_a").hash(&alias);
        assert_eq!(hash, key(1, "org_a").hash(&alias));
        assert_ne!(hash, key(1, "org_b").hash(&alias));
        assert_ne!(hash, key(2, "org_a").hash(&alias));
    }

    #[test]
    fn kinds_do_not_share_hashes_or_people() {
        let (user, visitor) = (
            Alias::user_id("7a").unwrap(),
            Alias::visitor_id("7a").unwrap(),
        );
        let key = key(1, "org_a");
        assert_ne!(key.hash(&user), key.hash(&visitor));
        assert_ne!(key.unnamed_person(&user), key.unnamed_person(&visitor));
    }

    #[test]
    fn a_short_master_key_is_refused() {
        assert!(matches!(
            MasterKey::new([0; 31]),
            Err(Error::ShortMasterKey { length: 31 })
        ));
    }

    #[test]
    fn every_purpose_has_a_key_of_its_own() {
        let master = MasterKey::new([1; 32]).unwrap();
        assert_eq!(master.derive_key("cookies"), master.derive_key("cookies"));
        assert_ne!(master.derive_key("cookies"), master.derive_key("tokens"));
        let other = MasterKey::new([2; 32]).unwrap();
        assert_ne!(master.derive_key("cookies"), other.derive_key("cookies"));
    }

    #[test]
    fn debug_shows_no_key() {
        let master = MasterKey::new([0x41; 32]).unwrap();
        let organization = OrganizationId::parse("org_a").unwrap();
        assert_eq!(format!("{master:?}"), "MasterKey(redacted)");
        assert_eq!(
            format!("{:?}", master.organization(&organization)),
            "OrganizationKey(redacted)"
        );
    }

    #[test]
    fn a_hash_does_not_change_between_releases() {
        // Stored rows are found by it: this value may never change.
        let hash = key(1, "org_a").hash(&Alias::email("ada@example.com").unwrap());
        assert_eq!(
            hash.as_str(),
            "405777452678dcc9ed66b3d2907aaf8acab9a587edb5a5561b25c89e40b7817b"
        );
    }

    proptest! {
        #[test]
        fn text_moved_between_value_and_context_is_another_nonce(
            value in "[a-z]{2,8}", context in "[a-z]{0,8}", cut in 1_usize..8,
        ) {
            let cut = cut.min(value.len() - 1);
            let (left, right) = value.split_at(cut);
            prop_assume!(Alias::user_id(left).is_ok() && Alias::user_id(&value).is_ok());
            let key = key(1, "org_a");
            let whole = key.nonce(&Alias::user_id(&value).unwrap(), context.as_bytes());
            let moved = key.nonce(&Alias::user_id(left).unwrap(), format!("{right}{context}").as_bytes());
            prop_assert_ne!(whole, moved);
        }

        #[test]
        fn a_hash_parses_back(value in "[a-z]{1,20}x") {
            let hash = key(1, "org_a").hash(&Alias::user_id(&value).unwrap());
            prop_assert_eq!(AliasHash::parse(hash.as_str()), Ok(hash));
        }
    }
}
