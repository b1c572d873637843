//! One contact, wherever it was met: in a company, in a conversation, among those who have changed.

use fail::fail_point;
use intercom::contact::Contact;
use jiff::Timestamp;
use mirror::{Absence, AsOf, Put, from_intercom};

use crate::import::{Importer, Stop};

impl Importer<'_> {
    /// Copies a contact, their companies as far as Intercom names all of them, and their sessions. `false` for
    /// somebody who is not there: put away at Intercom, or erased here.
    pub(super) async fn put_contact(
        &self,
        said: &Contact,
        read_at: Timestamp,
    ) -> Result<bool, Stop> {
        let as_of = AsOf::new(said.updated_at, read_at);
        if said.archived || said.deleted {
            let absence = match said.deleted {
                true => Absence::Deleted,
                false => Absence::Away,
            };
            let contacts = self.mirror.contacts();
            contacts
                .take_away(&said.id, as_of, absence, read_at)
                .await?;
            return Ok(false);
        }
        let contact = from_intercom::contact(said);
        let put = self.mirror.contacts().put(&contact, as_of, read_at).await?;
        if put != Put::Newer {
            let standing = self.mirror.contacts().get(&contact.id, read_at);
            if standing.await?.is_none() {
                return Ok(false);
            }
        }
        fail_point!(crate::steps::PERSON_PUT);
        let companies = said.companies.as_ref().filter(|listed| !listed.has_more);
        if let Some(companies) = companies.filter(|_| self.choices.companies_and_users) {
            let as_of = AsOf::at(read_at);
            let memberships = self.mirror.memberships();
            // Those that are not copied have no people here.
            let copied = self.mirror.companies().get_all(&companies.ids, read_at);
            let copied = copied.await?.into_iter().map(|company| company.id);
            memberships
                .replace(&contact.id, &copied.collect::<Vec<_>>(), as_of, read_at)
                .await?;
        }
        fail_point!(crate::steps::MEMBER_PUT);
        self.join_sessions(&contact, read_at).await?;
        Ok(true)
    }

    /// Reads and copies contacts that a conversation names; those that are gone are gone here as well.
    pub(super) async fn read_contact(&self, id: &str) -> Result<(), Stop> {
        let (access, read_at) = (self.access, self.now());
        let call = self
            .state
            .intercom
            .contact(access.region, &access.token, id);
        match call.await {
            Ok(Some(contact)) => self.put_contact(&contact, read_at).await.map(drop),
            Ok(None) => {
                let contacts = self.mirror.contacts();
                let gone = Absence::Deleted;
                contacts
                    .take_away(id, AsOf::at(read_at), gone, read_at)
                    .await?;
                Ok(())
            }
            Err(error) => Err(self.calls.refused(error).await),
        }
    }
}
