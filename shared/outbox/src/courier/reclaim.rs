//! Taking an e-mail address back from a contact that has it by a claim alone.
//!
//! Intercom gives an address to one user. Otherwise whoever claims an address first would keep it from the
//! one whose it is.

use super::call::is_gone;
use super::{Courier, Progress, Telling};
use crate::person::contact_map::KnownContact;

/// Who has an e-mail address, as far as our memory says, after claims have given way.
pub(super) struct Holder {
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
    ) -> Progress<Holder> {
        let is_proven = telling.rules.trust.covers_email();
        let is_to_be_noted = known
            .as_ref()
            .is_none_or(|known| known.claimed && is_proven);
        // Whoever has no external id is not another one: they get the proven one.
        let is_anothers = |known: &KnownContact| {
            known.claimed && is_proven && known.external.is_some() && owner != Some(&*known.contact)
        };
        let is_free = match &known {
            Some(known) if is_anothers(known) => self.clear_email(&known.contact).await?,
            _ => false,
        };
        Ok(Holder {
            known: known.filter(|_| !is_free),
            is_to_be_noted,
            is_free,
        })
    }

    /// Whether a contact has no address from now on; `false` when Intercom leaves it there.
    async fn clear_email(&mut self, contact: &str) -> Progress<bool> {
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
