//! Whose session it is: identification.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use identity::{Alias, OrganizationId, PersonId, SessionId};
use jiff::Timestamp;

use crate::alias_row::{AliasName, AliasRow, is_stand_in};
use crate::cipher::Cipher;
use crate::links::Evidence;
use crate::meta::Meta;
use crate::table::{Read, number, text};
use crate::{Error, Store, expires_at, keys};

/// Sealed aliases that one session keeps; more come only from somebody who plays with the public key.
const MAX_SEALED: usize = 32;

/// What stands about a session before it is identified (again).
struct Before {
    owner: Option<PersonId>,
    sealed: Vec<Vec<u8>>,
}

impl Store {
    /// Says that these aliases are the visitor's of this session. Without aliases it says nothing.
    ///
    /// The session gets its owner, once and for good: the first person known by one of the aliases, strongest kind
    /// first, else a new one that is named after the strongest alias, so that whoever else meets it comes to the
    /// same. Everybody known by any of the aliases is linked with the owner from now on. A summary that waited for
    /// an owner is listed.
    ///
    /// # Errors
    /// [`Error::Contended`] when too many others are linking the same people at this moment; all of it may be
    /// repeated.
    pub async fn identify(
        &self,
        organization: &OrganizationId,
        session: &SessionId,
        aliases: &[Alias],
        retention_days: u32,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut aliases = aliases.to_vec();
        aliases.sort();
        aliases.dedup();
        let Some(strongest) = aliases.first() else {
            return Ok(());
        };
        let key = self.key_of(organization);
        let names: Vec<AliasName> = aliases
            .iter()
            .map(|alias| (alias.kind(), key.hash(alias)))
            .collect();
        let before = self.before(organization, session, &names).await?;
        let candidate = before.owner.unwrap_or_else(|| key.person(strongest));

        let cipher = Cipher::new(key, organization, session);
        let mut sealed = aliases
            .iter()
            .map(|alias| cipher.seal(alias))
            .collect::<Result<Vec<_>, _>>()?;
        sealed.retain(|alias| !before.sealed.contains(alias));
        sealed.truncate(MAX_SEALED.saturating_sub(before.sealed.len()));
        let meta = self
            .claim(
                organization,
                session,
                &candidate,
                sealed,
                retention_days,
                now,
            )
            .await?;
        let owner = meta.person.unwrap_or(candidate);
        if let Some(row) = &meta.unlisted {
            self.list_unlisted(organization, &owner, row, now).await?;
        }
        let evidence = Evidence {
            owner: &owner,
            names: &names,
            claims: &[],
            is_recorded: true,
        };
        self.link(organization, &evidence, expires_at(now, retention_days))
            .await?;
        Ok(())
    }

    /// The session's owner, else the first person known by one of the aliases; and the aliases it has.
    async fn before(
        &self,
        organization: &OrganizationId,
        session: &SessionId,
        names: &[AliasName],
    ) -> Result<Before, Error> {
        let meta_key = keys::meta(organization, session);
        let mut wanted: Vec<_> = names
            .iter()
            .map(|(kind, hash)| keys::alias(organization, *kind, hash))
            .collect();
        wanted.push(meta_key.clone());
        let mut rows = self
            .table
            .get_all("identify", &wanted, Read::Consistent)
            .await?;
        let meta = rows
            .remove(&meta_key)
            .map(Meta::parse)
            .transpose()?
            .unwrap_or_default();
        let mut owner = meta.person;
        for key in &wanted {
            if owner.is_none()
                && let Some(item) = rows.remove(key)
            {
                let people = AliasRow::parse(item)?.people;
                owner = people.into_iter().find(|person| !is_stand_in(person));
            }
        }
        Ok(Before {
            owner,
            sealed: meta.aliases,
        })
    }

    /// Makes `candidate` the owner unless there is one, and adds sealed aliases. Returns the row as it is then.
    pub(crate) async fn claim(
        &self,
        organization: &OrganizationId,
        session: &SessionId,
        candidate: &PersonId,
        sealed: Vec<Vec<u8>>,
        retention_days: u32,
        now: Timestamp,
    ) -> Result<Meta, Error> {
        let mut changes = "SET person = if_not_exists(person, :person), \
             retention_days = if_not_exists(retention_days, :days), expires = if_not_exists(expires, :expires)"
            .to_owned();
        let mut request = self
            .table
            .update(&keys::meta(organization, session))
            .expression_attribute_values(":person", text(candidate))
            .expression_attribute_values(":days", number(retention_days))
            .expression_attribute_values(":expires", number(expires_at(now, retention_days)));
        if !sealed.is_empty() {
            changes += " ADD aliases :aliases";
            let sealed = sealed.into_iter().map(Blob::new).collect();
            request = request.expression_attribute_values(":aliases", AttributeValue::Bs(sealed));
        }
        let claimed = request
            .update_expression(changes)
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        let claimed = claimed.map_err(|error| Error::from_sdk("identify", &error))?;
        Meta::parse(claimed.attributes.unwrap_or_default())
    }
}
