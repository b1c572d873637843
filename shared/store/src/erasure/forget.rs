//! Erasing what Intercom said of somebody, and the aliases.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{AliasHash, OrganizationId, PersonId};
use jiff::Timestamp;

use super::state::{ErasureStep, Name, PersonErasure};
use super::tombstone_expires;
use crate::alias_row::{AliasName, AliasRow, Claim, Identity, stand_in};
use crate::contact_row::ContactRow;
use crate::group::Group;
use crate::keys::{self, Key};
use crate::table::{Conditional, key_of, number};
use crate::{Error, Store};

/// Who and what goes.
struct Gone {
    /// People that own no session any more, and stand-ins of contacts.
    people: BTreeSet<PersonId>,
    contacts: Vec<AliasHash>,
    /// Names that the others have as well.
    kept: BTreeSet<Name>,
}

impl Gone {
    fn of(
        erasure: &PersonErasure,
        group: &Group,
        contacts: Vec<(AliasHash, ContactRow)>,
    ) -> Result<Self, Error> {
        let mut gone = Self {
            people: group.recorded().cloned().collect(),
            contacts: Vec::new(),
            kept: erasure.kept.clone(),
        };
        gone.people
            .retain(|person| !erasure.kept_people.contains(person));
        for (contact, row) in contacts {
            if erasure.takes_contact(&contact, &row) {
                gone.people.insert(stand_in(&contact)?);
                gone.contacts.push(contact);
            } else {
                let names = row.facts.all_names(&contact);
                gone.kept.extend(names.iter().map(Name::of));
            }
        }
        Ok(gone)
    }
}

impl PersonErasure {
    /// Whether a contact is the person, or nobody in particular; and whether that was said before the
    /// erasure.
    fn takes_contact(&self, contact: &AliasHash, row: &ContactRow) -> bool {
        let is_older = row
            .heard_at
            .is_none_or(|heard_at| heard_at <= self.erased_at);
        let names = row.facts.all_names(contact);
        let names: Vec<Name> = names.iter().map(Name::of).collect();
        let is_nobodys = !names.iter().any(Name::is_identity);
        let is_own = names.iter().any(|name| self.own.contains(name));
        is_older && (self.is_everybody || is_nobodys || is_own)
    }
}

impl Store {
    pub(super) async fn forget(
        &self,
        erasure: PersonErasure,
        now: Timestamp,
    ) -> Result<ErasureStep, Error> {
        let organization = &erasure.organization;
        let group = self
            .group_of(organization, erasure.people.clone(), erasure.alias_names())
            .await?;
        let contacts = self
            .contacts_among(organization, &group.aliases.keys().map(Name::of).collect())
            .await?;
        let gone = Gone::of(&erasure, &group, contacts)?;
        for contact in &gone.contacts {
            self.forget_contact(organization, contact).await?;
        }
        fail::fail_point!(crate::steps::CONTACTS_DELETED);
        for (name, row) in &group.claimed {
            self.forget_claims(organization, name, row, &gone).await?;
        }
        for (name, row) in &group.aliases {
            match gone.kept.contains(&Name::of(name)) {
                true => self.leave_alias(&erasure, name, row, &gone).await?,
                false => self.bury_alias(&erasure, name, now).await?,
            }
        }
        fail::fail_point!(crate::steps::ALIASES_BURIED);
        // Last: by them the aliases are found, should this break off.
        self.forget_links(organization, &group, &gone).await?;
        fail::fail_point!(crate::steps::LINKS_DELETED);
        Ok(ErasureStep {
            sessions: Vec::new(),
            is_second: !erasure.is_second,
            next: (!erasure.is_second).then(|| erasure.second()),
        })
    }

    /// Deletes what Intercom has said of a contact, conversations included.
    async fn forget_contact(
        &self,
        organization: &OrganizationId,
        contact: &AliasHash,
    ) -> Result<(), Error> {
        let operation = "forget a contact";
        let partition = keys::contact_partition(organization, contact);
        loop {
            let answer = self
                .table
                .query_all(partition.clone())
                .projection_expression("PK, SK")
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| Error::from_sdk(operation, &error))?;
            let rows: Vec<Key> = answer
                .items()
                .iter()
                .map(key_of)
                .collect::<Result<_, _>>()?;
            self.table.delete_all(operation, &rows).await?;
            if answer.last_evaluated_key.is_none() {
                return Ok(());
            }
        }
    }

    /// Deletes rows 5 and 20 of whom is gone, and those of names that are.
    async fn forget_links(
        &self,
        organization: &OrganizationId,
        group: &Group,
        gone: &Gone,
    ) -> Result<(), Error> {
        let links = group.links.keys().filter(|(person, name)| {
            gone.people.contains(person) || !gone.kept.contains(&Name::of(name))
        });
        let links = links
            .map(|(person, (kind, hash))| keys::alias_of_person(organization, person, *kind, hash));
        let claims = group.claims.keys();
        let claims = claims.filter(|(contact, _)| gone.people.contains(contact));
        let claims =
            claims.map(|(contact, (kind, hash))| keys::claim(organization, contact, *kind, hash));
        let rows: Vec<Key> = links.chain(claims).collect();
        self.table.delete_all("forget aliases", &rows).await
    }

    /// Takes what is gone out of an address that contacts are only said to have.
    async fn forget_claims(
        &self,
        organization: &OrganizationId,
        (kind, hash): &AliasName,
        row: &AliasRow,
        gone: &Gone,
    ) -> Result<(), Error> {
        let is_gone = |claim: &&Claim| {
            gone.people.contains(&claim.contact) || gone.people.contains(&claim.person)
        };
        let claims: Vec<String> = row
            .claims
            .iter()
            .filter(is_gone)
            .cloned()
            .map(Into::into)
            .collect();
        let released = row.released.intersection(&gone.people);
        let released: Vec<String> = released.map(ToString::to_string).collect();
        let key = keys::alias(organization, *kind, hash);
        self.take_out(&key, &[("claims", claims), ("released", released)], None)
            .await?;
        let is_empty = row.people.is_empty()
            && row.claims.iter().all(|claim| is_gone(&claim))
            && row.released.is_subset(&gone.people);
        if is_empty {
            self.table
                .delete(&key)
                // Somebody else may have claimed it meanwhile.
                .condition_expression(
                    "attribute_not_exists(people) AND attribute_not_exists(claims) \
                     AND attribute_not_exists(released) AND attribute_not_exists(erased_at)",
                )
                .attempt("forget aliases")
                .await?;
        }
        Ok(())
    }

    /// Leaves an alias to the others, without what is gone.
    async fn leave_alias(
        &self,
        erasure: &PersonErasure,
        name: &AliasName,
        row: &AliasRow,
        gone: &Gone,
    ) -> Result<(), Error> {
        let people = row.people.intersection(&gone.people);
        let is_gone = |identity: &&Identity| {
            let name = Name {
                kind: identity.kind,
                hash: identity.hash().clone(),
            };
            erasure.own.contains(&name) && !gone.kept.contains(&name)
        };
        let gone_of = |identities: &BTreeSet<Identity>| -> Vec<String> {
            let gone = identities.iter().filter(is_gone);
            gone.cloned().map(Into::into).collect()
        };
        let claims = row.claims.iter().filter(|claim| {
            gone.people.contains(&claim.contact) || gone.people.contains(&claim.person)
        });
        let sets = [
            ("people", people.map(ToString::to_string).collect()),
            ("identities", gone_of(&row.identities)),
            ("said_with", gone_of(&row.said_with)),
            ("claims", claims.cloned().map(Into::into).collect()),
        ];
        let key = keys::alias(&erasure.organization, name.0, &name.1);
        let erased_at = erasure.own.contains(&Name::of(name));
        let erased_at = erased_at.then_some(erasure.erased_at);
        self.take_out(&key, &sets, erased_at).await
    }

    /// Takes members out of a row's sets; with `erased_at` notes that as well.
    async fn take_out(
        &self,
        key: &Key,
        sets: &[(&str, Vec<String>)],
        erased_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let mut request = self.table.update(key);
        let mut removed = Vec::new();
        for (name, members) in sets.iter().filter(|(_, members)| !members.is_empty()) {
            removed.push(format!("{name} :{name}"));
            let members = AttributeValue::Ss(members.clone());
            request = request.expression_attribute_values(format!(":{name}"), members);
        }
        let mut changes = match removed.is_empty() {
            true => String::new(),
            false => format!("DELETE {}", removed.join(", ")),
        };
        if changes.is_empty() && erased_at.is_none() {
            return Ok(());
        }
        // The row may have expired meanwhile. It must not come back without an end.
        request = match erased_at {
            Some(at) => {
                changes +=
                    " SET erased_at = :erased_at, expires = if_not_exists(expires, :expires)";
                request
                    .expression_attribute_values(":erased_at", number(at.as_millisecond()))
                    .expression_attribute_values(":expires", number(tombstone_expires(at)))
            }
            None => request.condition_expression("attribute_exists(PK)"),
        };
        request
            .update_expression(changes)
            .attempt("forget aliases")
            .await?;
        Ok(())
    }

    /// Leaves nothing of an alias but that whom it led to was erased; and that it is closed, if Intercom
    /// closed it.
    async fn bury_alias(
        &self,
        erasure: &PersonErasure,
        (kind, hash): &AliasName,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.table
            .update(&keys::alias(&erasure.organization, *kind, hash))
            .update_expression(
                "SET erased_at = :at, expires = :expires REMOVE people, identities, said_with, claims, released",
            )
            .expression_attribute_values(":at", number(erasure.erased_at.as_millisecond()))
            .expression_attribute_values(":expires", number(tombstone_expires(now)))
            .send()
            .await
            .map_err(|error| Error::from_sdk("forget aliases", &error))?;
        Ok(())
    }
}
