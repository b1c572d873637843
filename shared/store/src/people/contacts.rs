//! What Intercom says about contacts: taken down in one row each, then shown by the aliases.
//!
//! A statement is joined to what is known of its contact, which makes the same row in whatever order
//! statements come. The row is then projected onto the aliases ([`crate::people::projection`]), which may be
//! done any number of times. Whoever dies in between leaves a row that says that it is not projected yet, and
//! the next statement does it.

use std::collections::BTreeSet;

use identity::cluster::{Cluster, EXPIRY_TOLERANCE_SECONDS};
use identity::{
    Alias, AliasHash, AliasKind, AliasName, ClientDetails, ContactFacts, ContactId, PersonId,
    Presence, Statement, WorkspaceId, conflict,
};
use jiff::Timestamp;
use table::Read;

use crate::Error;
use crate::people::clusters::alias_entry;
use crate::people::contact_row::ContactRow;
use crate::people::links::ALIAS_MARGIN_SECONDS;
use crate::people::{Clusters, Contacts, rows};

/// Rounds of reading and joining. Each that fails is one that somebody else has won.
const MAX_ROUNDS: usize = 50;

/// What is known once a statement has been applied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Applied {
    /// The people that the contact is for certain, as far as they were recorded.
    pub people: Vec<PersonId>,
    /// Whether they are several people who share an alias.
    pub conflict: bool,
    /// Whether the contact is there; `None` when nothing was said.
    pub presence: Option<Presence>,
    /// The browser that Intercom saw the contact use last.
    pub client: ClientDetails,
}

impl Contacts<'_> {
    /// Takes down what a statement of Intercom's says of its contact, and lets the aliases show it; `None`
    /// when somebody was erased since whom it is about.
    pub(crate) async fn take_statement(
        self,
        workspace: &WorkspaceId,
        statement: &Statement,
        expires: i64,
    ) -> Result<Option<JoinedStatement>, Error> {
        let key = self.scope.key();
        let contact = key.hash(&Alias::contact(workspace, &statement.contact));
        let facts = ContactFacts::of(statement, workspace, &key);
        let at = statement.at;
        let taken = self.take_facts(&contact, &facts, at, expires);
        let Some(taken) = taken.await? else {
            return Ok(None);
        };
        if let Some(start) = &statement.conversation {
            self.remember_conversation(&contact, start, expires).await?;
        }
        let mut gone = taken.gone();
        // With a contact go those that were merged into it, and those merged into them. Merges may go round
        // in circles.
        let mut visited = BTreeSet::from([contact]);
        while let Some((contact, facts)) = gone.pop() {
            let with_it = self.take_facts(&contact, &facts, at, expires);
            if let Some(with_it) = with_it.await?
                && (visited.insert(contact) || with_it.is_new)
            {
                gone.extend(with_it.gone());
            }
        }
        Ok(Some(taken))
    }

    /// The browser that Intercom saw the contact use last, as of this moment: what another statement has said
    /// since one was applied is in it. One read.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn client_of(
        self,
        workspace: &WorkspaceId,
        contact: &ContactId,
    ) -> Result<ClientDetails, Error> {
        let key = self.scope.key();
        let contact = key.hash(&Alias::contact(workspace, contact));
        let wanted = [rows::contact(self.scope.organization, &contact)];
        let rows = self
            .scope
            .table
            .get_all("read a contact", &wanted, Read::Consistent);
        let row = rows.await?.into_values().next().map(ContactRow::parse);
        Ok(row.transpose()?.unwrap_or_default().facts.client())
    }

    /// Joins facts, said `at` a moment, to what is known of a contact and lets the aliases show it; `None`
    /// when somebody was erased since whom they are about.
    async fn take_facts(
        self,
        contact: &AliasHash,
        facts: &ContactFacts,
        at: Timestamp,
        expires: i64,
    ) -> Result<Option<JoinedStatement>, Error> {
        let keep = expires + ALIAS_MARGIN_SECONDS;
        let key = rows::contact(self.scope.organization, contact);
        let alias_key = rows::alias(
            self.scope.organization,
            &AliasName::new(AliasKind::ContactId, contact),
        );
        for _ in 0..MAX_ROUNDS {
            let wanted = [key.clone(), alias_key.clone()];
            let mut rows = self
                .scope
                .table
                .get_all("apply a statement", &wanted, Read::Consistent)
                .await?;
            let before = rows.remove(&key).map(ContactRow::parse).transpose()?;
            let before = before.unwrap_or_default();
            let alias = rows.remove(&alias_key).map(alias_entry).transpose()?;
            let alias = alias.unwrap_or_default();
            if alias.is_erased_since(at) {
                return Ok(None);
            }
            let joined = before.facts.clone().join(facts);
            let is_new = joined != before.facts || before.expires < keep - EXPIRY_TOLERANCE_SECONDS;
            let mut taken = JoinedStatement::new(is_new, joined);
            if !is_new && before.projected == before.version {
                taken.people = alias.recorded().cloned().collect();
                taken.identities = alias.identities;
                return Ok(Some(taken));
            }
            if is_new && self.is_erased(contact, facts, at).await? {
                return Ok(None);
            }
            let version = before.version + u64::from(is_new);
            let row = ContactRow {
                facts: taken.facts.clone(),
                version,
                expires: before.expires.max(keep),
                heard_at: before.heard_at.max(Some(at)),
                ..before
            };
            if is_new && !self.put_facts(contact, &row).await? {
                continue;
            }
            fail::fail_point!(crate::steps::CONTACT_JOINED);
            let cluster = self.project(contact, &row.facts, expires).await?;
            self.note_projected(contact, version).await?;
            taken.show(&cluster);
            return Ok(Some(taken));
        }
        Err(table::Error::Contended.into())
    }

    /// Whether somebody was erased, after this was said, whom one of the names in it led to.
    async fn is_erased(
        self,
        contact: &AliasHash,
        facts: &ContactFacts,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let rows = Clusters::of(self.scope)
            .alias_rows(facts.all_names(contact))
            .await?;
        Ok(rows.iter().any(|(_, row)| row.is_erased_since(at)))
    }
}

/// What came of facts.
pub(crate) struct JoinedStatement {
    /// Whether they said anything that was not known.
    is_new: bool,
    /// All that is known now.
    pub(crate) facts: ContactFacts,
    /// Whom the contact leads to.
    people: Vec<PersonId>,
    /// What they are called.
    identities: BTreeSet<AliasName>,
}

impl JoinedStatement {
    fn new(is_new: bool, facts: ContactFacts) -> Self {
        Self {
            is_new,
            facts,
            people: Vec::new(),
            identities: BTreeSet::new(),
        }
    }

    /// Makes a cluster the contact's.
    pub(crate) fn show(&mut self, cluster: &Cluster) {
        self.people = cluster.recorded().cloned().collect();
        self.identities = cluster.identities();
    }

    /// Contacts that are gone because this one is, and the facts that say so.
    fn gone(&self) -> Vec<(AliasHash, ContactFacts)> {
        let gone = self.facts.absorbed.iter();
        gone.filter(|_| self.facts.is_deleted())
            .map(|contact| (contact.clone(), ContactFacts::deleted_with(&self.facts)))
            .collect()
    }

    pub(crate) fn applied(self) -> Applied {
        let applied = Applied {
            presence: self.facts.presence(),
            client: self.facts.client(),
            ..Applied::default()
        };
        if self.facts.is_deleted() {
            return applied;
        }
        Applied {
            conflict: conflict(&self.identities, &self.facts.identities()).is_some(),
            people: self.people,
            ..applied
        }
    }
}
