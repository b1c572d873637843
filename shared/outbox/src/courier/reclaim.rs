//! Taking an e-mail address back from a contact that has it by a claim alone.
//!
//! Intercom gives an address to one user. Otherwise whoever claims an address first would keep it from
//! the one whose it is.

use super::call::is_gone;
use super::{Courier, Progress, Step, Telling};
use crate::person::contact_map::KnownContact;

/// Who has an e-mail address, as far as our memory says, after claims have given way.
pub(super) struct AddressHolder {
    /// `None` when nobody is remembered.
    pub(super) known: Option<KnownContact>,
    /// Our memory is to say from now on that the address is the contact's, whoever it is.
    pub(super) is_to_be_noted: bool,
    /// Somebody had it by a claim until now.
    pub(super) is_free: bool,
}

impl Courier<'_> {
    /// Takes the event's address from whoever has it by a claim alone, if the event proves that it is
    /// somebody else's: the one with `owner`'s id, or somebody new.
    pub(super) async fn reclaim_email(
        &mut self,
        telling: &Telling<'_>,
        known: Option<KnownContact>,
        owner: Option<&str>,
    ) -> Progress<AddressHolder> {
        // Other steps would leave the address with nobody.
        let is_told = telling
            .steps
            .iter()
            .any(|step| matches!(step, Step::Contact(_)));
        let is_proven = telling.rules.trust.covers_email() && is_told;
        let is_to_be_noted = known
            .as_ref()
            .is_none_or(|known| known.claimed && is_proven);
        // Whoever has no external id is not another one: they get the proven one.
        let is_anothers = |known: &KnownContact| {
            known.claimed && is_proven && known.external.is_some() && owner != Some(&*known.contact)
        };
        let is_free = match &known {
            Some(known) if is_anothers(known) => self.clear_email(telling, &known.contact).await?,
            _ => false,
        };
        Ok(AddressHolder {
            known: known.filter(|_| !is_free),
            is_to_be_noted,
            is_free,
        })
    }

    /// Whether a contact has not the event's address from now on; `false` when Intercom leaves it there.
    async fn clear_email(&mut self, telling: &Telling<'_>, contact: &str) -> Progress<bool> {
        let normal = |email: &Option<String>| email.as_deref().map(|it| it.trim().to_lowercase());
        // Somebody may have given them another one at Intercom.
        match self.read_contact(contact).await? {
            Some(found) if normal(&found.email) == normal(&telling.who.email) => {}
            _ => return Ok(true),
        }
        self.reserve().await?;
        let asked = self
            .intercom
            .clear_email(self.region, self.token, contact)
            .await;
        let path = format!("/contacts/{contact}");
        let answered = self.heard("PUT", path, asked).await?;
        Ok(match answered {
            Ok(_) => true,
            Err(refusal) => is_gone(&refusal),
        })
    }
}
