//! Erasing what Intercom said of somebody, and the aliases.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::cluster::{AliasEntry, Claim, Cluster};
use identity::{AliasHash, AliasName, PersonId};
use jiff::Timestamp;
use table::{Conditional, Key, key_of, number};

use crate::Error;
use crate::erasure::Erasures;
use crate::erasure::state::{ErasureStep, PersonErasure};
use crate::people::contact_row::ContactRow;
use crate::people::{Clusters, rows as people_rows};
use crate::sessions::tombstone::tombstone_expires;

/// Who and what goes.
struct Erased {
    /// People that own no session any more, and stand-ins of contacts.
    people: BTreeSet<PersonId>,
    /// Owners of sessions that were claimed with some name, and own none any more.
    said: BTreeSet<PersonId>,
    contacts: Vec<AliasHash>,
    /// Names that the others have as well.
    kept: BTreeSet<AliasName>,
}

impl Erased {
    fn of(
        erasure: &PersonErasure,
        cluster: &Cluster,
        contacts: Vec<(AliasHash, ContactRow)>,
    ) -> Result<Self, Error> {
        let mut gone = Self {
            // Of others nobody has looked whether they keep anything.
            people: cluster
                .recorded()
                .filter(|person| erasure.people.contains(*person))
                .cloned()
                .collect(),
            said: erasure.people.clone(),
            contacts: Vec::new(),
            kept: erasure.kept.clone(),
        };
        gone.people
            .retain(|person| !erasure.kept_people.contains(person));
        gone.said
            .retain(|person| !erasure.kept_people.contains(person));
        for (contact, row) in contacts {
            if erasure.takes_contact(&contact, &row) {
                gone.people.insert(PersonId::stand_in(&contact));
                gone.contacts.push(contact);
            } else {
                let names = row.facts.all_names(&contact);
                gone.kept.extend(names.iter().cloned());
            }
        }
        Ok(gone)
    }
}

impl PersonErasure {
    /// Whether a contact is the person, and that was said before the erasure.
    fn takes_contact(&self, contact: &AliasHash, row: &ContactRow) -> bool {
        let is_older = row
            .heard_at
            .is_none_or(|heard_at| heard_at <= self.erased_at);
        let names = row.facts.all_names(contact);
        let names: Vec<AliasName> = names.iter().cloned().collect();
        // Of a contact that Intercom deletes no other one goes, whatever both are called.
        let wanted = match self.is_of_contact() {
            true => &self.asked,
            false => &self.own,
        };
        is_older && names.iter().any(|name| wanted.contains(name))
    }
}

impl Erasures<'_> {
    pub(super) async fn forget(
        self,
        erasure: PersonErasure,
        now: Timestamp,
    ) -> Result<ErasureStep, Error> {
        let cluster = Clusters::of(self.scope)
            .read_all(erasure.people.clone(), erasure.names.clone())
            .await?;
        let contacts = self
            .contacts_among(&cluster.aliases.keys().cloned().collect())
            .await?;
        let gone = Erased::of(&erasure, &cluster, contacts)?;
        for contact in &gone.contacts {
            self.forget_contact(contact).await?;
        }
        fail::fail_point!(crate::steps::CONTACTS_DELETED);
        for (name, row) in &cluster.claimed {
            self.forget_claims(name, row, &gone).await?;
        }
        for (name, row) in &cluster.aliases {
            let is_buried = erasure.own.contains(name) && !gone.kept.contains(name);
            match is_buried {
                true => {
                    self.forget_browsers(name, row).await?;
                    self.bury_alias(&erasure, name, now).await?;
                }
                false => self.leave_alias(&erasure, name, row, &gone).await?,
            }
        }
        fail::fail_point!(crate::steps::ALIASES_BURIED);
        // Last: by them the aliases are found, should this break off.
        self.forget_links(&erasure, &cluster, &gone).await?;
        fail::fail_point!(crate::steps::LINKS_DELETED);
        Ok(ErasureStep {
            sessions: Vec::new(),
            is_second: !erasure.is_second,
            next: (!erasure.is_second).then(|| erasure.second()),
        })
    }

    /// Deletes what Intercom has said of a contact, conversations included.
    async fn forget_contact(self, contact: &AliasHash) -> Result<(), Error> {
        let operation = "forget a contact";
        let partition = people_rows::contact_partition(self.scope.organization, contact);
        loop {
            let answer = self
                .scope
                .table
                .query_all(partition.clone())
                .projection_expression("PK, SK")
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk(operation, &error))?;
            let rows: Vec<Key> = answer
                .items()
                .iter()
                .map(key_of)
                .collect::<Result<_, _>>()?;
            self.scope.table.delete_all(operation, &rows).await?;
            if answer.last_evaluated_key.is_none() {
                return Ok(());
            }
        }
    }

    /// Deletes the link and claim rows of erased persons and of erased aliases.
    async fn forget_links(
        self,
        erasure: &PersonErasure,
        cluster: &Cluster,
        gone: &Erased,
    ) -> Result<(), Error> {
        let is_buried = |name| erasure.own.contains(name) && !gone.kept.contains(name);
        let links = cluster
            .links
            .keys()
            .filter(|(person, name)| gone.people.contains(person) || is_buried(name));
        let links = links.map(|(person, name)| {
            people_rows::alias_of_person(self.scope.organization, person, name)
        });
        let claims = cluster.claims.keys();
        let claims = claims.filter(|(contact, _)| gone.people.contains(contact));
        let claims = claims
            .map(|(contact, name)| people_rows::claim(self.scope.organization, contact, name));
        let rows: Vec<Key> = links.chain(claims).collect();
        Ok(self.scope.table.delete_all("forget aliases", &rows).await?)
    }

    /// Deletes what browsers claim of an alias that goes: else they would claim it anew.
    async fn forget_browsers(self, name: &AliasName, row: &AliasEntry) -> Result<(), Error> {
        let browsers = row.claims.iter().map(|claim| &claim.contact);
        let claims = browsers.filter(|browser| !browser.is_stand_in());
        let rows: Vec<Key> = claims
            .map(|browser| people_rows::claim(self.scope.organization, browser, name))
            .collect();
        Ok(self.scope.table.delete_all("forget aliases", &rows).await?)
    }

    /// Takes what is gone out of an address that contacts are only said to have.
    async fn forget_claims(
        self,
        name: &AliasName,
        row: &AliasEntry,
        gone: &Erased,
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
        let key = people_rows::alias(self.scope.organization, name);
        self.take_out(&key, &[("claims", claims), ("released", released)], None)
            .await?;
        let is_empty = row.people.is_empty()
            && row.said.is_empty()
            && row.claims.iter().all(|claim| is_gone(&claim))
            && row.released.is_subset(&gone.people);
        if is_empty {
            self.delete_empty(&key).await?;
        }
        Ok(())
    }

    /// Deletes what is known of an alias that leads to nobody any more. Somebody else may have come to
    /// have it meanwhile.
    async fn delete_empty(self, key: &Key) -> Result<(), Error> {
        self.scope
            .table
            .delete(key)
            .condition_expression(
                "attribute_not_exists(people) AND attribute_not_exists(claims) AND attribute_not_exists(said) \
                 AND attribute_not_exists(released) AND attribute_not_exists(erased_at)",
            )
            .attempt("forget aliases")
            .await?;
        Ok(())
    }

    /// Leaves an alias to the others, without what is gone.
    async fn leave_alias(
        self,
        erasure: &PersonErasure,
        name: &AliasName,
        row: &AliasEntry,
        gone: &Erased,
    ) -> Result<(), Error> {
        let people = row.people.intersection(&gone.people);
        let said = row.said.intersection(&gone.said);
        let shared = row.shared_browsers.intersection(&gone.people);
        let is_gone = |identity: &&AliasName| {
            erasure.own.contains(*identity) && !gone.kept.contains(*identity)
        };
        let gone_of = |identities: &BTreeSet<AliasName>| -> Vec<String> {
            let gone = identities.iter().filter(is_gone);
            gone.cloned().map(Into::into).collect()
        };
        let claims = row.claims.iter().filter(|claim| {
            gone.people.contains(&claim.contact) || gone.people.contains(&claim.person)
        });
        let sets = [
            ("people", people.map(ToString::to_string).collect()),
            ("said", said.map(ToString::to_string).collect()),
            ("identities", gone_of(&row.identities)),
            ("said_with", gone_of(&row.said_with)),
            ("claimed_with", gone_of(&row.claimed_with)),
            ("shared_browsers", shared.map(ToString::to_string).collect()),
            ("claims", claims.cloned().map(Into::into).collect()),
        ];
        let key = people_rows::alias(self.scope.organization, name);
        let erased_at = erasure.own.contains(name);
        let erased_at = erased_at.then_some(erasure.erased_at);
        self.take_out(&key, &sets, erased_at).await?;
        let is_left = !row.people.is_empty() && row.people.is_subset(&gone.people);
        if is_left && row.said.is_subset(&gone.said) {
            // It led to nobody else, and nothing tells any more that it was the person's.
            self.delete_empty(&key).await?;
        }
        Ok(())
    }

    /// Takes members out of a row's sets; with `erased_at` notes that as well.
    async fn take_out(
        self,
        key: &Key,
        sets: &[(&str, Vec<String>)],
        erased_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let mut request = self.scope.table.update(key);
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

    /// Replaces an alias by a tombstone: that its person was erased and, if so, that Intercom closed it.
    async fn bury_alias(
        self,
        erasure: &PersonErasure,
        name: &AliasName,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.scope.table
            .update(&people_rows::alias(self.scope.organization, name))
            .update_expression(
                "SET erased_at = :at, expires = :expires REMOVE people, identities, said_with, said, claimed_with, shared_browsers, claims, released",
            )
            .expression_attribute_values(":at", number(erasure.erased_at.as_millisecond()))
            .expression_attribute_values(":expires", number(tombstone_expires(now)))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("forget aliases", &error))?;
        Ok(())
    }
}
