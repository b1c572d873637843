//! Whose session it is: identification.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use identity::cluster::AliasEntry;
use identity::{AliasKind, AliasName, PersonId, SessionId, Standing};
use jiff::Timestamp;
use serde::Serialize;
use table::{Attempt, Conditional, Read, number, text};

use crate::Error;
use crate::people::clusters::alias_entry;
use crate::people::rows as people_rows;
use crate::sessions::cipher::Cipher;
use crate::sessions::identification::Identification;
use crate::sessions::meta::Meta;
use crate::sessions::{Sessions, rows};
use crate::tenants::retention::{RetentionDays, expires_at};

/// Sealed aliases of each kind, verified and claimed, that one session keeps; more come only from somebody
/// who plays with a key.
const MAX_SEALED: usize = 32;

/// How often one session changes its owner at most: more comes only from somebody who plays.
const MAX_FORMER: usize = 8;

/// Rounds of reading and claiming. Each that fails is one that somebody else has won.
pub(super) const MAX_ROUNDS: usize = 10;

/// What an identification has met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IdentifyOutcome {
    /// Whether nothing had been heard of the session before.
    pub is_new: bool,
    /// Whether a run is to count the session's problems for whom it belongs to now.
    pub owes_problems: bool,
}

/// What stands about a session before it is identified (again).
pub(super) struct BeforeIdentifying {
    pub(super) meta: Meta,
    pub(super) entries: BTreeMap<AliasName, AliasEntry>,
    /// Whether it has been erased, or would have been with somebody who is one of those it names.
    is_erased: bool,
}

/// What is said, by names.
#[derive(Clone)]
pub(super) struct Said {
    pub(super) verified: Vec<AliasName>,
    pub(super) claimed: Vec<AliasName>,
}

impl Said {
    /// All names.
    pub(super) fn all(&self) -> impl Iterator<Item = &AliasName> {
        self.verified.iter().chain(&self.claimed)
    }

    /// The verified names that are one person's. Two accounts may have one e-mail address: then the user id
    /// tells them apart, and the address leads to both without joining them.
    pub(super) fn own(&self, before: &BeforeIdentifying) -> Vec<AliasName> {
        let user_id = self
            .verified
            .iter()
            .find(|name| name.kind == AliasKind::UserId);
        let is_of_others = |name: &AliasName| {
            let entry = before.entries.get(name);
            name.kind == AliasKind::Email && entry.is_some_and(|entry| entry.is_of_others(user_id))
        };
        let own = self.verified.iter().filter(|name| !is_of_others(name));
        own.cloned().collect()
    }
}

/// What an identification changes in `META`.
pub(crate) struct Change<'a> {
    pub(crate) owner: PersonId,
    /// Whose it was.
    pub(crate) before: Option<&'a PersonId>,
    /// Sealed aliases that are new.
    pub(crate) verified: Vec<Vec<u8>>,
    /// The same, without proof.
    pub(crate) claimed: Vec<Vec<u8>>,
}

/// That a session stands in no list yet, apart from its key.
#[derive(Serialize)]
struct UnlistedRow {
    expires: i64,
}

impl Sessions<'_> {
    /// Says that these aliases are the visitor's of this session. Without aliases it says nothing.
    ///
    /// The session gets its owner: by verified aliases the first verified person known by one of them,
    /// strongest kind first, else a new one that is named after the strongest; by claims alone whoever is
    /// claimed to have exactly these names; without any name the browser. It keeps a verified owner for good.
    /// Until then it moves to another owner when it is named, or its names are verified.
    ///
    /// Everybody known by any of the verified aliases is linked with the owner from now on. A claim links
    /// nobody. A summary that waited for an owner is listed.
    ///
    /// # Errors
    /// [`Error::Erased`] when the session was erased. Also when it names a person who was erased after it
    /// began: it becomes a tombstone, and the caller must call [`OrganizationRecordings::erase_session`].
    /// [`table::Error::Contended`] when too many others are linking the same people at this moment; all of it
    /// may be repeated.
    ///
    /// [`OrganizationRecordings::erase_session`]: crate::OrganizationRecordings::erase_session
    pub async fn identify(
        self,
        session: &SessionId,
        identification: &Identification,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<IdentifyOutcome, Error> {
        let said = identification.normalized();
        if said.all().next().is_none() {
            return Ok(IdentifyOutcome::default());
        }
        let names = self.names_of(&said);
        // Every round reads what others have written since the one before.
        for _ in 0..MAX_ROUNDS {
            let before = self.before(session, &names, now).await?;
            if before.is_erased {
                self.entomb(session, now).await?;
                return Err(Error::Erased);
            }
            let (said, names) = match self.contradicts(session, &said, &names, &before)? {
                // Somebody else's signature: it finds the session, and joins nobody.
                true => (said.demoted(), self.names_of(&said.demoted())),
                false => (said.clone(), names.clone()),
            };
            let owner = self.owner_of(session, &said, &names, &before)?;
            let change = self.change(session, &said, &before, &owner)?;
            self.index_addresses(session, &before.meta, &said).await?;
            let claimed = self.claim(session, change, retention_days, now).await?;
            let Some(meta) = claimed else { continue };
            self.rehome(session, &meta, now).await?;
            let expires = expires_at(now, retention_days);
            self.lead((session, &owner), &said, &names, &before, expires)
                .await?;
            return Ok(IdentifyOutcome {
                is_new: meta.is_begun_at(now),
                owes_problems: self.are_due(session, Some(&owner), &meta.brought),
            });
        }
        Err(table::Error::Contended.into())
    }

    fn names_of(self, said: &Identification) -> Said {
        let key = self.scope.key();
        Said {
            verified: said.verified.iter().map(|alias| key.name(alias)).collect(),
            claimed: said.claimed.iter().map(|alias| key.name(alias)).collect(),
        }
    }

    /// Whether a signature names another user than the one whose the session is known to be.
    fn contradicts(
        self,
        session: &SessionId,
        said: &Identification,
        names: &Said,
        before: &BeforeIdentifying,
    ) -> Result<bool, Error> {
        if !said.is_signed || before.meta.verified.is_empty() {
            return Ok(false);
        }
        let key = self.scope.key();
        let cipher = Cipher::new(key.clone(), self.scope.organization, session);
        let proven = before.meta.names(&cipher, &key)?.verified;
        let is_user_id = |name: &&AliasName| name.kind == AliasKind::UserId;
        let mut said = names.verified.iter().filter(is_user_id);
        Ok(proven.iter().any(|name| is_user_id(&name)) && said.any(|name| !proven.contains(name)))
    }

    /// The session as it is, and what is known of the names.
    async fn before(
        self,
        session: &SessionId,
        names: &Said,
        now: Timestamp,
    ) -> Result<BeforeIdentifying, Error> {
        let meta_key = rows::meta(self.scope.organization, session);
        let verified = &names.verified;
        let names: Vec<&AliasName> = names.all().collect();
        let mut wanted: Vec<_> = names
            .iter()
            .map(|name| people_rows::alias(self.scope.organization, name))
            .collect();
        wanted.push(meta_key.clone());
        let mut rows = self
            .scope
            .table
            .get_all("identify", &wanted, Read::Consistent)
            .await?;
        let meta = rows.remove(&meta_key).map(Meta::parse).transpose()?;
        let began_at = match &meta {
            Some(meta) => meta.began_at.unwrap_or(Timestamp::UNIX_EPOCH),
            None => now,
        };
        let meta = meta.unwrap_or_default();
        let mut is_erased = meta.is_erased();
        // What anybody may say ends nothing that is verified; a browser may be shared, and then the name
        // counts.
        let is_verified = !verified.is_empty() || !meta.verified.is_empty();
        let is_named = names.iter().any(|name| name.is_identity());
        let decides = |name: &AliasName| {
            (verified.contains(name) || !is_verified) && (name.is_identity() || !is_named)
        };
        let mut entries = BTreeMap::new();
        for (name, key) in names.into_iter().zip(&wanted) {
            let Some(item) = rows.remove(key) else {
                continue;
            };
            let entry = alias_entry(item)?;
            is_erased |= decides(name) && entry.is_erased_since(began_at);
            entries.insert(name.clone(), entry);
        }
        Ok(BeforeIdentifying {
            meta,
            entries,
            is_erased,
        })
    }

    /// Whose the session is, with what is said now.
    fn owner_of(
        self,
        session: &SessionId,
        said: &Identification,
        names: &Said,
        before: &BeforeIdentifying,
    ) -> Result<PersonId, Error> {
        let key = self.scope.key();
        let known = |names: &[AliasName], is_wanted: fn(&PersonId) -> bool| {
            let entries = names.iter().filter_map(|name| before.entries.get(name));
            let mut people = entries.flat_map(|entry| &entry.people);
            people.find(|person| is_wanted(person)).cloned()
        };
        let current = before.meta.person.as_ref();
        if let Some(current) = current.filter(|person| person.is_verified()) {
            return Ok(current.clone());
        }
        if let Some(strongest) = said.verified.first() {
            let owner = known(&names.own(before), PersonId::is_verified);
            return Ok(owner.unwrap_or_else(|| key.verified_person(strongest)));
        }
        if let Some(current) = current
            && before.meta.former.len() >= MAX_FORMER
        {
            return Ok(current.clone());
        }
        let cipher = Cipher::new(key.clone(), self.scope.organization, session);
        let mut claimed = before.meta.names(&cipher, &key)?.claimed;
        claimed.extend(names.claimed.iter().cloned());
        claimed.retain(AliasName::is_identity);
        if !claimed.is_empty() {
            return Ok(key.claimed_person(&claimed));
        }
        if let Some(current) = current {
            return Ok(current.clone());
        }
        let owner = known(&names.claimed, |person| {
            person.standing() == Standing::Unnamed && !person.is_stand_in()
        });
        let strongest = said.claimed.first().map(|alias| key.unnamed_person(alias));
        owner
            .or(strongest)
            .ok_or_else(|| table::Error::corrupt("identification", "it says nothing").into())
    }

    /// What is to be written into `META`.
    fn change<'a>(
        self,
        session: &SessionId,
        said: &Identification,
        before: &'a BeforeIdentifying,
        owner: &PersonId,
    ) -> Result<Change<'a>, Error> {
        let cipher = Cipher::new(self.scope.key(), self.scope.organization, session);
        let (known, proven) = (&before.meta.aliases, &before.meta.verified);
        let claims = known.len().saturating_sub(proven.len());
        let mut verified = Vec::new();
        for alias in &said.verified {
            let sealed = cipher.seal(alias)?;
            if !proven.contains(&sealed) && proven.len() + verified.len() < MAX_SEALED {
                verified.push(sealed);
            }
        }
        let mut claimed = Vec::new();
        for alias in &said.claimed {
            let sealed = cipher.seal(alias)?;
            if !known.contains(&sealed) && claims + claimed.len() < MAX_SEALED {
                claimed.push(sealed);
            }
        }
        Ok(Change {
            owner: owner.clone(),
            before: before.meta.person.as_ref(),
            verified,
            claimed,
        })
    }

    /// Changes the owner and adds sealed aliases; `None` when somebody else has changed the owner meanwhile.
    /// Returns the row as it is then.
    ///
    /// # Errors
    /// [`Error::Erased`].
    pub(crate) async fn claim(
        self,
        session: &SessionId,
        change: Change<'_>,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<Option<Meta>, Error> {
        let mut changes = "SET person = :person, began_at = if_not_exists(began_at, :now), \
             retention_days = if_not_exists(retention_days, :days), expires = if_not_exists(expires, :expires)"
            .to_owned();
        let mut request = self
            .scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .expression_attribute_values(":person", text(&change.owner))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":days", number(retention_days.get()))
            .expression_attribute_values(":expires", number(expires_at(now, retention_days)));
        // The same owner again: what was written before its answer was lost.
        let mut condition = "attribute_not_exists(erased_at) AND (person = :person OR ".to_owned();
        let mut added = Vec::new();
        match change.before {
            Some(before) => {
                condition += "person = :before)";
                request = request.expression_attribute_values(":before", text(before));
                if *before != change.owner {
                    added.push("former :former");
                    let former = AttributeValue::Ss(vec![before.to_string()]);
                    request = request.expression_attribute_values(":former", former);
                }
            }
            None => condition += "attribute_not_exists(person))",
        }
        let blobs = |sealed: &[Vec<u8>]| {
            AttributeValue::Bs(sealed.iter().cloned().map(Blob::new).collect())
        };
        let aliases: Vec<Vec<u8>> = [&change.verified[..], &change.claimed].concat();
        if !aliases.is_empty() {
            added.push("aliases :aliases");
            request = request.expression_attribute_values(":aliases", blobs(&aliases));
        }
        if !change.verified.is_empty() {
            added.push("verified :verified");
            request = request.expression_attribute_values(":verified", blobs(&change.verified));
        }
        if !added.is_empty() {
            changes = format!("{changes} ADD {}", added.join(", "));
        }
        let claimed = request
            .update_expression(changes)
            .condition_expression(condition)
            .return_values(ReturnValue::AllNew)
            .attempt("identify")
            .await?;
        let meta = match claimed {
            Attempt::Done(row) => Meta::parse(row)?,
            Attempt::Refused(row) if row.contains_key("erased_at") => return Err(Error::Erased),
            Attempt::Refused(_) => return Ok(None),
        };
        if meta.sort_at.is_none() || meta.unlisted.is_some() {
            self.put_unlisted(session, &change.owner, meta.expires)
                .await?;
        }
        Ok(Some(meta))
    }

    /// Records the owner of a session that is not in any list yet, so that an erasure of the owner finds it.
    async fn put_unlisted(
        self,
        session: &SessionId,
        owner: &PersonId,
        expires: i64,
    ) -> Result<(), Error> {
        let key = rows::unlisted_session(self.scope.organization, owner, session);
        self.scope
            .table
            .put(&key, &UnlistedRow { expires })?
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("identify", &error))?;
        Ok(())
    }
}
