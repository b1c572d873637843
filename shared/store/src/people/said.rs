//! Claims: what anybody may say of whose session it is. An alias leads to the owners that it is claimed for,
//! apart from its own people, and nothing is followed through them.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use futures::future::try_join_all;
use identity::cluster::{AliasEntry, Cluster, EXPIRY_TOLERANCE_SECONDS, MAX_PEOPLE, MAX_SAID};
use identity::{AliasKind, AliasName, PersonId, Standing, conflict};
use table::{Conditional, number, text};

use crate::Error;
use crate::people::clusters::alias_entry;
use crate::people::links::ALIAS_MARGIN_SECONDS;
use crate::people::{Clusters, rows};

fn of_kind(names: &[AliasName], is_wanted: fn(&AliasName) -> bool) -> Vec<&AliasName> {
    names.iter().filter(|name| is_wanted(name)).collect()
}

/// Whether an alias is a browser's that has sessions which nobody has named.
fn is_unnamed(name: &AliasName, entry: &AliasEntry) -> bool {
    let is_unnamed =
        |person: &PersonId| person.standing() == Standing::Unnamed && !person.is_stand_in();
    !name.is_identity() && entry.people.iter().any(is_unnamed)
}

impl Clusters<'_> {
    /// Lets each of the names, all of them claimed at once, lead to the owner of a session. `known`: what
    /// stands there. Returns whether one of them is a browser's that has sessions which nobody has named.
    pub(crate) async fn say(
        self,
        owner: &PersonId,
        names: &[AliasName],
        with: &[AliasName],
        known: &BTreeMap<AliasName, AliasEntry>,
        expires: i64,
    ) -> Result<bool, Error> {
        let keep = expires + ALIAS_MARGIN_SECONDS;
        let nothing = &AliasEntry::default();
        let says = names.iter().map(|name| async move {
            let entry = known.get(name).unwrap_or(nothing);
            let with: Vec<&AliasName> = match name.kind {
                AliasKind::Email => of_kind(with, |name| name.kind == AliasKind::UserId),
                AliasKind::UserId => Vec::new(),
                _ => of_kind(with, AliasName::is_identity),
            };
            let has_room = entry.claimed_with.len() < MAX_SAID;
            let with = if has_room { with } else { Vec::new() };
            let is_known = entry.said.contains(owner)
                && with.iter().all(|name| entry.claimed_with.contains(*name))
                && entry.expires >= keep - EXPIRY_TOLERANCE_SECONDS;
            let is_full = !entry.has_room() && !entry.said.contains(owner);
            if is_known || is_full {
                return Ok(is_unnamed(name, entry));
            }
            let keep = keep.max(entry.expires);
            let written = self.add_said(owner, name, &with, keep).await?;
            Ok::<_, Error>(is_unnamed(name, written.as_ref().unwrap_or(entry)))
        });
        Ok(try_join_all(says).await?.contains(&true))
    }

    /// The row as it is then; `None` when it had no room.
    async fn add_said(
        self,
        owner: &PersonId,
        name: &AliasName,
        with: &[&AliasName],
        expires: i64,
    ) -> Result<Option<AliasEntry>, Error> {
        let most = i64::try_from(MAX_SAID).unwrap_or(i64::MAX);
        let mut added = "said :owner".to_owned();
        let mut request = self
            .scope
            .table
            .update(&rows::alias(self.scope.organization, name))
            .condition_expression(
                "(attribute_not_exists(said) OR size(said) < :most OR contains(said, :member)) AND \
                 (attribute_not_exists(claimed_with) OR size(claimed_with) <= :most)",
            )
            .expression_attribute_values(":owner", AttributeValue::Ss(vec![owner.to_string()]))
            .expression_attribute_values(":member", text(owner))
            .expression_attribute_values(":most", number(most))
            .expression_attribute_values(":expires", number(expires));
        if !with.is_empty() {
            added += ", claimed_with :with";
            let with = with
                .iter()
                .take(MAX_SAID)
                .map(ToString::to_string)
                .collect();
            request = request.expression_attribute_values(":with", AttributeValue::Ss(with));
        }
        let said = request
            .update_expression(format!("ADD {added} SET expires = :expires"))
            .return_values(ReturnValue::AllNew)
            .attempt("claim an alias")
            .await?;
        Ok(said.done().map(alias_entry).transpose()?)
    }

    /// Lets what Intercom has joined with a user id, or with an address that stands alone, lead to the owners
    /// that are claimed for it: still as claims. Of several user ids each keeps its own.
    pub(crate) async fn share_said(self, cluster: &Cluster, expires: i64) -> Result<(), Error> {
        let of_user_id = |(name, _): &(&AliasName, &AliasEntry)| name.kind == AliasKind::UserId;
        if cluster.aliases.iter().filter(of_user_id).count() > 1 {
            return Ok(());
        }
        let mut owners: BTreeSet<PersonId> = BTreeSet::new();
        for (name, entry) in &cluster.aliases {
            let said = entry.said.iter().filter(|owner| match name.kind {
                AliasKind::UserId => true,
                AliasKind::Email => owner.standing() == Standing::ClaimedEmail,
                _ => false,
            });
            owners.extend(said.cloned());
        }
        for owner in owners.iter().take(MAX_PEOPLE) {
            let lacking = cluster.aliases.iter();
            let lacking = lacking.filter(|(_, entry)| !entry.said.contains(owner));
            let names: Vec<AliasName> = lacking.map(|(name, _)| name.clone()).collect();
            self.say(owner, &names, &[], &cluster.aliases, expires)
                .await?;
        }
        Ok(())
    }

    /// Notes with everybody who claims a browser that somebody else does as well.
    pub(crate) async fn mark_shared(self, cluster: &Cluster) -> Result<(), Error> {
        let names = cluster
            .claims
            .keys()
            .map(|(_, name)| name.clone())
            .collect();
        if conflict(&names, &BTreeSet::new()).is_none() {
            return Ok(());
        }
        let browsers: Vec<String> = cluster
            .recorded()
            .filter(|person| person.standing() == Standing::Unnamed)
            .take(MAX_PEOPLE)
            .map(ToString::to_string)
            .collect();
        if browsers.is_empty() {
            return Ok(());
        }
        let most = i64::try_from(MAX_SAID).unwrap_or(i64::MAX);
        let is_marked = |entry: &AliasEntry| {
            let marked = |browser: &String| {
                entry
                    .shared_browsers
                    .iter()
                    .any(|person| person.as_str() == browser)
            };
            browsers.iter().all(marked)
        };
        let entries = names.iter().filter_map(|name| {
            let entry = cluster
                .claimed
                .get(name)
                .or_else(|| cluster.aliases.get(name));
            entry.filter(|entry| !is_marked(entry)).map(|_| name)
        });
        let writes = entries.map(|name| {
            self.scope
                .table
                .update(&rows::alias(self.scope.organization, name))
                .update_expression("ADD shared_browsers :browsers")
                .condition_expression(
                    "attribute_exists(PK) AND \
                     (attribute_not_exists(shared_browsers) OR size(shared_browsers) < :most)",
                )
                .expression_attribute_values(":most", number(most))
                .expression_attribute_values(":browsers", AttributeValue::Ss(browsers.clone()))
                .attempt("claim an alias")
        });
        try_join_all(writes).await?;
        Ok(())
    }
}
