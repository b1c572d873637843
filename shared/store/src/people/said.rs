//! Claims: what anybody may say of whose session it is. An alias leads to the owners that it is claimed for,
//! apart from its own people, and nothing is followed through them.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::try_join_all;
use identity::cluster::{AliasEntry, Cluster, EXPIRY_TOLERANCE_SECONDS, MAX_PEOPLE, MAX_SAID};
use identity::{AliasKind, AliasName, PersonId, Standing, conflict};
use table::{Conditional, number};

use crate::Error;
use crate::people::links::ALIAS_MARGIN_SECONDS;
use crate::people::{Clusters, rows};

impl Clusters<'_> {
    /// Lets each of the names, all of them claimed at once, lead to the owner of a session. `known`: what
    /// stands there.
    pub(crate) async fn say(
        self,
        owner: &PersonId,
        names: &[AliasName],
        known: &BTreeMap<AliasName, AliasEntry>,
        expires: i64,
    ) -> Result<(), Error> {
        let keep = expires + ALIAS_MARGIN_SECONDS;
        let nothing = AliasEntry::default();
        let user_ids: Vec<&AliasName> = names
            .iter()
            .filter(|name| name.kind == AliasKind::UserId)
            .collect();
        let writes = names.iter().filter_map(|name| {
            let entry = known.get(name).unwrap_or(&nothing);
            let is_known =
                entry.said.contains(owner) && entry.expires >= keep - EXPIRY_TOLERANCE_SECONDS;
            let is_written = !is_known && (entry.has_room() || entry.said.contains(owner));
            is_written.then(|| self.add_said(owner, name, &user_ids, keep.max(entry.expires)))
        });
        try_join_all(writes).await?;
        Ok(())
    }

    async fn add_said(
        self,
        owner: &PersonId,
        name: &AliasName,
        user_ids: &[&AliasName],
        expires: i64,
    ) -> Result<(), Error> {
        let most = i64::try_from(MAX_SAID).unwrap_or(i64::MAX);
        let mut added = "said :owner".to_owned();
        let mut request = self
            .scope
            .table
            .update(&rows::alias(self.scope.organization, name))
            .condition_expression("attribute_not_exists(said) OR size(said) < :most")
            .expression_attribute_values(":owner", AttributeValue::Ss(vec![owner.to_string()]))
            .expression_attribute_values(":most", number(most))
            .expression_attribute_values(":expires", number(expires));
        if name.kind == AliasKind::Email && !user_ids.is_empty() {
            added += ", claimed_with :user_ids";
            let user_ids = user_ids.iter().map(ToString::to_string).collect();
            request =
                request.expression_attribute_values(":user_ids", AttributeValue::Ss(user_ids));
        }
        request
            .update_expression(format!("ADD {added} SET expires = :expires"))
            .attempt("claim an alias")
            .await?;
        Ok(())
    }

    /// Notes with everybody who claims a browser that somebody else does as well.
    pub(crate) async fn mark_shared(self, cluster: &Cluster) -> Result<(), Error> {
        let names = cluster
            .claims
            .keys()
            .map(|(_, name)| name.clone())
            .collect();
        if conflict(&names, &std::collections::BTreeSet::new()).is_none() {
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
                .condition_expression("attribute_exists(PK)")
                .expression_attribute_values(":browsers", AttributeValue::Ss(browsers.clone()))
                .attempt("claim an alias")
        });
        try_join_all(writes).await?;
        Ok(())
    }
}
