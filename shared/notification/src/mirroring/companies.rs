//! Companies, and who belongs to them.

use futures::{StreamExt, TryStreamExt, stream};
use intercom::company;
use jiff::Timestamp;
use mirror::{Absence, AsOf, Put, from_intercom};

use super::Copying;
use crate::Error;

/// Most pages of a company's people that a notification has read, so that its worker has the time: the hourly
/// import reads the rest.
const MOST_PAGES: u32 = 4;

/// Most people of a company that are looked at when it goes; the import finds the others.
const MOST_PEOPLE: usize = 500;

/// People of a company worked on at the same time.
const CONCURRENT_PEOPLE: usize = 8;

impl Copying<'_> {
    /// Puts a company that is taken; else takes it away. Its people come along with the first word of it.
    pub(super) async fn company(
        &self,
        said: &company::Company,
        read_at: Timestamp,
    ) -> Result<(), Error> {
        let now = self.now();
        let standing = self.mirror.companies().get(&said.id, now).await?;
        let mut company = from_intercom::company(said);
        // Notifications do not name segments: those that are known stay until the company is read.
        if let Some(standing) = &standing {
            if said.segments.is_none() {
                company.segments.clone_from(&standing.segments);
            }
            if said.tags.is_none() {
                company.tags.clone_from(&standing.tags);
            }
        }
        let as_of = AsOf::new(company.updated_at, read_at);
        let Some(until) = self.choices.takes_company(&company, now) else {
            return self.company_away(&said.id, as_of, Absence::Away).await;
        };
        let put = self.mirror.companies().put(&company, as_of, until).await?;
        match put {
            Put::Tied => self.company_again(&said.id).await,
            Put::Newer if standing.is_none() || self.is_repeat => self.people_of(&said.id).await,
            Put::Newer | Put::Older => Ok(()),
        }
    }

    /// Reads a company at Intercom.
    async fn company_again(&self, id: &str) -> Result<(), Error> {
        let Some(access) = self.access().await? else {
            return Ok(());
        };
        let read_at = self.asks_at();
        let call = self
            .state
            .intercom
            .company(access.region, &access.token, id);
        let Some(read) = self.ask(call, |done| done.rate_limit).await? else {
            return Ok(());
        };
        let Some(said) = read.value else {
            let as_of = AsOf::at(read_at);
            return self.company_away(id, as_of, Absence::Away).await;
        };
        let now = self.now();
        let is_known = self.mirror.companies().get(id, now).await?.is_some();
        let company = from_intercom::company(&said);
        let as_of = AsOf::new(company.updated_at, read_at);
        let Some(until) = self.choices.takes_company(&company, now) else {
            return self.company_away(id, as_of, Absence::Away).await;
        };
        let put = self.mirror.companies().put(&company, as_of, until).await?;
        match put {
            Put::Newer if !is_known || self.is_repeat => self.people_of(id).await,
            _ => Ok(()),
        }
    }

    /// A contact came to a company, or left it. What the contact belongs to now, Intercom says.
    pub(super) async fn membership(&self, company: &str, contact: &str) -> Result<(), Error> {
        let is_known = self.mirror.companies().get(company, self.now()).await?;
        if is_known.is_none() {
            // The notification has not all of it.
            self.company_again(company).await?;
        }
        self.contact_again(contact).await
    }

    /// Reads the people of a company that was not known.
    async fn people_of(&self, id: &str) -> Result<(), Error> {
        let Some(access) = self.access().await? else {
            return Ok(());
        };
        for page in 1..=MOST_PAGES {
            let read_at = self.asks_at();
            let intercom = &self.state.intercom;
            let call = intercom.contacts_of_company(access.region, &access.token, id, page);
            let Some(people) = self.ask(call, |page| page.rate_limit).await? else {
                return Ok(());
            };
            let read = people.items.iter();
            let read = read.map(|said| self.contact_read(said, read_at));
            stream::iter(read.collect::<Vec<_>>())
                .buffer_unordered(CONCURRENT_PEOPLE)
                .try_collect::<Vec<()>>()
                .await?;
            if people.next.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// A company is gone for good; so are those of its people that belong to no other.
    pub(super) async fn company_gone(&self, id: &str) -> Result<(), Error> {
        let as_of = AsOf::at(self.happened_at);
        self.company_away(id, as_of, Absence::Deleted).await
    }

    async fn company_away(&self, id: &str, as_of: AsOf, absence: Absence) -> Result<(), Error> {
        let now = self.now();
        let companies = self.mirror.companies();
        let put = companies.take_away(id, as_of, absence).await?;
        if put != Put::Newer {
            return Ok(());
        }
        let memberships = self.mirror.memberships();
        let (members, _) = memberships.of_company(id, (0, MOST_PEOPLE), now).await?;
        let left = members
            .iter()
            .map(|member| self.leave(&member.contact.id, id));
        stream::iter(left.collect::<Vec<_>>())
            .buffer_unordered(CONCURRENT_PEOPLE)
            .try_collect::<Vec<()>>()
            .await?;
        Ok(())
    }

    /// Takes a contact out of a company that is not there any more, and away when it belongs to no other.
    async fn leave(&self, contact: &str, company: &str) -> Result<(), Error> {
        let now = self.now();
        let standing = self.mirror.contacts().get(contact, now).await?;
        let changed_at = standing.as_ref().and_then(|contact| contact.updated_at);
        // As of the company's end: what was read of the contact since has its companies without this one.
        let as_of = AsOf::new(changed_at, self.happened_at);
        let memberships = self.mirror.memberships();
        memberships
            .set((contact, company), false, as_of, now)
            .await?;
        let is_taken = self.belongs_somewhere(contact).await? || self.takes_part(contact).await?;
        if standing.is_some() && !is_taken {
            let contacts = self.mirror.contacts();
            contacts
                .take_away(contact, as_of, Absence::Away, now)
                .await?;
        }
        Ok(())
    }

    /// Whether a contact belongs to a company that is mirrored.
    async fn belongs_somewhere(&self, contact: &str) -> Result<bool, Error> {
        let now = self.now();
        let companies = self.mirror.memberships().companies_of(contact, now).await?;
        let there = self.mirror.companies().get_all(&companies, now).await?;
        Ok(!there.is_empty())
    }
}
