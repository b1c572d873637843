//! What Intercom says about contacts: taken down in one row each, then shown by the aliases.
//!
//! A statement is joined to what is known of its contact, which makes the same row in whatever order
//! statements come. The row is then projected onto the aliases ([`crate::projection`]), which may be done any
//! number of times. Whoever dies in between leaves a row that says that it is not projected yet, and the next
//! statement does it.

use std::collections::BTreeSet;

use identity::{
    Alias, AliasHash, AliasKind, ClientDetails, ContactId, OrganizationId, PersonId, Presence,
    Statement, WorkspaceId,
};
use jiff::Timestamp;

use crate::alias_row::{AliasRow, Identity};
use crate::conflict::conflict;
use crate::contact_facts::Facts;
use crate::contact_row::ContactRow;
use crate::group::{Group, TOLERANCE};
use crate::links::MARGIN;
use crate::table::Read;
use crate::{Error, Store, expires_at, keys};

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

impl Store {
    /// Takes a statement of Intercom's about a contact for true, for as long as what is recorded now is kept.
    ///
    /// Statements may come in any order, at once and any number of times: in the end the aliases lead to the
    /// same people. A statement that says nothing new costs one read, or two calls if it tells of a
    /// conversation.
    ///
    /// # Errors
    /// [`Error::Contended`] when too many others are linking the same people at this moment, [`Error::Unavailable`]
    /// when the table does not answer; all of it may be repeated.
    pub async fn apply(
        &self,
        organization: &OrganizationId,
        workspace: &WorkspaceId,
        statement: &Statement,
        retention_days: u32,
        now: Timestamp,
    ) -> Result<Applied, Error> {
        let key = self.key_of(organization);
        let contact = key.hash(&Alias::contact(workspace, &statement.contact));
        let facts = Facts::of(statement, workspace, &key);
        let expires = expires_at(now, retention_days);
        let at = statement.at;
        let taken = self.take(organization, &contact, &facts, at, expires);
        let Some(mut taken) = taken.await? else {
            return Ok(Applied::default());
        };
        if let Some(start) = &statement.conversation {
            self.remember_conversation(organization, &contact, start, expires)
                .await?;
        }
        let mut gone = taken.gone();
        // With a contact go those that were merged into it, and those merged into them. Merges may go round
        // in circles.
        let mut visited = BTreeSet::from([contact.clone()]);
        while let Some((contact, facts)) = gone.pop() {
            let with_it = self.take(organization, &contact, &facts, at, expires);
            if let Some(with_it) = with_it.await?
                && (visited.insert(contact) || with_it.is_new)
            {
                gone.extend(with_it.gone());
            }
        }
        if let Some(session) = &statement.session_hint
            && !taken.facts.is_deleted()
        {
            let hint = (session, &taken.facts.identities());
            let linked = self.follow_hint(organization, &contact, hint, retention_days, now);
            if let Some(group) = linked.await? {
                taken.show(&group);
            }
        }
        Ok(taken.applied())
    }

    /// The browser that Intercom saw the contact use last, as of this moment: what another statement has said
    /// since one was applied is in it. One read.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn client_of(
        &self,
        organization: &OrganizationId,
        workspace: &WorkspaceId,
        contact: &ContactId,
    ) -> Result<ClientDetails, Error> {
        let key = self.key_of(organization);
        let contact = key.hash(&Alias::contact(workspace, contact));
        let wanted = [keys::contact(organization, &contact)];
        let rows = self
            .table
            .get_all("read a contact", &wanted, Read::Consistent);
        let row = rows.await?.into_values().next().map(ContactRow::parse);
        Ok(row.transpose()?.unwrap_or_default().facts.client())
    }

    /// Joins facts, said `at` a moment, to what is known of a contact and lets the aliases show it; `None`
    /// when somebody was erased since whom they are about.
    async fn take(
        &self,
        organization: &OrganizationId,
        contact: &AliasHash,
        facts: &Facts,
        at: Timestamp,
        expires: i64,
    ) -> Result<Option<Taken>, Error> {
        let keep = expires + MARGIN;
        let key = keys::contact(organization, contact);
        let alias_key = keys::alias(organization, AliasKind::ContactId, contact);
        for _ in 0..MAX_ROUNDS {
            let wanted = [key.clone(), alias_key.clone()];
            let mut rows = self
                .table
                .get_all("apply a statement", &wanted, Read::Consistent)
                .await?;
            let before = rows.remove(&key).map(ContactRow::parse).transpose()?;
            let before = before.unwrap_or_default();
            let alias = rows.remove(&alias_key).map(AliasRow::parse).transpose()?;
            let alias = alias.unwrap_or_default();
            if alias.is_erased_since(at) {
                return Ok(None);
            }
            let joined = before.facts.clone().join(facts);
            let is_new = joined != before.facts || before.expires < keep - TOLERANCE;
            let mut taken = Taken::new(is_new, joined);
            if !is_new && before.projected == before.version {
                taken.people = alias.recorded().cloned().collect();
                taken.identities = alias.identities;
                return Ok(Some(taken));
            }
            if is_new && self.is_erased(organization, contact, facts, at).await? {
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
            if is_new && !self.put_facts(organization, contact, &row).await? {
                continue;
            }
            fail::fail_point!(crate::steps::CONTACT_JOINED);
            let group = self
                .project(organization, contact, &row.facts, expires)
                .await?;
            self.note_projected(organization, contact, version).await?;
            taken.show(&group);
            return Ok(Some(taken));
        }
        Err(Error::Contended)
    }

    /// Whether somebody was erased, after this was said, whom one of the names in it led to.
    async fn is_erased(
        &self,
        organization: &OrganizationId,
        contact: &AliasHash,
        facts: &Facts,
        at: Timestamp,
    ) -> Result<bool, Error> {
        let rows = self
            .alias_rows(organization, facts.all_names(contact))
            .await?;
        Ok(rows.iter().any(|(_, row)| row.is_erased_since(at)))
    }
}

/// What came of facts.
struct Taken {
    /// Whether they said anything that was not known.
    is_new: bool,
    /// All that is known now.
    facts: Facts,
    /// Whom the contact leads to.
    people: Vec<PersonId>,
    /// What they are called.
    identities: BTreeSet<Identity>,
}

impl Taken {
    fn new(is_new: bool, facts: Facts) -> Self {
        Self {
            is_new,
            facts,
            people: Vec::new(),
            identities: BTreeSet::new(),
        }
    }

    fn show(&mut self, group: &Group) {
        self.people = group.recorded().cloned().collect();
        self.identities = group.identities();
    }

    /// Contacts that are gone because this one is, and the facts that say so.
    fn gone(&self) -> Vec<(AliasHash, Facts)> {
        let gone = self.facts.absorbed.iter();
        gone.filter(|_| self.facts.is_deleted())
            .map(|contact| (contact.clone(), Facts::deleted_with(&self.facts)))
            .collect()
    }

    fn applied(self) -> Applied {
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
