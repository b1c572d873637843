//! Reading a cluster: from people to their aliases to their people, until there is nobody new.

use std::collections::BTreeSet;

use futures::future::{try_join, try_join_all};
use identity::cluster::{AliasEntry, Cluster, Link};
use identity::{AliasName, PersonId};
use serde::{Deserialize, Serialize};
use table::{Item, PARTITION, Read, SORT, parse, text};

use crate::Error;
use crate::people::{Clusters, rows};

/// What a row says of an alias.
pub(crate) fn alias_entry(item: Item) -> Result<AliasEntry, table::Error> {
    parse("alias", item)
}

/// Links and claims of a person, apart from their keys.
#[derive(Serialize, Deserialize)]
pub(crate) struct LinkRow {
    pub(crate) expires: i64,
}

impl Clusters<'_> {
    /// Everybody and every alias that can be reached from an owner and its aliases. Claims are seen but not
    /// followed.
    pub(crate) async fn read(
        self,
        owner: &PersonId,
        names: &[AliasName],
    ) -> Result<Cluster, Error> {
        let people = BTreeSet::from([owner.clone()]);
        let names = names.iter().cloned().collect();
        self.read_all(people, names).await
    }

    /// The same, from several.
    pub(crate) async fn read_all(
        self,
        mut people: BTreeSet<PersonId>,
        mut names: BTreeSet<AliasName>,
    ) -> Result<Cluster, Error> {
        let mut cluster = Cluster::default();
        while !(people.is_empty() && names.is_empty()) {
            let links = people.iter().map(|person| self.links_of(person));
            let (links, rows) = try_join(try_join_all(links), self.alias_rows(names)).await?;
            cluster.people.append(&mut people);
            for (links, claims) in links {
                cluster.links.extend(links);
                cluster.claims.extend(claims);
            }
            cluster.aliases.extend(rows);
            let named = cluster.aliases.values().flat_map(|row| &row.people);
            people = named
                .filter(|person| !cluster.people.contains(person))
                .cloned()
                .collect();
            let had = cluster.links.keys().map(|(_, name)| name);
            names = had
                .filter(|name| !cluster.aliases.contains_key(name))
                .cloned()
                .collect();
        }
        let claimed = cluster.claims.keys().map(|(_, name)| name);
        let claimed: BTreeSet<AliasName> = claimed
            .filter(|name| !cluster.aliases.contains_key(name))
            .cloned()
            .collect();
        cluster.claimed = self.alias_rows(claimed).await?.into_iter().collect();
        Ok(cluster)
    }

    /// The links and claims of a person.
    async fn links_of(
        self,
        person: &PersonId,
    ) -> Result<(Vec<(Link, i64)>, Vec<(Link, i64)>), Error> {
        let answer = self
            .scope
            .table
            .query(
                rows::person_partition(self.scope.organization, person),
                "SK BETWEEN :first AND :last",
            )
            .expression_attribute_values(":first", text(rows::ALIAS_PREFIX))
            .expression_attribute_values(":last", text(rows::AFTER_CLAIMS))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("list aliases", &error))?;
        let (mut links, mut claims) = (Vec::new(), Vec::new());
        for item in answer.items.unwrap_or_default() {
            let (is_claim, name) = name_in(&item)?;
            let row: LinkRow = parse("alias", item)?;
            let list = if is_claim { &mut claims } else { &mut links };
            list.push(((person.clone(), name), row.expires));
        }
        Ok((links, claims))
    }

    /// What is known of these aliases; empty where nothing is.
    pub(crate) async fn alias_rows(
        self,
        names: BTreeSet<AliasName>,
    ) -> Result<Vec<(AliasName, AliasEntry)>, Error> {
        let keys: Vec<_> = names
            .iter()
            .map(|name| rows::alias(self.scope.organization, name))
            .collect();
        let mut found = self
            .scope
            .table
            .get_all("link people", &keys, Read::Consistent)
            .await?;
        let row = |key| found.remove(key).map(alias_entry).transpose();
        let rows = keys.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        Ok(names
            .into_iter()
            .zip(rows.into_iter().map(Option::unwrap_or_default))
            .collect())
    }
}

/// The alias that a link or a claim names, and whether it is only claimed.
fn name_in(item: &Item) -> Result<(bool, AliasName), table::Error> {
    let sort = item.get(SORT).and_then(|sort| sort.as_s().ok());
    let name = sort.and_then(|sort| {
        let link = rows::parse_alias_of_person(sort).map(|name| (false, name));
        link.or_else(|| rows::parse_claim(sort).map(|name| (true, name)))
    });
    name.ok_or_else(|| table::Error::corrupt("alias", format!("{PARTITION} and {SORT} name none")))
}
