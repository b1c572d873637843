//! Leads and users.

use intercom::contact;
use jiff::Timestamp;
use mirror::{Absence, AsOf, MAX_COMPANIES, MomentKind, Put, from_intercom};

use super::Copying;
use crate::Error;

/// Most conversations of a lead that are read again when it becomes part of a user, the latest.
const MOST_CONVERSATIONS: usize = 200;

impl Copying<'_> {
    /// What a notification says of a contact. It names ten companies: of more, and when it is as new as
    /// something else, Intercom is asked.
    pub(super) async fn contact(
        &self,
        said: &contact::Contact,
        read_at: Timestamp,
    ) -> Result<(), Error> {
        let has_all = |said: &contact::Contact| {
            let companies = said.companies.as_ref();
            companies.is_some_and(|companies| !companies.has_more)
        };
        if self.choices.companies_and_users && !has_all(said) {
            return self.contact_again(&said.id).await;
        }
        if self.put_contact(said, None, read_at).await? == Put::Tied {
            return self.contact_again(&said.id).await;
        }
        Ok(())
    }

    /// Reads a contact at Intercom.
    pub(super) async fn contact_again(&self, id: &str) -> Result<(), Error> {
        let Some(access) = self.access().await? else {
            return Ok(());
        };
        let read_at = self.asks_at();
        let call = self
            .state
            .intercom
            .contact(access.region, &access.token, id);
        match self.ask(call, |_| None).await? {
            None => Ok(()),
            Some(None) => {
                let (as_of, now) = (AsOf::at(read_at), self.now());
                let contacts = self.mirror.contacts();
                contacts.take_away(id, as_of, Absence::Away, now).await?;
                Ok(())
            }
            Some(Some(said)) => self.contact_read(&said, read_at).await,
        }
    }

    /// What Intercom answered of a contact.
    pub(super) async fn contact_read(
        &self,
        said: &contact::Contact,
        read_at: Timestamp,
    ) -> Result<(), Error> {
        let has_more = said
            .companies
            .as_ref()
            .is_some_and(|listed| listed.has_more);
        let companies = match self.choices.companies_and_users && has_more {
            true => self.companies_of(&said.id).await?,
            false => None,
        };
        self.put_contact(said, companies, read_at).await?;
        Ok(())
    }

    /// All companies of a contact that has more than Intercom shows with it; `None` when they cannot be read.
    async fn companies_of(&self, id: &str) -> Result<Option<Vec<String>>, Error> {
        let Some(access) = self.access().await? else {
            return Ok(None);
        };
        let mut companies = Vec::new();
        for page in 1.. {
            let intercom = &self.state.intercom;
            let call = intercom.companies_of_contact(access.region, &access.token, id, page);
            let Some(read) = self.ask(call, |page| page.rate_limit).await? else {
                return Ok(None);
            };
            companies.extend(read.items.into_iter().map(|company| company.id));
            if read.next.is_none() || companies.len() >= MAX_COMPANIES {
                break;
            }
        }
        Ok(Some(companies))
    }

    /// Puts a contact who is taken; else takes it away. `companies`: all of them, when the contact itself has
    /// not all.
    async fn put_contact(
        &self,
        said: &contact::Contact,
        companies: Option<Vec<String>>,
        read_at: Timestamp,
    ) -> Result<Put, Error> {
        let now = self.now();
        let as_of = AsOf::new(said.updated_at, read_at);
        let contacts = self.mirror.contacts();
        // Boxed, as all that writes: each is rarely needed, and not to be carried by every notification.
        let away = || Box::pin(contacts.take_away(&said.id, as_of, Absence::Away, now));
        if said.archived || said.deleted {
            return Ok(away().await?);
        }
        let taken = match self.choices.companies_and_users {
            true => {
                let listed = said.companies.as_ref().map(|listed| listed.ids.clone());
                let companies = companies.or(listed).unwrap_or_default();
                let there = self.mirror.companies().get_all(&companies, now).await?;
                let there: Vec<_> = there.into_iter().map(|company| company.id).collect();
                let is_taken = !there.is_empty() || self.takes_part(&said.id).await?;
                is_taken.then_some(there)
            }
            false => self.takes_part(&said.id).await?.then(Vec::new),
        };
        let Some(companies) = taken else {
            return Ok(away().await?);
        };
        let mut contact = from_intercom::contact(said);
        if said.segments.is_none() || said.tags.as_ref().is_none_or(|tags| tags.has_more) {
            self.keep_lists(said, &mut contact, now).await?;
        }
        let put = Box::pin(contacts.put(&contact, as_of, now)).await?;
        if put == Put::Newer {
            let memberships = self.mirror.memberships();
            Box::pin(memberships.replace(&contact.id, &companies, as_of, now)).await?;
        }
        Ok(put)
    }

    /// Segments, which contacts do not name, stay as they are known until they are asked for; so do tags that
    /// are not all named.
    async fn keep_lists(
        &self,
        said: &contact::Contact,
        contact: &mut mirror::Contact,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Some(standing) = self.mirror.contacts().get(&said.id, now).await? else {
            return Ok(());
        };
        if said.segments.is_none() {
            contact.segments = standing.segments;
        }
        if said.tags.is_none() {
            contact.tags = standing.tags;
        }
        Ok(())
    }

    /// Whether a contact takes part in a conversation that is mirrored.
    pub(super) async fn takes_part(&self, id: &str) -> Result<bool, Error> {
        let kind = MomentKind::Conversation;
        let moments = self.mirror.moments();
        let latest = moments.of_contact(id, kind, None, 1, self.now()).await?;
        Ok(!latest.is_empty())
    }

    /// A contact was put away at Intercom.
    pub(super) async fn contact_away(&self, said: &contact::Contact) -> Result<(), Error> {
        let as_of = AsOf::new(said.updated_at, self.happened_at);
        let contacts = self.mirror.contacts();
        let away = contacts.take_away(&said.id, as_of, Absence::Away, self.now());
        if away.await? == Put::Tied {
            return self.contact_again(&said.id).await;
        }
        Ok(())
    }

    /// A contact is gone for good.
    pub(super) async fn contact_gone(&self, id: &str) -> Result<(), Error> {
        let as_of = AsOf::at(self.happened_at);
        let contacts = self.mirror.contacts();
        let gone = contacts.take_away(id, as_of, Absence::Deleted, self.now());
        gone.await?;
        Ok(())
    }

    /// A lead has become part of a user: its conversations are the user's.
    pub(super) async fn merged(
        &self,
        survivor: &contact::Contact,
        absorbed: Option<&str>,
    ) -> Result<(), Error> {
        if let Some(absorbed) = absorbed {
            // First that it is gone: whoever puts a conversation of it from now on sees that, and reads the
            // conversation again.
            self.contact_gone(absorbed).await?;
            if self.choices.conversations {
                let (kind, now) = (MomentKind::Conversation, self.now());
                let moments = self.mirror.moments();
                let theirs = moments.of_contact(absorbed, kind, None, MOST_CONVERSATIONS, now);
                for moment in theirs.await? {
                    self.conversation_again(&moment.id).await?;
                }
            }
        }
        self.contact(survivor, self.happened_at).await
    }
}
