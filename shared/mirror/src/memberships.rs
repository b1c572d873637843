//! Who belongs to which company. What happened to them shows on the company's time line as long as they do.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use table::{Item, Read, parse};

use crate::as_of::AsOf;
use crate::companies::LAST;
use crate::contact::{Contact, ContactLine};
use crate::record::{Absence, Order, Put, Record};
use crate::rows::{self, MEMBER, MEMBERSHIP};
use crate::{Error, WorkspaceMirror};

/// Most companies of a contact that are looked at. Intercom allows a thousand.
pub const MAX_COMPANIES: usize = 100;

/// Most people of a company that are looked at.
const MAX_MEMBERS: usize = 20_000;

/// Who belongs to which company.
#[derive(Debug, Clone, Copy)]
pub struct Memberships<'m, 'a>(pub(crate) &'m WorkspaceMirror<'a>);

/// The two that belong together.
#[derive(Clone, Serialize, Deserialize)]
struct Pair {
    company: String,
    contact: String,
}

/// What sorts people, in clear.
#[derive(Serialize, Deserialize)]
struct Seen {
    contact: String,
    #[serde(default)]
    last_seen_ms: i64,
}

/// Somebody who belongs to a company. No `Debug`: it is personal data.
#[derive(Clone, PartialEq)]
pub struct Member {
    /// Who.
    pub contact: ContactLine,
}

impl Memberships<'_, '_> {
    /// Says that a contact belongs to a company, or does not (any more), by both their ids at Intercom.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: all of it may be repeated. This goes for
    /// everything here.
    pub async fn set(
        self,
        (contact, company): (&str, &str),
        belongs: bool,
        as_of: AsOf,
        now: Timestamp,
    ) -> Result<Put, Error> {
        let (contact_key, company_key) = (rows::of_id(contact), rows::of_id(company));
        let key = self.0.keys.membership(&contact_key, &company_key);
        let pair = Pair {
            company: company.to_owned(),
            contact: contact.to_owned(),
        };
        let say = "say who belongs to a company";
        let put = match belongs {
            true => {
                let said = (&(), pair);
                self.0.put(say, &key, as_of, said, None).await?
            }
            false => self.0.take_away(say, &key, as_of, Absence::Away).await?,
        };
        if put != Put::Newer {
            return Ok(put);
        }
        match belongs {
            true => {
                let line = self.0.contacts().get(contact, now).await?;
                let line = line.map_or_else(
                    || ContactLine {
                        id: contact.to_owned(),
                        ..ContactLine::default()
                    },
                    |contact| contact.line(),
                );
                self.put_member(&company_key, &contact_key, &line, as_of)
                    .await?;
                let moments = self.0.moments();
                moments.copy_to(&contact_key, &company_key).await?;
            }
            false => {
                let member = self.0.keys.member(&company_key, &contact_key);
                self.0.take_away(say, &member, as_of, Absence::Away).await?;
                let moments = self.0.moments();
                moments.clear_from(&contact_key, &company_key).await?;
            }
        }
        self.0.mark_uncounted(&company_key).await?;
        Ok(put)
    }

    async fn put_member(
        self,
        company: &str,
        contact: &str,
        line: &ContactLine,
        as_of: AsOf,
    ) -> Result<Put, Error> {
        let seen = Seen {
            contact: line.id.clone(),
            last_seen_ms: line.last_seen_at.map_or(0, Timestamp::as_millisecond),
        };
        let key = self.0.keys.member(company, contact);
        self.0
            .put(
                "show who belongs to a company",
                &key,
                as_of,
                (line, seen),
                None,
            )
            .await
    }

    /// Shows what is new about a contact wherever it belongs.
    pub(crate) async fn show(
        self,
        contact: &Contact,
        key: &str,
        as_of: AsOf,
        now: Timestamp,
    ) -> Result<(), Error> {
        let line = contact.line();
        for company in self.companies_of(&contact.id, now).await? {
            self.put_member(&rows::of_id(&company), key, &line, as_of)
                .await?;
        }
        Ok(())
    }

    /// Intercom's ids of the companies that a contact belongs to.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub async fn companies_of(self, contact: &str, now: Timestamp) -> Result<Vec<String>, Error> {
        let prefix = MEMBERSHIP.prefix();
        let partition = self.0.keys.contact_partition(&rows::of_id(contact));
        let find = "find a contact's companies";
        let query = self
            .0
            .table
            .query(partition, "begins_with(SK, :prefix)")
            .expression_attribute_values(":prefix", table::text(prefix))
            // Who has just been said to belong somewhere is shown there.
            .consistent_read(true);
        let answer = query.send().await;
        let answer = answer.map_err(|error| table::Error::from_sdk(find, &error))?;
        let items = answer.items.unwrap_or_default();
        let pairs = items
            .into_iter()
            .filter_map(|item| present::<Pair>(item, now).transpose());
        let companies = pairs.map(|pair| pair.map(|pair| pair.company));
        let companies: Result<Vec<_>, Error> = companies.take(MAX_COMPANIES).collect();
        companies
    }

    /// The people of a company, whoever was seen last first, and how many there are. `from`: how many of them
    /// are passed over.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub async fn of_company(
        self,
        company: &str,
        (from, limit): (usize, usize),
        now: Timestamp,
    ) -> Result<(Vec<Member>, usize), Error> {
        let company = rows::of_id(company);
        let prefix = MEMBER.prefix();
        let range = (prefix, &*format!("{prefix}{LAST}"));
        let partition = self.0.keys.company_partition(&company);
        let items = self
            .0
            .items(
                "list a company's people",
                partition,
                range,
                Order::Ascending,
                MAX_MEMBERS,
            )
            .await?;
        let seen = |item: &Item| {
            let seen = item.get("last_seen_ms").and_then(|seen| seen.as_n().ok());
            seen.and_then(|seen| seen.parse::<i64>().ok())
        };
        let mut there = Vec::with_capacity(items.len());
        for item in items {
            let is_gone = item.get("gone").and_then(|gone| gone.as_bool().ok());
            if is_gone != Some(&true) {
                there.push((std::cmp::Reverse(seen(&item)), item));
            }
        }
        there.sort_by_key(|(seen, _)| *seen);
        let total = there.len();
        let page = there.into_iter().skip(from).take(limit);
        let members = page.filter_map(|(_, item)| {
            let stored = self.0.stored::<ContactLine>(item, now);
            stored.transpose()
        });
        let members = members.map(|stored| {
            stored.map(|stored| Member {
                contact: stored.content,
            })
        });
        Ok((members.collect::<Result<_, Error>>()?, total))
    }

    /// The people of a company after one of them, in an order of no meaning that no change disturbs.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub async fn page_of_company(
        self,
        company: &str,
        after: Option<&str>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Member>, Error> {
        let prefix = MEMBER.prefix();
        let mut from = match after {
            // Sorts right after the row of that contact.
            Some(contact) => format!("{prefix}{}!", rows::of_id(contact)),
            None => prefix.to_owned(),
        };
        let to = format!("{prefix}{LAST}");
        let mut members = Vec::new();
        loop {
            let partition = self.0.keys.company_partition(&rows::of_id(company));
            let list = "page through a company's people";
            let items = self
                .0
                .items(list, partition, (&from, &to), Order::Ascending, limit)
                .await?;
            let is_last = items.len() < limit;
            for item in items {
                from = format!("{}!", table::key_of(&item)?.sort);
                let stored = self.0.stored::<ContactLine>(item, now)?;
                members.extend(stored.map(|stored| Member {
                    contact: stored.content,
                }));
                if members.len() == limit {
                    return Ok(members);
                }
            }
            if is_last {
                return Ok(members);
            }
        }
    }

    /// Takes a contact that is gone out of all its companies.
    pub(crate) async fn leave_all(
        self,
        contact: &str,
        as_of: AsOf,
        now: Timestamp,
    ) -> Result<(), Error> {
        for company in self.companies_of(contact, now).await? {
            self.set((contact, &company), false, as_of, now).await?;
        }
        Ok(())
    }

    /// Brings a contact's companies in line with all that Intercom names: what it does not name any more is
    /// left.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub async fn replace(
        self,
        contact: &str,
        companies: &[String],
        as_of: AsOf,
        now: Timestamp,
    ) -> Result<(), Error> {
        let before = self.companies_of(contact, now).await?;
        for company in companies.iter().take(MAX_COMPANIES) {
            self.set((contact, company), true, as_of, now).await?;
        }
        for company in before.iter().filter(|company| !companies.contains(company)) {
            self.set((contact, company), false, as_of, now).await?;
        }
        Ok(())
    }

    /// Whether a contact belongs to a company, as it stands this moment.
    ///
    /// # Errors
    /// As [`Self::set`].
    pub async fn is_member(
        self,
        (contact, company): (&str, &str),
        now: Timestamp,
    ) -> Result<bool, Error> {
        let key = self
            .0
            .keys
            .membership(&rows::of_id(contact), &rows::of_id(company));
        let read = self
            .0
            .table
            .get("read a membership", &key, Read::Consistent);
        match read.await? {
            Some(item) => Ok(present::<Pair>(item, now)?.is_some()),
            None => Ok(false),
        }
    }
}

/// What stands in clear in a record that is there.
fn present<C: serde::de::DeserializeOwned>(item: Item, now: Timestamp) -> Result<Option<C>, Error> {
    // One that is gone has lost what stood in clear.
    let is_gone = item.get("gone").and_then(|gone| gone.as_bool().ok());
    if is_gone == Some(&true) {
        return Ok(None);
    }
    let record: Record<C> = parse("membership", item)?;
    Ok(record.is_there(now).then_some(record.clear))
}
