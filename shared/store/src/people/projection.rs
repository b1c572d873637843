//! What is known of a contact, shown by the aliases: whom they lead to, and what they lead to no more.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::try_join_all;
use identity::cluster::{AliasEntry, Cluster, Evidence};
use identity::{AliasHash, AliasKind, AliasName, ContactFacts, PersonId};
use table::number;

use crate::Error;
use crate::people::links::ALIAS_MARGIN_SECONDS;
use crate::people::{Clusters, Contacts, rows};

/// What the aliases say now.
type Rows = BTreeMap<AliasName, AliasEntry>;

/// What Intercom's facts say of a contact's aliases.
struct ContactLinks {
    /// Those that are the contact's for certain.
    names: Vec<AliasName>,
    /// Those that it is only said to have.
    claims: Vec<AliasName>,
}

impl ContactLinks {
    fn of(contact: &AliasHash, facts: &ContactFacts, rows: &Rows) -> Self {
        let mut names = facts.intercom_names(contact);
        let user_ids = facts.user_ids.iter();
        names.extend(user_ids.map(|hash| AliasName::new(AliasKind::UserId, hash)));
        let mut claims: BTreeSet<AliasName> = facts
            .typed_emails
            .iter()
            .map(|hash| AliasName::new(AliasKind::Email, hash))
            .collect();
        for known in &facts.emails {
            let name = AliasName::email(&known.email);
            let user_id = known.user_id.as_ref().map(AliasName::user_id);
            let is_of_others = |row: &AliasEntry| row.is_of_others(user_id.as_ref());
            match rows.get(&name).is_some_and(is_of_others) {
                true => drop(claims.insert(name)),
                false => names.push(name),
            }
        }
        names.sort();
        names.dedup();
        Self {
            names,
            claims: claims.into_iter().collect(),
        }
    }
}

impl Contacts<'_> {
    /// Lets the aliases show the facts of a contact. Doing it again changes nothing. Returns the contact's
    /// cluster.
    ///
    /// A deleted contact's aliases are linked like any others: what Intercom said of it before and after
    /// gives the same clusters. But those that are Intercom's are closed, for good, before anything else is
    /// done.
    pub(crate) async fn project(
        self,
        contact: &AliasHash,
        facts: &ContactFacts,
        expires: i64,
    ) -> Result<Cluster, Error> {
        let stand_in = PersonId::stand_in(contact);
        let keep = expires + ALIAS_MARGIN_SECONDS;
        let wanted = facts.intercom_names(contact).into_iter();
        let wanted = wanted.chain(facts.all_emails()).collect();
        let rows: Rows = Clusters::of(self.scope)
            .alias_rows(wanted)
            .await?
            .into_iter()
            .collect();
        let mut links = ContactLinks::of(contact, facts, &rows);
        if facts.is_deleted() {
            self.close(&facts.intercom_names(contact), &rows, keep)
                .await?;
            self.release(&stand_in, &links.claims, &rows, keep).await?;
            fail::fail_point!(crate::steps::CLOSED);
            links.claims.clear();
        }
        let evidence = Evidence {
            owner: &stand_in,
            names: &links.names,
            claims: &links.claims,
            is_recorded: false,
            is_claimed: false,
        };
        let clusters = Clusters::of(self.scope);
        let cluster = clusters.link(&evidence, expires).await?;
        // Boxed: most contacts are claimed by nobody.
        Box::pin(clusters.share_said(&cluster, expires)).await?;
        Ok(cluster)
    }

    /// Lets aliases lead to nobody, for good.
    async fn close(self, names: &[AliasName], rows: &Rows, keep: i64) -> Result<(), Error> {
        let is_open = |name: &&AliasName| !rows.get(name).is_some_and(|row| row.closed);
        let closing = names.iter().filter(is_open).map(|name| {
            self.scope
                .table
                .update(&rows::alias(self.scope.organization, name))
                .update_expression(
                    "SET closed = :closed, expires = if_not_exists(expires, :expires)",
                )
                .expression_attribute_values(":closed", AttributeValue::Bool(true))
                .expression_attribute_values(":expires", number(keep))
                .send()
        });
        try_join_all(closing)
            .await
            .map_err(|error| table::Error::from_sdk("close aliases", &error))?;
        Ok(())
    }

    /// Lets a contact's claims hold no more, for good.
    async fn release(
        self,
        stand_in: &PersonId,
        claims: &[AliasName],
        rows: &Rows,
        keep: i64,
    ) -> Result<(), Error> {
        let holds = |name: &&AliasName| match rows.get(name) {
            Some(row) => !row.released.contains(stand_in) && !row.is_crowded(),
            None => true,
        };
        let releasing = claims.iter().filter(holds).map(|name| {
            let released = AttributeValue::Ss(vec![stand_in.to_string()]);
            self.scope
                .table
                .update(&rows::alias(self.scope.organization, name))
                .update_expression(
                    "ADD released :released SET expires = if_not_exists(expires, :expires)",
                )
                .expression_attribute_values(":released", released)
                .expression_attribute_values(":expires", number(keep))
                .send()
        });
        try_join_all(releasing)
            .await
            .map_err(|error| table::Error::from_sdk("close aliases", &error))?;
        Ok(())
    }
}
