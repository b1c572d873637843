//! Pages at rest: sealed with AES-256-GCM under the organization's key, bound to their conversation.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use identity::{ConversationId, OrganizationId, OrganizationKey, PageAddress};

use crate::Error;

const NONCE_BYTES: usize = 12;

/// Seals the page that one conversation began on.
pub(crate) struct PageCipher {
    aes: Aes256Gcm,
    context: Vec<u8>,
}

impl PageCipher {
    pub(crate) fn new(
        key: &OrganizationKey,
        organization: &OrganizationId,
        conversation: &ConversationId,
    ) -> Self {
        Self {
            aes: Aes256Gcm::new(key.encryption().into()),
            // Neither an organization nor a session has a slash in it: no context of anything else is the same.
            context: format!("{organization}/conversation/{conversation}").into_bytes(),
        }
    }

    /// Nonce and ciphertext.
    pub(crate) fn seal(&self, page: &PageAddress) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| Error::NoEntropy)?;
        let payload = Payload {
            msg: page.as_str().as_bytes(),
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

    /// The page that was sealed.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<PageAddress, Error> {
        let corrupt = || {
            Error::corrupt(
                "page",
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
        PageAddress::of(&format!("https://{plain}")).ok_or_else(corrupt)
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
