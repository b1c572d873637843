//! Forgetting: a contact who is erased, and a whole workspace when its import is turned off or it is
//! disconnected.

use jiff::{Timestamp, ToSpan};
use table::key_of;

use crate::as_of::AsOf;
use crate::companies::LAST;
use crate::events::day_of;
use crate::moment::MomentKind;
use crate::record::{Absence, Order};
use crate::rows;
use crate::{Error, WorkspaceMirror};

/// Rows of a list that one step works through.
const A_STEP: usize = 25;

/// Most rows of a partition that are deleted at a time.
const A_TIME: usize = 1_000;

/// Days of events that may be there: those of the longest retention, and of a clock that is ahead.
const MAX_DAYS: i32 = 367;

/// What a step of forgetting left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forgotten {
    /// There may be more.
    More,
    /// Nothing is left.
    All,
}

impl WorkspaceMirror<'_> {
    /// Erases a contact: who they are, what they said and did. Nothing that Intercom says of them later
    /// brings them back.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: it may be repeated.
    pub async fn erase_contact(&self, contact: &str, now: Timestamp) -> Result<(), Error> {
        const A_PAGE: usize = 100;
        loop {
            let moments = self.moments();
            let kind = MomentKind::Conversation;
            let there = moments.of_contact(contact, kind, None, A_PAGE, now).await?;
            if there.is_empty() {
                break;
            }
            for moment in there {
                self.conversations()
                    .erase_contact(&moment.id, contact, now)
                    .await?;
                let of = (kind, moment.at, &*moment.id);
                moments.take_away(of, contact, AsOf::at(now), now).await?;
            }
        }
        self.contacts()
            .take_away(contact, AsOf::at(now), Absence::Erased, now)
            .await?;
        let id = rows::of_id(contact);
        let partition = self.keys.contact_partition(&id);
        for kind in MomentKind::ALL {
            let kind = kind.as_key();
            self.delete_range(&partition, &format!("{kind}#")).await?;
        }
        Ok(())
    }

    /// Takes one step of forgetting everything that was mirrored of the workspace, but for what was chosen.
    ///
    /// # Errors
    /// As [`Self::erase_contact`].
    pub async fn forget_step(&self, now: Timestamp) -> Result<Forgotten, Error> {
        if self.forget_contacts(now).await? == Forgotten::More
            || self.forget_conversations().await? == Forgotten::More
            || self.forget_companies(now).await? == Forgotten::More
        {
            return Ok(Forgotten::More);
        }
        let mut day = day_of(now).saturating_add(1.day());
        for _ in 0..MAX_DAYS {
            self.delete_range(&self.keys.events(day), "AT#").await?;
            day = day.saturating_sub(1.day());
        }
        self.delete_range(&self.keys.event_names(), "NAME#").await?;
        self.delete_range(&self.keys.uncounted_partition(), "COMPANY#")
            .await?;
        let lists = ["tags", "segments", "admins"].map(|kind| self.keys.vocabulary(kind));
        self.delete("forget lists", &lists).await?;
        Ok(Forgotten::All)
    }

    async fn forget_contacts(&self, now: Timestamp) -> Result<Forgotten, Error> {
        let contacts = self.contacts().ids_after(None, A_STEP).await?;
        for contact in &contacts {
            let id = rows::of_id(contact);
            let mut keys = Vec::new();
            if let Some(there) = self.contacts().get(contact, now).await? {
                let names = self.contacts().names(&there);
                keys.extend(names.iter().map(|name| self.keys.alias(name, &id)));
            }
            self.delete("forget a contact's names", &keys).await?;
            self.delete_range(&self.keys.contact_partition(&id), "")
                .await?;
            // The last: until it is gone, somebody comes back for the rest.
            let listed = self.keys.listed_contact(&id);
            self.delete("forget a contact", &[listed]).await?;
        }
        Ok(match contacts.is_empty() {
            true => Forgotten::All,
            false => Forgotten::More,
        })
    }

    async fn forget_conversations(&self) -> Result<Forgotten, Error> {
        let range = ("AT#", &*format!("AT#{LAST}"));
        let partition = self.keys.conversations();
        let find = "find conversations to forget";
        let listed = self
            .items(find, partition, range, Order::Ascending, A_STEP)
            .await?;
        for item in &listed {
            let key = key_of(item)?;
            let id = key.sort.rsplit('#').next().unwrap_or_default();
            self.delete_range(&self.keys.conversation_partition(id), "")
                .await?;
            self.delete("forget a conversation", &[key]).await?;
        }
        Ok(match listed.is_empty() {
            true => Forgotten::All,
            false => Forgotten::More,
        })
    }

    async fn forget_companies(&self, now: Timestamp) -> Result<Forgotten, Error> {
        let range = ("COMPANY#", &*format!("COMPANY#{LAST}"));
        let partition = self.keys.companies();
        let find = "find companies to forget";
        let listed = self
            .items(find, partition, range, Order::Ascending, A_STEP)
            .await?;
        for item in &listed {
            let key = key_of(item)?;
            let id = key.sort.rsplit('#').next().unwrap_or_default();
            let company = self
                .read::<crate::Company>(
                    "read a company",
                    &self.keys.company(id),
                    table::Read::Consistent,
                    now,
                )
                .await?;
            let company_id = company.and_then(|company| company.content.company_id);
            let pointer = company_id.map(|company_id| self.keys.company_id(&company_id, id));
            self.delete("forget a company's id", pointer.as_slice())
                .await?;
            self.delete_range(&self.keys.company_partition(id), "")
                .await?;
            self.delete("forget a company", &[key]).await?;
        }
        Ok(match listed.is_empty() {
            true => Forgotten::All,
            false => Forgotten::More,
        })
    }

    /// Deletes what stands in a partition under keys that begin so.
    async fn delete_range(&self, partition: &str, prefix: &str) -> Result<(), Error> {
        let from = if prefix.is_empty() { " " } else { prefix };
        let to = format!("{prefix}{LAST}");
        loop {
            let range = (from, &*to);
            let items = self
                .items(
                    "find what to forget",
                    partition.to_owned(),
                    range,
                    Order::Ascending,
                    A_TIME,
                )
                .await?;
            let keys: Result<Vec<_>, _> = items.iter().map(key_of).collect();
            let keys = keys?;
            if keys.is_empty() {
                return Ok(());
            }
            self.delete("forget what was mirrored", &keys).await?;
        }
    }
}
