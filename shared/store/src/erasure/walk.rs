//! Somebody's sessions, list by list, a bounded number at a time.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use identity::{AliasHash, AliasKind, AliasName, PersonId, SessionId};
use jiff::Timestamp;
use table::{Key, Read, SORT, text};

use crate::Error;
use crate::erasure::Erasures;
use crate::erasure::state::{PersonErasure, Place};
use crate::people::contact_row::ContactRow;
use crate::people::rows as people_rows;
use crate::sessions::cipher::Cipher;
use crate::sessions::meta::{Meta, SessionNames};
use crate::sessions::rows as sessions_rows;

/// A session that was found.
pub(super) struct WalkedSession {
    pub(super) id: SessionId,
    /// In whose list.
    pub(super) found_at: PersonId,
    pub(super) owner: Option<PersonId>,
    /// What it was identified by.
    pub(super) names: SessionNames,
    /// The same in clear. Personal data.
    pub(super) values: BTreeMap<AliasName, String>,
    pub(super) began_at: Timestamp,
}

impl Erasures<'_> {
    /// The next sessions of an erasure's people, at most so many, and where to go on after them.
    pub(super) async fn walk(
        self,
        erasure: &PersonErasure,
        limit: usize,
    ) -> Result<(Vec<WalkedSession>, Option<Place>), Error> {
        let mut found = BTreeMap::new();
        let mut after = erasure.after.clone();
        let begins_at = after.as_ref().map(|place| place.person.clone());
        let people = erasure.people.iter();
        let mut people = people.skip_while(|person| Some(*person) < begins_at.as_ref());
        let next = 'people: loop {
            let Some(person) = people.next() else {
                break None;
            };
            let mut start = after.take().map(|place| place.sort);
            loop {
                if found.len() >= limit {
                    break 'people Some(Place {
                        person: person.clone(),
                        sort: start.unwrap_or_else(|| sessions_rows::SESSION_PREFIX.to_owned()),
                    });
                }
                let missing = limit - found.len();
                let (sorts, is_all) = self
                    .sessions_after(person, start.as_deref(), missing)
                    .await?;
                for sort in &sorts {
                    let session = sessions_rows::parse_session(sort)
                        .ok_or_else(|| table::Error::corrupt("session", "its key names none"))?;
                    found.entry(session).or_insert_with(|| person.clone());
                }
                if is_all {
                    break;
                }
                start = sorts.into_iter().next_back().or(start);
            }
        };
        Ok((self.seen(found).await?, next))
    }

    /// Sort keys of the sessions of a person, listed and unlisted, and whether they are all there are.
    async fn sessions_after(
        self,
        person: &PersonId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<String>, bool), Error> {
        let partition = people_rows::person_partition(self.scope.organization, person);
        let start = after.map(|sort| {
            Key {
                partition: partition.clone(),
                sort: sort.to_owned(),
            }
            .attributes()
        });
        let answer = self
            .scope
            .table
            .query(partition, "SK BETWEEN :first AND :last")
            .expression_attribute_values(":first", text(sessions_rows::SESSION_PREFIX))
            .expression_attribute_values(":last", text(sessions_rows::AFTER_UNLISTED))
            .projection_expression(SORT)
            .consistent_read(true)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("find somebody's sessions", &error))?;
        let is_all = answer.last_evaluated_key.is_none();
        let items = answer.items.unwrap_or_default().into_iter();
        let sorts = items.filter_map(|item| item.get(SORT)?.as_s().ok().cloned());
        Ok((sorts.collect(), is_all))
    }

    async fn seen(self, found: BTreeMap<SessionId, PersonId>) -> Result<Vec<WalkedSession>, Error> {
        let key = self.scope.key();
        let wanted: Vec<Key> = found
            .keys()
            .map(|session| sessions_rows::meta(self.scope.organization, session))
            .collect();
        let mut metas = self
            .scope
            .table
            .get_all("find somebody's sessions", &wanted, Read::Consistent)
            .await?;
        let mut sessions = Vec::with_capacity(found.len());
        for ((session, found_at), meta_key) in found.into_iter().zip(&wanted) {
            let meta = metas.remove(meta_key).map(Meta::parse).transpose()?;
            let meta = meta.unwrap_or_default();
            let cipher = Cipher::new(key.clone(), self.scope.organization, &session);
            let names = meta.names(&cipher, &key)?;
            let mut values = BTreeMap::new();
            for sealed in &meta.aliases {
                let (kind, value) = cipher.open(sealed)?;
                values.insert(AliasName::new(kind, &key.hash_value(kind, &value)), value);
            }
            sessions.push(WalkedSession {
                id: session,
                found_at,
                owner: meta.person,
                names,
                values,
                began_at: meta.began_at.unwrap_or(Timestamp::UNIX_EPOCH),
            });
        }
        Ok(sessions)
    }

    /// What Intercom has said of the contacts among these names; nothing of those that are deleted already.
    pub(super) async fn contacts_among(
        self,
        names: &BTreeSet<AliasName>,
    ) -> Result<Vec<(AliasHash, ContactRow)>, Error> {
        let contacts = names
            .iter()
            .filter(|name| name.kind == AliasKind::ContactId);
        let contacts: HashSet<&AliasHash> = contacts.map(|name| &name.hash).collect();
        let contacts: Vec<&AliasHash> = contacts.into_iter().collect();
        let wanted: Vec<Key> = contacts
            .iter()
            .map(|contact| people_rows::contact(self.scope.organization, contact))
            .collect();
        let mut rows = self
            .scope
            .table
            .get_all("find what was said of somebody", &wanted, Read::Consistent)
            .await?;
        let found = contacts.into_iter().zip(&wanted).map(|(contact, key)| {
            let row = rows.remove(key).map(ContactRow::parse).transpose()?;
            Ok((contact.clone(), row.unwrap_or_default()))
        });
        found.collect()
    }
}
