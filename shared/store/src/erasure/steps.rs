//! The steps of an erasure: who it is, what was said in the same sessions, which of them go, and what goes
//! last.

use std::collections::BTreeSet;

use identity::cluster::Cluster;
use identity::{Alias, AliasKind, AliasName, Components, PersonId, Standing};
use jiff::Timestamp;

use crate::erasure::state::{ErasureStep, PersonErasure, Stage};
use crate::erasure::walk::WalkedSession;
use crate::erasure::{Erasures, LOOKED_AT};
use crate::people::Clusters;
use crate::sessions::meta::SessionNames;
use crate::{Error, Store};

/// Sessions that are erased in one step.
pub(super) const ERASED_AT_ONCE: usize = 20;

/// Most names that travel from step to step: a message has at most 256 KB.
const MAX_NAMES: usize = 500;

impl Erasures<'_> {
    /// The erasure of whom an alias leads to, as of `now`.
    ///
    /// It takes the sessions that were said with that very alias, and follows what verified statements, or
    /// Intercom, have joined with it: a claim takes nothing along.
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
    /// Everybody who is linked, whoever is claimed to have one of the names, and what Intercom says belongs
    /// together.
    async fn gather(self, mut erasure: PersonErasure) -> Result<ErasureStep, Error> {
        let clusters = Clusters::of(self.scope);
        for (_, entry) in clusters.alias_rows(erasure.own.clone()).await? {
            let claims = entry.claims.into_iter();
            erasure.people.extend(claims.map(|claim| claim.contact));
        }
        let cluster = clusters
            .read_all(erasure.people.clone(), erasure.names.clone())
            .await?;
        if erasure.is_everybody && erasure.whole.is_empty() {
            erasure.whole = whole(&erasure.people, &cluster);
        }
        erasure.names.extend(cluster.aliases.keys().cloned());
        let said = cluster.aliases.values().flat_map(|entry| &entry.said);
        erasure.people.extend(said.cloned());
        if cluster.aliases.values().any(|entry| !entry.has_room()) {
            // A row that is full does not name everybody who is claimed to have exactly these.
            let names = erasure.own.iter().chain(cluster.aliases.keys());
            let names: BTreeSet<&AliasName> = names.filter(|name| name.is_identity()).collect();
            let key = self.scope.key();
            let pairs = names
                .iter()
                .flat_map(|one| names.iter().map(move |other| [*one, *other]));
            let exact = pairs.map(|pair| key.claimed_person(&pair.map(AliasName::clone).into()));
            let exact: Vec<PersonId> = exact.collect();
            erasure.people.extend(exact);
        }
        erasure.people.extend(cluster.people);
        erasure.together = Components::default();
        for (contact, row) in self.contacts_among(&erasure.names).await? {
            let names = row.facts.certain_names(&contact);
            for browser in row.facts.intercom_names(&contact) {
                erasure.note_browser(&browser, &names);
            }
            if !erasure.is_of_contact()
                || erasure
                    .asked
                    .contains(&AliasName::new(AliasKind::ContactId, &contact))
            {
                erasure.note_together(names);
            }
        }
        erasure.enter(Stage::Look);
        Ok(ErasureStep::go_on(erasure))
    }

    /// What somebody trusted has said in the same sessions. Of a contact that Intercom deletes nothing but
    /// the contact's own names go.
    async fn look(self, mut erasure: PersonErasure) -> Result<ErasureStep, Error> {
        let (seen, after) = self.walk(&erasure, LOOKED_AT).await?;
        // Now: a session that is erased tells its names no more.
        for session in &seen {
            erasure.note_names(session);
        }
        let is_of_contact = erasure.is_of_contact();
        for session in seen.iter().filter(|_| !is_of_contact) {
            let said = session.names.verified.iter().cloned();
            let (people, browsers): (BTreeSet<_>, BTreeSet<_>) =
                said.partition(AliasName::is_identity);
            for browser in &browsers {
                erasure.note_browser(browser, &people);
            }
            erasure.note_together(people);
            if session.is_listed_with(&erasure.whole) {
                // An address that is shared is added by what it was said with.
                let has_user_id = session
                    .names
                    .verified
                    .iter()
                    .any(|name| name.kind == AliasKind::UserId);
                let names = session.certain_names().into_iter();
                let names = names.filter(|name| !has_user_id || name.kind != AliasKind::Email);
                erasure.own.extend(names);
            }
        }
        erasure.after = after;
        if erasure.after.is_none() {
            erasure.close();
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
                true => {
                    sessions.insert(session.id);
                }
                false => {
                    // Others are not asked about, and a message has an end.
                    let own = session
                        .names
                        .all()
                        .filter(|name| erasure.own.contains(*name));
                    let own: Vec<AliasName> = own.cloned().collect();
                    erasure.kept.extend(own);
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

/// All of whose sessions go with a person: everybody whom verified statements have linked. A claimed person
/// is linked with nobody.
fn whole(people: &BTreeSet<PersonId>, cluster: &Cluster) -> BTreeSet<PersonId> {
    let is_claim = |person: &PersonId| {
        matches!(
            person.standing(),
            Standing::Claimed | Standing::ClaimedEmail
        )
    };
    match people.iter().any(is_claim) {
        true => people.clone(),
        false => cluster.recorded().chain(people).cloned().collect(),
    }
}

impl PersonErasure {
    /// Whether it is a contact that goes, because Intercom says so.
    pub(super) fn is_of_contact(&self) -> bool {
        let mut asked = self.asked.iter();
        asked.any(|name| name.kind == AliasKind::ContactId)
    }

    /// Whether a session is one of those that go: it had begun, and is said to be this person's.
    pub(super) fn takes(&self, session: &WalkedSession) -> bool {
        let had_begun = session.began_at <= self.erased_at;
        had_begun && (session.is_listed_with(&self.whole) || self.is_said(&session.names))
    }

    fn is_said(&self, names: &SessionNames) -> bool {
        // What is verified is not contradicted by what anybody may have said.
        let is_verified = |kind| names.verified.iter().any(|name| name.kind == kind);
        let claimed = names.claimed.iter().filter(|name| !is_verified(name.kind));
        let said: Vec<&AliasName> = names.verified.iter().chain(claimed).collect();
        if said.iter().any(|name| self.asked.contains(*name)) {
            return true;
        }
        let own_of = |kind| {
            let mut of_kind = said.iter().filter(|name| name.kind == kind).peekable();
            of_kind.peek()?;
            Some(of_kind.any(|name| self.own.contains(*name)))
        };
        // Two accounts may have one e-mail address: the user id tells them apart.
        let by_name = own_of(AliasKind::UserId).or_else(|| own_of(AliasKind::Email));
        by_name.unwrap_or_else(|| said.iter().any(|name| self.own.contains(*name)))
    }

    /// Remembers under which names the owners of a session are found, should it go.
    fn note_names(&mut self, session: &WalkedSession) {
        if self.names.len() < MAX_NAMES {
            self.names.extend(session.names.all().cloned());
            self.people.extend(session.owners());
        }
    }
}

impl WalkedSession {
    /// Whose it is, by its `META` and by the list in which it was found.
    pub(super) fn owners(&self) -> impl Iterator<Item = PersonId> {
        [Some(self.found_at.clone()), self.owner.clone()]
            .into_iter()
            .flatten()
    }

    fn is_listed_with(&self, people: &BTreeSet<PersonId>) -> bool {
        self.owner
            .as_ref()
            .is_some_and(|owner| people.contains(owner))
    }

    /// What is proved of it; of a browser's session that nobody has named, the browser.
    fn certain_names(&self) -> BTreeSet<AliasName> {
        let is_named = self.names.all().any(AliasName::is_identity);
        let claimed = self.names.claimed.iter().filter(|_| !is_named);
        self.names.verified.iter().chain(claimed).cloned().collect()
    }
}
