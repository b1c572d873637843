//! Contacts: whole, by their names, and whether they are there.

use std::collections::BTreeSet;

use identity::{Alias, AliasName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Read, item, parse};

use crate::as_of::AsOf;
use crate::companies::LAST;
use crate::contact::Contact;
use crate::record::{Absence, Nothing, Order, Put};
use crate::rows::{self, LISTED_CONTACT};
use crate::{Error, WorkspaceMirror};

/// Most contacts of one name that are looked at: an e-mail address may have several.
pub const MAX_CONTACTS_OF_ALIAS: usize = 20;

/// The leads and users of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Contacts<'m, 'a>(pub(crate) &'m WorkspaceMirror<'a>);

/// Which contact a row is about.
#[derive(Serialize, Deserialize)]
struct Pointer {
    id: String,
}

impl Contacts<'_, '_> {
    /// Puts what Intercom says of a contact.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: all of it may be repeated. This goes for
    /// everything here.
    pub async fn put(self, contact: &Contact, as_of: AsOf, now: Timestamp) -> Result<Put, Error> {
        let id = rows::of_id(&contact.id);
        let key = self.0.keys.contact(&id);
        let before = self
            .0
            .read::<Contact>("read a contact", &key, Read::Consistent, now)
            .await?;
        let said = (contact, Nothing {});
        let put = self
            .0
            .put("mirror a contact", &key, as_of, said, None)
            .await?;
        if put != Put::Newer {
            return Ok(put);
        }
        let names = self.names(contact);
        let pointer = Pointer {
            id: contact.id.clone(),
        };
        let mut rows = vec![item(&self.0.keys.listed_contact(&id), &pointer)?];
        for name in &names {
            rows.push(item(&self.0.keys.alias(name, &id), &pointer)?);
        }
        self.0.table.put_all("note a contact's names", rows).await?;
        if let Some(before) = before {
            let former = self.names(&before.content);
            let former = former.difference(&names);
            let keys: Vec<_> = former.map(|name| self.0.keys.alias(name, &id)).collect();
            self.0.delete("forget former names", &keys).await?;
        }
        self.0.memberships().show(contact, &id, as_of, now).await?;
        Ok(put)
    }

    /// Says that a contact is not there (any more).
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn take_away(
        self,
        contact: &str,
        as_of: AsOf,
        absence: Absence,
        now: Timestamp,
    ) -> Result<Put, Error> {
        let id = rows::of_id(contact);
        let key = self.0.keys.contact(&id);
        let before = self
            .0
            .read::<Contact>("read a contact", &key, Read::Consistent, now)
            .await?;
        let away = "take a contact away";
        let put = self.0.take_away(away, &key, as_of, absence).await?;
        if put == Put::Newer {
            let mut keys = vec![self.0.keys.listed_contact(&id)];
            if let Some(before) = before {
                let names = self.names(&before.content);
                keys.extend(names.iter().map(|name| self.0.keys.alias(name, &id)));
            }
            self.0.delete(away, &keys).await?;
            self.0.memberships().leave_all(contact, as_of, now).await?;
        }
        Ok(put)
    }

    /// Reads a contact by Intercom's id.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn get(self, contact: &str, now: Timestamp) -> Result<Option<Contact>, Error> {
        let key = self.0.keys.contact(&rows::of_id(contact));
        let stored = self.0.read("read a contact", &key, Read::Eventual, now);
        Ok(stored.await?.map(|stored| stored.content))
    }

    /// Reads some contacts by Intercom's ids, a hundred in a call; those that are not there are left out.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn get_all(self, contacts: &[String], now: Timestamp) -> Result<Vec<Contact>, Error> {
        let keys = contacts
            .iter()
            .map(|id| self.0.keys.contact(&rows::of_id(id)));
        let keys: BTreeSet<_> = keys.map(|key| (key.partition, key.sort)).collect();
        let keys: Vec<_> = keys
            .into_iter()
            .map(|(partition, sort)| table::Key::new(partition, sort))
            .collect();
        let read = self.0.table.get_all("read contacts", &keys, Read::Eventual);
        let items = read.await?.into_values();
        let stored = items.map(|item| self.0.stored::<Contact>(item, now));
        let stored: Result<Vec<_>, Error> = stored.collect();
        let mut found: Vec<_> = stored?
            .into_iter()
            .flatten()
            .map(|stored| stored.content)
            .collect();
        // In the order in which they were asked for.
        found.sort_by_key(|found| contacts.iter().position(|id| *id == found.id));
        Ok(found)
    }

    /// Finds the contacts that have a name now: users before leads, whoever was seen last first.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn find(self, alias: &Alias, now: Timestamp) -> Result<Vec<Contact>, Error> {
        let name = self.0.key.name(alias);
        let partition = self.0.keys.alias_partition(&name);
        let range = ("CONTACT#", "CONTACT$");
        let items = self
            .0
            .items(
                "find contacts by name",
                partition,
                range,
                Order::Ascending,
                MAX_CONTACTS_OF_ALIAS,
            )
            .await?;
        let mut contacts = Vec::new();
        for item in items {
            let pointer: Pointer = parse("contact's name", item)?;
            let contact = self.get(&pointer.id, now).await?;
            contacts.extend(contact.filter(|contact| self.names(contact).contains(&name)));
        }
        contacts.sort_by_key(|contact| std::cmp::Reverse((contact.is_user, contact.last_seen_at)));
        Ok(contacts)
    }

    /// Ids of the contacts after one of them, in an order of no meaning: at most `limit`.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn ids_after(self, after: Option<&str>, limit: usize) -> Result<Vec<String>, Error> {
        let prefix = LISTED_CONTACT.prefix();
        let from = match after {
            // Sorts right after the row of that contact.
            Some(contact) => format!("{prefix}{}!", rows::of_id(contact)),
            None => prefix.to_owned(),
        };
        let items = self
            .0
            .items(
                "list contacts",
                self.0.keys.contacts(),
                (&from, &format!("{prefix}{LAST}")),
                Order::Ascending,
                limit,
            )
            .await?;
        let pointers = items.into_iter().map(|item| parse("listed contact", item));
        let pointers: Result<Vec<Pointer>, _> = pointers.collect();
        Ok(pointers?.into_iter().map(|pointer| pointer.id).collect())
    }

    /// What stands in keys for the names that find a contact.
    pub(crate) fn names(self, contact: &Contact) -> BTreeSet<AliasName> {
        let names = contact.aliases().into_iter();
        names.map(|alias| self.0.key.name(&alias)).collect()
    }
}
