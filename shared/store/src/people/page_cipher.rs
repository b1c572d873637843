//! Pages at rest: sealed under the organization's key, bound to their conversation.

use identity::{ConversationId, OrganizationId, OrganizationKey, PageAddress};
use table::{Sealer, random_nonce};

/// Seals the page that one conversation began on.
pub(crate) struct PageCipher(Sealer);

impl PageCipher {
    pub(crate) fn new(
        key: &OrganizationKey,
        organization: &OrganizationId,
        conversation: &ConversationId,
    ) -> Self {
        // Neither an organization nor a session has a slash in it: no place of anything else is the same.
        let place = format!("{organization}/conversation/{conversation}");
        Self(Sealer::new(key, "page", place))
    }

    /// Nonce and ciphertext.
    pub(crate) fn seal(&self, page: &PageAddress) -> Result<Vec<u8>, table::Error> {
        self.0.seal(random_nonce()?, page.as_str())
    }

    /// The page that was sealed.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<PageAddress, table::Error> {
        let plain = self.0.open(sealed)?;
        PageAddress::of(&format!("https://{plain}")).ok_or_else(|| self.0.corrupt())
    }
}

#[cfg(test)]
mod tests {
    use identity::MasterKey;

    use super::*;

    fn cipher(organization: &str, conversation: &str) -> PageCipher {
        let organization = OrganizationId::parse(organization).unwrap();
        let key = MasterKey::new([3; 32]).unwrap().organization(&organization);
        let conversation = ConversationId::parse(conversation).unwrap();
        PageCipher::new(&key, &organization, &conversation)
    }

    #[test]
    fn a_sealed_page_opens_again_and_only_in_its_place() {
        for url in ["https://shop.example/cart", "https://shop.example"] {
            let page = PageAddress::of(url).unwrap();
            let sealed = cipher("org_a", "7").seal(&page).unwrap();
            assert_eq!(cipher("org_a", "7").open(&sealed).unwrap(), page);
            for elsewhere in [cipher("org_a", "8"), cipher("org_b", "7")] {
                assert!(elsewhere.open(&sealed).is_err());
            }
        }
    }
}
