//! Linking people that share an alias: what [`identity::cluster`] says of them, written to the table.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::{try_join, try_join_all};
use identity::AliasName;
use identity::cluster::{Addition, Cluster, Evidence, Link};
use table::{Key, number};

use crate::Error;
use crate::people::clusters::LinkRow;
use crate::people::{Clusters, rows};

/// Rounds of writing and looking again. Two links at a time need three; more are for a crowd.
const MAX_ROUNDS: usize = 12;

/// Aliases outlive the identification by this much more than recordings do, seconds: a session goes on after
/// it was identified, and must not be listed longer than it can be found.
pub(crate) const ALIAS_MARGIN_SECONDS: i64 = 7 * 86_400;

impl Clusters<'_> {
    /// Makes one cluster of `evidence.owner` and everybody known by one of its names, kept as long as
    /// sessions that expire at `expires`. Returns the cluster.
    ///
    /// A cluster holds at most [`MAX_PEOPLE`](identity::cluster::MAX_PEOPLE) people and a hundred
    /// aliases. An alias that would take it further is left out: so many people share it (`info@`, the
    /// tester's own) that it says nothing about who they are.
    pub(crate) async fn link(
        self,
        evidence: &Evidence<'_>,
        expires: i64,
    ) -> Result<Cluster, Error> {
        let keep = expires + ALIAS_MARGIN_SECONDS;
        let owner = evidence.owner;
        let mut names = evidence.names.to_vec();
        let mut cluster = self.read(owner, &names).await?;
        if evidence.is_claimed {
            let joinable = cluster.joinable(&names);
            if joinable.len() < names.len() {
                names = joinable;
                cluster = self.read(owner, &names).await?;
            }
        }
        while !cluster.fits() {
            // The weaker one of two that are shared by as many: the last.
            let sharing =
                |name: &AliasName| cluster.aliases.get(name).map_or(0, |row| row.people.len());
            let Some((most_shared, _)) = names
                .iter()
                .enumerate()
                .max_by_key(|(_, name)| sharing(name))
            else {
                return Ok(cluster);
            };
            names.remove(most_shared);
            cluster = self.read(owner, &names).await?;
        }
        let evidence = Evidence {
            names: &names,
            ..*evidence
        };
        // From here on no limit: of two links that together go beyond it, both have to be finished, or the
        // cluster's rows would differ.
        for _ in 0..MAX_ROUNDS {
            let links = cluster.overdue_links(&evidence, keep);
            let claims = cluster.overdue_claims(&evidence, keep);
            let additions = cluster.additions(&evidence, keep);
            if links.is_empty() && claims.is_empty() && additions.is_empty() {
                return Ok(cluster);
            }
            // A person's aliases stand before any alias names the person: whoever finds the person finds them
            // all.
            try_join(
                try_join_all(links.iter().map(|(person, name)| {
                    let key = rows::alias_of_person(self.scope.organization, person, name);
                    self.put_link(key, keep)
                })),
                try_join_all(claims.iter().map(|(contact, name): &Link| {
                    self.put_link(rows::claim(self.scope.organization, contact, name), keep)
                })),
            )
            .await?;
            fail::fail_point!(crate::steps::LINKS_PUT);
            try_join_all(
                additions
                    .iter()
                    .map(|(name, addition)| self.add(name, addition, keep)),
            )
            .await?;
            fail::fail_point!(crate::steps::PEOPLE_ADDED);
            // Another link may have read before this one wrote and written since. Whichever looks last sees
            // both.
            cluster = self.read(owner, &names).await?;
        }
        Err(table::Error::Contended.into())
    }

    async fn put_link(self, key: Key, expires: i64) -> Result<(), Error> {
        self.scope
            .table
            .put(&key, &LinkRow { expires })?
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("link people", &error))?;
        Ok(())
    }

    /// Adds to what is known of an alias, in one call.
    async fn add(self, name: &AliasName, addition: &Addition, keep: i64) -> Result<(), Error> {
        let sets = [
            ("people", texts(&addition.people)),
            ("identities", texts(&addition.identities)),
            ("said_with", texts(&addition.said_with)),
            ("claims", texts(&addition.claims)),
        ];
        let mut request = self
            .scope
            .table
            .update(&rows::alias(self.scope.organization, name))
            .expression_attribute_values(":expires", number(keep.max(addition.expires)));
        let mut added = Vec::new();
        // DynamoDB knows no empty set.
        for (name, texts) in sets.into_iter().filter(|(_, texts)| !texts.is_empty()) {
            added.push(format!("{name} :{name}"));
            request =
                request.expression_attribute_values(format!(":{name}"), AttributeValue::Ss(texts));
        }
        request
            .update_expression(format!("ADD {} SET expires = :expires", added.join(", ")))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("link people", &error))?;
        Ok(())
    }
}

fn texts<T: Clone + Into<String>>(members: &BTreeSet<T>) -> Vec<String> {
    members.iter().cloned().map(Into::into).collect()
}
