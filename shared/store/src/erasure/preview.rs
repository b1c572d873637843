//! What an erasure would take: the same steps, without their effects.

use std::collections::{BTreeMap, BTreeSet};

use identity::{AliasName, PersonId, SessionId};
use jiff::Timestamp;

use crate::erasure::state::{PersonErasure, Stage};
use crate::erasure::steps::ERASED_AT_ONCE;
use crate::erasure::{Erasures, LOOKED_AT};
use crate::{Error, Store};

/// Steps that are looked ahead: some five hundred sessions, which is more than anybody reads before they
/// decide.
const MAX_STEPS: usize = 40;

/// What an erasure would take.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ErasurePreview {
    /// How many sessions.
    pub sessions: usize,
    /// Whose they are: how many people, as far as they are told apart.
    pub people: usize,
    /// User ids and e-mail addresses that go along because verified statements have joined them with what was
    /// asked for, in clear. Personal data: `Debug` leaves them out.
    pub other_names: Vec<String>,
    /// Whether there is more than was looked at.
    pub is_partial: bool,
}

impl std::fmt::Debug for ErasurePreview {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ErasurePreview")
            .field("sessions", &self.sessions)
            .field("people", &self.people)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// What an erasure that begins now would take. Nothing is changed.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn preview_erasure(
        &self,
        mut erasure: PersonErasure,
        now: Timestamp,
    ) -> Result<ErasurePreview, Error> {
        let organization = erasure.organization.clone();
        let erasures = Erasures::of(self.scope(&organization));
        let mut taken = Taken::default();
        for _ in 0..MAX_STEPS {
            erasure = match erasure.stage {
                Stage::Gather | Stage::Look => {
                    let step = self.erasure_step(erasure.clone(), now).await?;
                    step.next.unwrap_or(erasure)
                }
                Stage::Erase => erasures.count(erasure, &mut taken).await?,
                Stage::Forget => return Ok(taken.preview(&erasure, false)),
            };
        }
        Ok(taken.preview(&erasure, true))
    }
}

/// What has been counted.
#[derive(Default)]
struct Taken {
    sessions: BTreeSet<SessionId>,
    people: BTreeSet<PersonId>,
    values: BTreeMap<AliasName, String>,
}

impl Taken {
    fn preview(self, erasure: &PersonErasure, is_partial: bool) -> ErasurePreview {
        // Whoever asks for a person means one user id and one address; whoever asks by a name, that name.
        let mut meant = BTreeSet::new();
        let others = self.values.into_iter().filter(|(name, _)| {
            let is_own = name.is_identity() && erasure.own.contains(name);
            let is_meant = match erasure.is_everybody {
                true => is_own && meant.insert(name.kind.as_str()),
                false => erasure.asked.contains(name),
            };
            is_own && !is_meant
        });
        let others: Vec<(AliasName, String)> = others.collect();
        ErasurePreview {
            sessions: self.sessions.len(),
            people: self.people.len(),
            other_names: others.into_iter().map(|(_, value)| value).collect(),
            is_partial,
        }
    }
}

impl Erasures<'_> {
    async fn count(
        self,
        mut erasure: PersonErasure,
        taken: &mut Taken,
    ) -> Result<PersonErasure, Error> {
        let (seen, after) = self.walk(&erasure, LOOKED_AT.max(ERASED_AT_ONCE)).await?;
        for session in seen.into_iter().filter(|session| erasure.takes(session)) {
            taken.people.extend(session.owner.clone());
            taken.values.extend(session.values);
            taken.sessions.insert(session.id);
        }
        erasure.after = after;
        if erasure.after.is_none() {
            erasure.enter(Stage::Forget);
        }
        Ok(erasure)
    }
}
