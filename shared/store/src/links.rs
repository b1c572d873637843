//! Who is the same person: linking people that share an alias.
//!
//! Nothing is ever merged. People that are linked form a group, and every alias of the group names all of its
//! people; a reader who has one alias so has them all at once, and queries their sessions side by side. Rows
//! only ever gain people, so links that run at the same time add up.
//!
//! An alias that a contact only claims names the group's people as well, but apart from its own, and joins
//! nobody.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::{try_join, try_join_all};
use identity::{AliasKind, OrganizationId, PersonId};

use crate::alias_row::{AliasName, Identity};
use crate::group::{Addition, Group, Link, LinkRow};
use crate::keys::{self, Key};
use crate::table::number;
use crate::{Error, Store};

/// Rounds of writing and looking again. Two links at a time need three; more are for a crowd.
const MAX_ROUNDS: usize = 12;

/// Aliases outlive the identification by this much more than recordings do, seconds: a session goes on after
/// it was identified, and must not be listed longer than it can be found.
pub(crate) const MARGIN: i64 = 7 * 86_400;

/// What somebody says of who is who.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence<'a> {
    /// A person, or a contact's stand-in.
    pub(crate) owner: &'a PersonId,
    /// Its aliases.
    pub(crate) names: &'a [AliasName],
    /// Aliases that it is only said to have.
    pub(crate) claims: &'a [AliasName],
    /// Whether a recorder or a backend says so: it tells people apart by what it calls them.
    pub(crate) is_recorded: bool,
}

impl Evidence<'_> {
    /// What the owner is called.
    pub(crate) fn identities(&self) -> BTreeSet<Identity> {
        let names = self.names.iter().filter(|_| self.is_recorded);
        names.filter_map(Identity::of).collect()
    }

    /// The user ids that are said in the same breath as this e-mail address.
    pub(crate) fn said_with(&self, name: &AliasName) -> BTreeSet<Identity> {
        if name.0 != AliasKind::Email || !self.names.contains(name) {
            return BTreeSet::new();
        }
        let mut identities = self.identities();
        identities.retain(|identity| identity.kind == AliasKind::UserId);
        identities
    }
}

impl Store {
    /// Makes one group of `evidence.owner` and everybody known by one of its names, kept as long as sessions
    /// that expire at `expires`. Returns the group.
    ///
    /// A group holds at most [`MAX_PEOPLE`](crate::MAX_PEOPLE) people and a hundred aliases. An alias that
    /// would take it further is left out: so many people share it (`info@`, the tester's own) that it says
    /// nothing about who they are.
    pub(crate) async fn link(
        &self,
        organization: &OrganizationId,
        evidence: &Evidence<'_>,
        expires: i64,
    ) -> Result<Group, Error> {
        let keep = expires + MARGIN;
        let owner = evidence.owner;
        let mut names = evidence.names.to_vec();
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
                return Ok(group);
            };
            names.remove(most_shared);
            group = self.group(organization, owner, &names).await?;
        }
        let evidence = Evidence {
            names: &names,
            ..*evidence
        };
        // From here on no limit: of two links that together go beyond it, both have to be finished, or the
        // group's rows would differ.
        for _ in 0..MAX_ROUNDS {
            let links = group.overdue_links(&evidence, keep);
            let claims = group.overdue_claims(&evidence, keep);
            let additions = group.additions(&evidence, keep);
            if links.is_empty() && claims.is_empty() && additions.is_empty() {
                return Ok(group);
            }
            // A person's aliases stand before any alias names the person: whoever finds the person finds them
            // all.
            try_join(
                try_join_all(links.iter().map(|(person, (kind, hash))| {
                    let key = keys::alias_of_person(organization, person, *kind, hash);
                    self.put_link(key, keep)
                })),
                try_join_all(claims.iter().map(|(contact, (kind, hash)): &Link| {
                    self.put_link(keys::claim(organization, contact, *kind, hash), keep)
                })),
            )
            .await?;
            fail::fail_point!(crate::steps::LINKS_PUT);
            try_join_all(
                additions
                    .iter()
                    .map(|(name, addition)| self.add(organization, name, addition, keep)),
            )
            .await?;
            fail::fail_point!(crate::steps::PEOPLE_ADDED);
            // Another link may have read before this one wrote and written since. Whichever looks last sees
            // both.
            group = self.group(organization, owner, &names).await?;
        }
        Err(Error::Contended)
    }

    async fn put_link(&self, key: Key, expires: i64) -> Result<(), Error> {
        self.table
            .put(&key, &LinkRow { expires })?
            .send()
            .await
            .map_err(|error| Error::from_sdk("link people", &error))?;
        Ok(())
    }

    /// Adds to a row 4, in one call.
    async fn add(
        &self,
        organization: &OrganizationId,
        (kind, hash): &AliasName,
        addition: &Addition,
        keep: i64,
    ) -> Result<(), Error> {
        let sets = [
            ("people", texts(&addition.people)),
            ("identities", texts(&addition.identities)),
            ("said_with", texts(&addition.said_with)),
            ("claims", texts(&addition.claims)),
        ];
        let mut request = self
            .table
            .update(&keys::alias(organization, *kind, hash))
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
            .map_err(|error| Error::from_sdk("link people", &error))?;
        Ok(())
    }
}

fn texts<T: Clone + Into<String>>(members: &BTreeSet<T>) -> Vec<String> {
    members.iter().cloned().map(Into::into).collect()
}
