//! What somebody did.

use identity::Alias;
use intercom::data_event::DataEvent;
use mirror::from_intercom;

use super::Copying;
use crate::Error;

impl Copying<'_> {
    /// Puts an event of a name that is taken; of one that is ignored it is noted that there was one.
    pub(super) async fn event(&self, said: &DataEvent) -> Result<(), Error> {
        let at = said.created_at.unwrap_or(self.happened_at);
        let events = self.mirror.events();
        if !self.choices.takes_event(&said.name) {
            if self.choices.companies_and_users && self.choices.events {
                events.note_ignored(&said.name, at).await?;
            }
            return Ok(());
        }
        let Some(until) = self.kept_until(at) else {
            return Ok(());
        };
        let Some(contact) = self.doer(said).await? else {
            tracing::info!("an event of somebody who is not mirrored");
            return Ok(());
        };
        if self.mirror.contacts().is_erased(&contact).await? {
            return Ok(());
        }
        let event = from_intercom::event(said, &contact);
        events
            .put(&event, self.happened_at, until, self.now())
            .await?;
        Ok(())
    }

    /// Whose it is, by Intercom's id; `None` when nobody is mirrored who could be meant.
    async fn doer(&self, said: &DataEvent) -> Result<Option<String>, Error> {
        if let Some(contact) = &said.contact_id {
            return Ok(Some(contact.clone()));
        }
        let user_id = said.user_id.as_deref().map(Alias::user_id);
        let email = said.email.as_deref().map(Alias::email);
        for alias in [user_id, email].into_iter().flatten().flatten() {
            let found = self.mirror.contacts().find(&alias, self.now()).await?;
            if let Some(contact) = found.into_iter().next() {
                return Ok(Some(contact.id));
            }
        }
        Ok(None)
    }
}
