//! Whose session it is: identification.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use identity::cluster::Evidence;
use identity::{Alias, AliasName, PersonId, SessionId};
use jiff::Timestamp;
use serde::Serialize;
use table::{Conditional, Read, number, text};

use crate::Error;
use crate::people::clusters::alias_entry;
use crate::people::{Clusters, rows as people_rows};
use crate::sessions::cipher::Cipher;
use crate::sessions::meta::Meta;
use crate::sessions::{Sessions, rows};
use crate::tenants::retention::{RetentionDays, expires_at};

/// Sealed aliases that one session keeps; more come only from somebody who plays with the public key.
const MAX_SEALED: usize = 32;

/// What stands about a session before it is identified (again).
struct BeforeIdentifying {
    owner: Option<PersonId>,
    sealed: Vec<Vec<u8>>,
    /// Whether it has been erased, or would have been with somebody who is one of those it names.
    is_erased: bool,
}

/// That a session stands in no list yet, apart from its key.
#[derive(Serialize)]
struct UnlistedRow {
    expires: i64,
}

impl Sessions<'_> {
    /// Says that these aliases are the visitor's of this session. Without aliases it says nothing.
    ///
    /// The session gets its owner, once and for good: the first person known by one of the aliases, strongest
    /// kind first, else a new one that is named after the strongest alias, so that whoever else meets it
    /// comes to the same. Everybody known by any of the aliases is linked with the owner from now on. A
    /// summary that waited for an owner is listed. Returns whether nothing had been heard of the session
    /// before.
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
        aliases: &[Alias],
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let mut aliases = aliases.to_vec();
        aliases.sort();
        aliases.dedup();
        let Some(strongest) = aliases.first() else {
            return Ok(false);
        };
        let key = self.scope.key();
        let names: Vec<AliasName> = aliases.iter().map(|alias| key.name(alias)).collect();
        let before = self.before(session, &names, now).await?;
        if before.is_erased {
            self.entomb(session, now).await?;
            return Err(Error::Erased);
        }
        let candidate = before.owner.unwrap_or_else(|| key.person(strongest));

        let cipher = Cipher::new(key, self.scope.organization, session);
        let mut sealed = aliases
            .iter()
            .map(|alias| cipher.seal(alias))
            .collect::<Result<Vec<_>, _>>()?;
        sealed.retain(|alias| !before.sealed.contains(alias));
        sealed.truncate(MAX_SEALED.saturating_sub(before.sealed.len()));
        let meta = self
            .claim(session, &candidate, sealed, retention_days, now)
            .await?;
        let is_new = meta.is_begun_at(now);
        let owner = meta.person.unwrap_or(candidate);
        if let Some(row) = &meta.unlisted {
            self.list_unlisted(&owner, row, now).await?;
        }
        let evidence = Evidence {
            owner: &owner,
            names: &names,
            claims: &[],
            is_recorded: true,
        };
        Clusters::of(self.scope)
            .link(&evidence, expires_at(now, retention_days))
            .await?;
        Ok(is_new)
    }

    /// The session's owner, else the first person known by one of the aliases; and the aliases it has.
    async fn before(
        self,
        session: &SessionId,
        names: &[AliasName],
        now: Timestamp,
    ) -> Result<BeforeIdentifying, Error> {
        let meta_key = rows::meta(self.scope.organization, session);
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
        let mut owner = meta.person;
        for key in &wanted {
            let Some(item) = rows.remove(key) else {
                continue;
            };
            let row = alias_entry(item)?;
            is_erased |= row.is_erased_since(began_at);
            if owner.is_none() {
                let mut people = row.people.into_iter();
                owner = people.find(|person| !person.is_stand_in());
            }
        }
        Ok(BeforeIdentifying {
            owner,
            sealed: meta.aliases,
            is_erased,
        })
    }

    /// Makes `candidate` the owner unless there is one, and adds sealed aliases. Returns the row as it is
    /// then.
    ///
    /// # Errors
    /// [`Error::Erased`].
    pub(crate) async fn claim(
        self,
        session: &SessionId,
        candidate: &PersonId,
        sealed: Vec<Vec<u8>>,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<Meta, Error> {
        let mut changes = "SET person = if_not_exists(person, :person), began_at = if_not_exists(began_at, :now), \
             retention_days = if_not_exists(retention_days, :days), expires = if_not_exists(expires, :expires)"
            .to_owned();
        let mut request = self
            .scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .condition_expression("attribute_not_exists(erased_at)")
            .expression_attribute_values(":person", text(candidate))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":days", number(retention_days.get()))
            .expression_attribute_values(":expires", number(expires_at(now, retention_days)));
        if !sealed.is_empty() {
            changes += " ADD aliases :aliases";
            let sealed = sealed.into_iter().map(Blob::new).collect();
            request = request.expression_attribute_values(":aliases", AttributeValue::Bs(sealed));
        }
        let claimed = request
            .update_expression(changes)
            .return_values(ReturnValue::AllNew)
            .attempt("identify")
            .await?;
        let meta = Meta::parse(claimed.done().ok_or(Error::Erased)?)?;
        if let Some(owner) = &meta.person
            && (meta.sort_at.is_none() || meta.unlisted.is_some())
        {
            self.put_unlisted(session, owner, meta.expires).await?;
        }
        Ok(meta)
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
