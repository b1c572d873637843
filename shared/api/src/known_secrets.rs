//! The identity secrets of organizations: read when something is signed, and remembered for a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use identity::OrganizationId;
use intercom::identity_verification::IdentitySecret;
use jiff::{SignedDuration, Timestamp};
use store::Store;

/// How long secrets that were read are trusted: so long a removed one goes on fitting.
const TRUSTED: SignedDuration = SignedDuration::from_secs(60);

/// How old a reading may be by which something is refused: a secret may just have been pasted.
const REFUSES: SignedDuration = SignedDuration::from_secs(5);

/// Organizations remembered at most.
const MAX_ORGANIZATIONS: usize = 1_000;

/// Whether a signature fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It fits one of the secrets.
    Fits,
    /// It fits none.
    Misfit,
    /// There is no secret to judge it by.
    Unjudged,
}

/// What was read lately. One per process.
#[derive(Debug, Default)]
pub struct KnownSecrets(Mutex<HashMap<OrganizationId, Reading>>);

#[derive(Debug, Clone)]
struct Reading {
    secrets: Arc<[IdentitySecret]>,
    at: Timestamp,
}

impl Reading {
    fn verdict(&self, fits: impl Fn(&IdentitySecret) -> bool) -> Verdict {
        if self.secrets.is_empty() {
            return Verdict::Unjudged;
        }
        match self.secrets.iter().any(fits) {
            true => Verdict::Fits,
            false => Verdict::Misfit,
        }
    }

    fn is_younger(&self, than: SignedDuration, now: Timestamp) -> bool {
        now.duration_since(self.at) < than
    }
}

impl KnownSecrets {
    /// Whether a signature fits any of the organization's secrets.
    ///
    /// # Errors
    /// Those of the table, when the secrets have to be read.
    pub async fn judge(
        &self,
        store: &Store,
        organization: &OrganizationId,
        fits: impl Fn(&IdentitySecret) -> bool,
        now: Timestamp,
    ) -> Result<Verdict, store::Error> {
        if let Some(known) = self.get(organization, now) {
            let verdict = known.verdict(&fits);
            if verdict == Verdict::Fits || known.is_younger(REFUSES, now) {
                return Ok(verdict);
            }
        }
        let secrets = store.of(organization).identity_verification().read(now);
        let secrets = secrets.await?;
        let texts = secrets.texts();
        let reading = Reading {
            secrets: texts
                .filter_map(|text| IdentitySecret::parse(text.expose()))
                .collect(),
            at: now,
        };
        self.remember(organization, &reading);
        Ok(reading.verdict(fits))
    }

    fn get(&self, organization: &OrganizationId, now: Timestamp) -> Option<Reading> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = known.get(organization)?;
        reading.is_younger(TRUSTED, now).then(|| reading.clone())
    }

    fn remember(&self, organization: &OrganizationId, reading: &Reading) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_ORGANIZATIONS {
            known.retain(|_, known| known.is_younger(TRUSTED, reading.at));
        }
        if known.len() < MAX_ORGANIZATIONS || known.contains_key(organization) {
            known.insert(organization.clone(), reading.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn reading(seconds: i64) -> Reading {
        Reading {
            secrets: Arc::new([]),
            at: at(seconds),
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_and_forgotten_after_a_minute() {
        let known = KnownSecrets::default();
        let organization = |number: usize| OrganizationId::parse(&format!("org_{number}")).unwrap();
        for number in 0..2 * MAX_ORGANIZATIONS {
            known.remember(&organization(number), &reading(0));
        }
        assert_eq!(known.0.lock().unwrap().len(), MAX_ORGANIZATIONS);
        assert!(known.get(&organization(0), at(59)).is_some());
        assert!(known.get(&organization(0), at(60)).is_none());
        known.remember(&organization(5_000), &reading(60));
        assert_eq!(known.0.lock().unwrap().len(), 1);
    }
}
