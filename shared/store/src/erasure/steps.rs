//! The steps of an erasure: who it is, what was said in the same sessions, which of them go, and what goes
//! last.

use std::collections::BTreeSet;

use identity::{Alias, AliasName, Components, PersonId};
use jiff::Timestamp;

use crate::erasure::state::{ErasureStep, PersonErasure, Stage};
use crate::erasure::walk::WalkedSession;
use crate::erasure::{Erasures, LOOKED_AT};
use crate::people::Clusters;
use crate::{Error, Store};

/// Sessions that are erased in one step.
const ERASED_AT_ONCE: usize = 20;

impl Erasures<'_> {
    /// The erasure of whom an alias leads to, as of `now`.
    ///
    /// A user id or an e-mail address is one person's, with whatever else that person was called in the same
    /// sessions. A browser's or visitor's id is everybody's who was recorded with it.
    #[must_use]
    pub fn begin(self, alias: &Alias, now: Timestamp) -> PersonErasure {
        let name = self.scope.key().name(alias);
        PersonErasure::of_name(self.scope.organization, name, now)
    }
}

impl Store {
    /// One step of an erasure: what is to be done with sessions now, and what after that.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; the step may be repeated.
    pub async fn erasure_step(
        &self,
        erasure: PersonErasure,
        now: Timestamp,
    ) -> Result<ErasureStep, Error> {
        let organization = erasure.organization.clone();
        let erasures = Erasures::of(self.scope(&organization));
        match erasure.stage {
            Stage::Gather => erasures.gather(erasure).await,
            Stage::Look => erasures.look(erasure).await,
            Stage::Erase => erasures.choose(erasure).await,
            Stage::Forget => erasures.forget(erasure, now).await,
        }
    }
}

impl Erasures<'_> {
    /// Everybody who is linked, and what Intercom says belongs together.
    async fn gather(self, mut erasure: PersonErasure) -> Result<ErasureStep, Error> {
        let claiming = self.claiming(&erasure.own).await?;
        erasure.people.extend(claiming);
        let cluster = Clusters::of(self.scope)
            .read_all(erasure.people.clone(), erasure.names.clone())
            .await?;
        erasure.names.extend(cluster.aliases.keys().cloned());
        erasure.people.extend(cluster.people);
        let mut together = Components::default();
        for (contact, row) in self.contacts_among(&erasure.names).await? {
            let names = row.facts.certain_names(&contact);
            together.add(names.iter().cloned());
        }
        erasure.together = together;
        erasure.enter(Stage::Look);
        Ok(ErasureStep::go_on(erasure))
    }

    /// Contacts that are only said to have one of these addresses: their stand-ins.
    async fn claiming(self, own: &BTreeSet<AliasName>) -> Result<Vec<PersonId>, Error> {
        let names = own.clone();
        let rows = Clusters::of(self.scope).alias_rows(names).await?;
        let claims = rows.into_iter().flat_map(|(_, row)| row.claims);
        Ok(claims.map(|claim| claim.contact).collect())
    }

    /// What was said in the same sessions.
    async fn look(self, mut erasure: PersonErasure) -> Result<ErasureStep, Error> {
        let (seen, after) = self.walk(&erasure, LOOKED_AT).await?;
        for session in &seen {
            let said = session.names.iter().cloned();
            let telling = said.filter(|name| name.is_identity() || erasure.own.contains(name));
            erasure.together.add(telling);
        }
        erasure.after = after;
        if erasure.after.is_none() {
            match erasure.is_everybody {
                true => erasure.own.extend(erasure.together.all()),
                false => erasure.together.close(&mut erasure.own),
            }
            erasure.enter(Stage::Erase);
        }
        Ok(ErasureStep::go_on(erasure))
    }

    /// Which of the sessions are the person's.
    async fn choose(self, mut erasure: PersonErasure) -> Result<ErasureStep, Error> {
        let (seen, after) = self.walk(&erasure, ERASED_AT_ONCE).await?;
        let mut sessions = BTreeSet::new();
        for session in seen {
            match erasure.takes(&session) {
                true => drop(sessions.insert(session.id)),
                false => {
                    erasure.kept.extend(session.names.iter().cloned());
                    erasure.kept_people.extend(session.owners());
                }
            }
        }
        erasure.after = after;
        if erasure.after.is_none() {
            erasure.enter(Stage::Forget);
        }
        Ok(ErasureStep {
            sessions: sessions.into_iter().collect(),
            next: Some(erasure),
            is_second: false,
        })
    }
}

impl PersonErasure {
    /// Whether a session is one of those that go: it had begun, and is either this person's or nobody's in
    /// particular.
    fn takes(&self, session: &WalkedSession) -> bool {
        let mut identities = session.names.iter().filter(|name| name.is_identity());
        let had_begun = session.began_at <= self.erased_at;
        let is_nobodys = session.names.iter().all(|name| !name.is_identity());
        had_begun && (is_nobodys || identities.any(|name| self.own.contains(name)))
    }
}

impl WalkedSession {
    /// Whose it is, by its `META` and by the list in which it was found.
    fn owners(&self) -> impl Iterator<Item = PersonId> {
        [Some(self.found_at.clone()), self.owner.clone()]
            .into_iter()
            .flatten()
    }
}
