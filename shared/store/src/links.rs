//! Who is the same person: linking people that share an alias.
//!
//! Nothing is ever merged. People that are linked form a group, and every alias of the group names all of its people;
//! a reader who has one alias so has them all at once, and queries their sessions side by side. Rows only ever gain
//! people, so links that run at the same time add up.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::{try_join, try_join_all};
use identity::{OrganizationId, PersonId};
use serde::{Deserialize, Serialize};

use crate::keys::{self, PARTITION, SORT};
use crate::people::{AliasName, AliasRow};
use crate::table::{Item, Read, number, parse, text};
use crate::{Error, MAX_PEOPLE, Store};

/// Most aliases of one group.
const MAX_ALIASES: usize = 100;

/// Rounds of writing and looking again. Two links at a time need three; more are for a crowd.
const MAX_ROUNDS: usize = 12;

const DAY: i64 = 86_400;

/// Aliases outlive the identification by this much more than recordings do, seconds: a session goes on after it was
/// identified, and must not be listed longer than it can be found.
const MARGIN: i64 = 7 * DAY;

/// A row whose expiry is this close to what it should be is not written again, seconds.
const TOLERANCE: i64 = DAY;

/// Row 5, apart from its key.
#[derive(Serialize, Deserialize)]
struct LinkRow {
    expires: i64,
}

/// People that are one, and what the table says about that.
#[derive(Debug, Default)]
struct Group {
    people: BTreeSet<PersonId>,
    /// Row 4 of every alias of the group; empty where there is none yet.
    aliases: BTreeMap<AliasName, AliasRow>,
    /// Row 5 of every person of the group: when it expires.
    links: BTreeMap<(PersonId, AliasName), i64>,
}

impl Group {
    fn fits(&self) -> bool {
        self.people.len() <= MAX_PEOPLE && self.aliases.len() <= MAX_ALIASES
    }

    /// Rows 5 that are missing or expire too early, given that `owner` has `names`.
    fn overdue_links(
        &self,
        owner: &PersonId,
        names: &[AliasName],
        keep: i64,
    ) -> Vec<(PersonId, AliasName)> {
        let given = names.iter().map(|name| (owner.clone(), name.clone()));
        let wanted: BTreeSet<_> = given.chain(self.links.keys().cloned()).collect();
        let fresh = |link: &_| {
            self.links
                .get(link)
                .is_some_and(|expires| *expires >= keep - TOLERANCE)
        };
        wanted.into_iter().filter(|link| !fresh(link)).collect()
    }

    /// Rows 4 that lack somebody or expire too early.
    fn overdue_aliases(&self, keep: i64) -> Vec<(&AliasName, &AliasRow)> {
        let overdue = |row: &AliasRow| {
            !row.people.is_superset(&self.people) || row.expires < keep - TOLERANCE
        };
        self.aliases
            .iter()
            .filter(|(_, row)| overdue(row))
            .collect()
    }
}

impl Store {
    /// Makes one group of `owner` and everybody known by one of `names`, kept as long as sessions that expire at
    /// `expires`.
    ///
    /// A group holds at most [`MAX_PEOPLE`] people and [`MAX_ALIASES`] aliases. An alias that would take it further
    /// is left out: so many people share it (`info@`, the tester's own) that it says nothing about who they are.
    pub(crate) async fn link(
        &self,
        organization: &OrganizationId,
        owner: &PersonId,
        names: &[AliasName],
        expires: i64,
    ) -> Result<(), Error> {
        let keep = expires + MARGIN;
        let mut names = names.to_vec();
        let mut group = self.group(organization, owner, &names).await?;
        while !group.fits() {
            // The weaker one of two that are shared by as many: the last.
            let sharing =
                |name: &AliasName| group.aliases.get(name).map_or(0, |row| row.people.len());
            let Some((most_shared, _)) = names
                .iter()
                .enumerate()
                .max_by_key(|(_, name)| sharing(name))
            else {
                return Ok(());
            };
            names.remove(most_shared);
            group = self.group(organization, owner, &names).await?;
        }
        // From here on no limit: of two links that together go beyond it, both have to be finished, or the group's
        // rows would differ.
        for _ in 0..MAX_ROUNDS {
            let links = group.overdue_links(owner, &names, keep);
            let aliases = group.overdue_aliases(keep);
            if links.is_empty() && aliases.is_empty() {
                return Ok(());
            }
            // A person's aliases stand before any alias names the person: whoever finds the person finds them all.
            try_join_all(
                links
                    .iter()
                    .map(|link| self.put_link(organization, link, keep)),
            )
            .await?;
            try_join_all(aliases.iter().map(|(name, row)| {
                self.add_people(organization, name, &group.people, keep.max(row.expires))
            }))
            .await?;
            // Another link may have read before this one wrote and written since. Whichever looks last sees both.
            group = self.group(organization, owner, &names).await?;
        }
        Err(Error::Contended)
    }

    /// Everybody and every alias that can be reached from here.
    async fn group(
        &self,
        organization: &OrganizationId,
        owner: &PersonId,
        names: &[AliasName],
    ) -> Result<Group, Error> {
        let mut group = Group::default();
        let mut people = BTreeSet::from([owner.clone()]);
        let mut names: BTreeSet<AliasName> = names.iter().cloned().collect();
        while !(people.is_empty() && names.is_empty()) {
            let links = people
                .iter()
                .map(|person| self.links_of(organization, person));
            let (links, rows) =
                try_join(try_join_all(links), self.alias_rows(organization, names)).await?;
            group.people.append(&mut people);
            group.links.extend(links.into_iter().flatten());
            group.aliases.extend(rows);
            let named = group.aliases.values().flat_map(|row| &row.people);
            people = named
                .filter(|person| !group.people.contains(person))
                .cloned()
                .collect();
            let had = group.links.keys().map(|(_, name)| name);
            names = had
                .filter(|name| !group.aliases.contains_key(name))
                .cloned()
                .collect();
        }
        Ok(group)
    }

    async fn links_of(
        &self,
        organization: &OrganizationId,
        person: &PersonId,
    ) -> Result<Vec<((PersonId, AliasName), i64)>, Error> {
        let answer = self
            .table
            .query(
                keys::person_partition(organization, person),
                "begins_with(SK, :prefix)",
            )
            .expression_attribute_values(":prefix", text(keys::ALIAS_PREFIX))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::from_sdk("list aliases", &error))?;
        let items = answer.items.unwrap_or_default();
        items
            .into_iter()
            .map(|item| Ok(((person.clone(), name_in(&item)?), expiry(item)?)))
            .collect()
    }

    async fn alias_rows(
        &self,
        organization: &OrganizationId,
        names: BTreeSet<AliasName>,
    ) -> Result<Vec<(AliasName, AliasRow)>, Error> {
        let keys: Vec<_> = names
            .iter()
            .map(|(kind, hash)| keys::alias(organization, *kind, hash))
            .collect();
        let mut found = self
            .table
            .get_all("link people", &keys, Read::Consistent)
            .await?;
        let row = |key| found.remove(key).map(AliasRow::parse).transpose();
        let rows = keys.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        Ok(names
            .into_iter()
            .zip(rows.into_iter().map(Option::unwrap_or_default))
            .collect())
    }

    async fn put_link(
        &self,
        organization: &OrganizationId,
        (person, (kind, hash)): &(PersonId, AliasName),
        expires: i64,
    ) -> Result<(), Error> {
        self.table
            .put(
                &keys::alias_of_person(organization, person, *kind, hash),
                &LinkRow { expires },
            )?
            .send()
            .await
            .map_err(|error| Error::from_sdk("link people", &error))?;
        Ok(())
    }

    async fn add_people(
        &self,
        organization: &OrganizationId,
        (kind, hash): &AliasName,
        people: &BTreeSet<PersonId>,
        expires: i64,
    ) -> Result<(), Error> {
        let people = people.iter().map(PersonId::to_string).collect();
        self.table
            .update(&keys::alias(organization, *kind, hash))
            .update_expression("ADD people :people SET expires = :expires")
            .expression_attribute_values(":people", AttributeValue::Ss(people))
            .expression_attribute_values(":expires", number(expires))
            .send()
            .await
            .map_err(|error| Error::from_sdk("link people", &error))?;
        Ok(())
    }
}

fn name_in(item: &Item) -> Result<AliasName, Error> {
    let sort = item.get(SORT).and_then(|sort| sort.as_s().ok());
    sort.and_then(|sort| keys::parse_alias_of_person(sort))
        .ok_or_else(|| Error::corrupt("alias", format!("{PARTITION} and {SORT} name none")))
}

fn expiry(item: Item) -> Result<i64, Error> {
    parse("alias", item).map(|row: LinkRow| row.expires)
}
