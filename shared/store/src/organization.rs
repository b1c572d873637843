//! One organization's part of the table.

use identity::{Alias, Statement, WorkspaceId};
use jiff::Timestamp;

use crate::Error;
use crate::erasure::Erasures;
use crate::matching::Matching;
use crate::people::Contacts;
use crate::people::contacts::Applied;
use crate::problems::Problems;
use crate::scope::Scope;
use crate::sessions::{People, Sessions, ShareLinks};
use crate::tenants::quotas::Quotas;
use crate::tenants::retention::{RetentionDays, expires_at};
use crate::tenants::{ApiKeys, Counters, IdentityVerification, Sources};

/// What is one organization's, by nouns: `store.of(&organization).sessions().begin_summary(…)`.
#[derive(Debug, Clone, Copy)]
pub struct OrganizationStore<'a> {
    scope: Scope<'a>,
}

impl<'a> OrganizationStore<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }

    /// The keys that its sites and backends call the API with.
    #[must_use]
    pub fn api_keys(self) -> ApiKeys<'a> {
        ApiKeys::of(self.scope)
    }

    /// Where its tracked events come from.
    #[must_use]
    pub fn sources(self) -> Sources<'a> {
        Sources::of(self.scope)
    }

    /// What it signs its visitors' names with.
    #[must_use]
    pub fn identity_verification(self) -> IdentityVerification<'a> {
        IdentityVerification::of(self.scope)
    }

    /// What arrives on a day.
    #[must_use]
    pub fn counters(self) -> Counters<'a> {
        Counters::of(self.scope)
    }

    /// What it has sent of what is limited.
    #[must_use]
    pub fn quotas(self) -> Quotas<'a> {
        Quotas::of(self.scope)
    }

    /// What Intercom says of its contacts.
    #[must_use]
    pub fn contacts(self) -> Contacts<'a> {
        Contacts::of(self.scope)
    }

    /// Who was recorded, and what they are called.
    #[must_use]
    pub fn people(self) -> People<'a> {
        People::of(self.scope)
    }

    /// What was recorded.
    #[must_use]
    pub fn sessions(self) -> Sessions<'a> {
        Sessions::of(self.scope)
    }

    /// Links that open one recording each.
    #[must_use]
    pub fn share_links(self) -> ShareLinks<'a> {
        ShareLinks::of(self.scope)
    }

    /// What went wrong for how many people.
    #[must_use]
    pub fn problems(self) -> Problems<'a> {
        Problems::of(self.scope)
    }

    /// Sessions of unknown visitors that may be a contact's.
    #[must_use]
    pub fn matching(self) -> Matching<'a> {
        Matching::of(self.scope)
    }

    /// Erasing its people.
    #[must_use]
    pub fn erasures(self) -> Erasures<'a> {
        Erasures::of(self.scope)
    }

    /// Takes a statement of Intercom's about a contact for true, for as long as what is recorded now is kept.
    ///
    /// Statements may come in any order, at once and any number of times: in the end the aliases lead to the
    /// same people. A statement that says nothing new costs one read, or two calls if it tells of a
    /// conversation.
    ///
    /// # Errors
    /// [`table::Error::Contended`] when too many others are linking the same people at this moment,
    /// [`table::Error::Unavailable`] when the table does not answer; all of it may be repeated.
    pub async fn apply_statement(
        self,
        workspace: &WorkspaceId,
        statement: &Statement,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Result<Applied, Error> {
        let expires = expires_at(now, retention_days);
        let taken = self
            .contacts()
            .take_statement(workspace, statement, expires);
        let Some(mut taken) = taken.await? else {
            return Ok(Applied::default());
        };
        if let Some(session) = &statement.session_hint
            && !taken.facts.is_deleted()
        {
            let contact = Alias::contact(workspace, &statement.contact);
            let contact = self.scope.key().hash(&contact);
            let hint = (session, &taken.facts.identities());
            let linked = self
                .matching()
                .follow_hint(&contact, hint, retention_days, now);
            if let Some(cluster) = linked.await? {
                taken.show(&cluster);
            }
        }
        Ok(taken.applied())
    }
}
