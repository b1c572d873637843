//! What is sealed with the token keys. No two purposes have the same name, so nothing that was sealed for one
//! opens for another.

use table::Purpose;

/// A workspace's token.
pub(crate) const TOKEN: Purpose = Purpose::new("token");
/// An organization's write key, to be shown again.
pub(crate) const WRITE_KEY: Purpose = Purpose::new("write key");
/// A new secret key on its way to the settings page.
pub(crate) const FIRST_SECRET_KEY: Purpose = Purpose::new("first secret key");

#[cfg(test)]
mod tests {
    use identity::{MasterKey, OrganizationId};
    use table::{KeyRing, Place, SecretText};

    use super::*;

    #[test]
    fn what_is_sealed_for_one_purpose_opens_for_no_other() {
        let ring = KeyRing::of_master(&MasterKey::new([3; 32]).unwrap());
        let organization = OrganizationId::parse("org_a").unwrap();
        let place = |purpose| Place {
            purpose,
            organization: &organization,
            workspace: None,
        };
        let all = [TOKEN, WRITE_KEY, FIRST_SECRET_KEY];
        for (sealed_for, purpose) in all.iter().enumerate() {
            let sealed = ring.seal(&SecretText::new("t"), &place(*purpose)).unwrap();
            for (opened_for, purpose) in all.iter().enumerate() {
                let is_opened = ring.open(&sealed, &place(*purpose)).is_ok();
                assert_eq!(is_opened, sealed_for == opened_for, "{purpose:?}");
            }
        }
    }
}
