//! Telling that somebody has another external id.

use http::StatusCode;
use intercom::rest::ContactWrite;

use super::call::{failed, is_gone};
use super::{Courier, Progress, Stop, Telling, Verdict};
use crate::lane::id_hash;
use crate::person::contact_map::ERASED;

impl Courier<'_> {
    /// The contact with the former id gets the new one where nobody has that; else both ids lead to
    /// whoever has the new one, because Intercom merges no two users.
    pub(super) async fn tell_alias(
        &mut self,
        telling: &Telling<'_>,
        previous_id: &str,
        user_id: &str,
    ) -> Progress<()> {
        if !telling.rules.trust.covers_others() {
            return Err(Stop::With(Verdict::Dropped("claim_of_another_id")));
        }
        let (before, after) = (
            id_hash(&self.outbox.key, previous_id),
            id_hash(&self.outbox.key, user_id),
        );
        let hashes = [Some(before.as_str()), Some(after.as_str())];
        let known = self.outbox.known_contacts(self.workspace, hashes).await?;
        if known.erased_at >= Some(telling.timestamp) {
            return Err(Stop::With(Verdict::Dropped(ERASED)));
        }
        let [old, new] = known.contacts;
        let old = match old {
            Some(known) => Some(known.contact),
            None => self.find_by_external_id(previous_id).await?,
        };
        let new = match new {
            Some(known) => Some(known.contact),
            None => self.find_by_external_id(user_id).await?,
        };
        match (old, new) {
            (Some(old), Some(new)) if old == new => Ok(()),
            (old, Some(new)) => {
                if old.is_some() {
                    self.warn("both_contacts_stay");
                }
                self.remember_anonymous(&before, &new).await
            }
            (Some(old), None) => self.rename(telling, &old, (&before, &after), user_id).await,
            (None, None) => {
                let contact = self.require_contact(telling).await?;
                self.remember_anonymous(&before, &contact).await
            }
        }
    }

    async fn rename(
        &mut self,
        telling: &Telling<'_>,
        contact: &str,
        (before, after): (&str, &str),
        user_id: &str,
    ) -> Progress<()> {
        let write = ContactWrite {
            external_id: Some(user_id.to_owned()),
            ..ContactWrite::default()
        };
        self.reserve().await?;
        let asked = self
            .intercom
            .update_contact(self.region, self.token, contact, &write)
            .await;
        match self
            .heard("PUT", format!("/contacts/{contact}"), asked)
            .await?
        {
            Ok(_) => {
                self.remember(after, contact, None).await?;
                self.remember_anonymous(before, contact).await
            }
            Err(refusal) if is_gone(&refusal) => {
                self.outbox
                    .forget_contact(self.workspace, before, contact)
                    .await?;
                self.forget_gone(telling, contact, &refusal).await?;
                Err(Stop::With(Verdict::Unavailable))
            }
            // Somebody has the new id by now: the next run finds them.
            Err(refusal) if refusal.status == StatusCode::CONFLICT => {
                Err(Stop::With(Verdict::Unavailable))
            }
            Err(refusal) => Err(failed(&refusal)),
        }
    }
}
