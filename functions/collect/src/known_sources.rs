//! What is known of sources: read when something comes from one, and remembered for a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use identity::{OrganizationId, SourceId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use store::{SourceKind, Store};
use tracking::SourceSettings;

/// How long a reading is trusted.
const TRUSTED: SignedDuration = SignedDuration::from_secs(60);

/// Sources remembered at most; each takes some 200 bytes.
const MAX_SOURCES: usize = 5_000;

/// What is needed of a source to take its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownSource {
    pub(crate) kind: SourceKind,
    /// Where its events go; `None` when no workspace is said, and the organization's name says none.
    pub(crate) workspace: Option<WorkspaceId>,
    /// Whether an anonymous id names somebody, as a user id does.
    pub(crate) names_by_anonymous_id: bool,
}

/// What was read lately. One per process.
#[derive(Debug, Default)]
pub(crate) struct KnownSources(Mutex<HashMap<(OrganizationId, SourceId), Reading>>);

#[derive(Debug)]
struct Reading {
    source: KnownSource,
    at: Timestamp,
}

impl Reading {
    fn is_good(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) < TRUSTED
    }
}

impl KnownSources {
    /// The source; `None` when there is none of that name, though a key says so.
    pub(crate) async fn get(
        &self,
        store: &Store,
        organization: &OrganizationId,
        source: &SourceId,
        now: Timestamp,
    ) -> Result<Option<KnownSource>, store::Error> {
        let name = (organization.clone(), source.clone());
        if let Some(known) = self.known(&name, now) {
            return Ok(Some(known));
        }
        let Some(found) = store.of(organization).sources().get(source).await? else {
            return Ok(None);
        };
        let source = KnownSource {
            kind: found.kind,
            names_by_anonymous_id: SourceSettings::parse(&found.settings)
                .is_ok_and(|settings| settings.anonymous_id_as_user_id),
            workspace: found.workspace.or_else(|| organization.first_workspace()),
        };
        let reading = Reading {
            source: source.clone(),
            at: now,
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_SOURCES {
            known.retain(|_, reading| reading.is_good(now));
        }
        if known.len() < MAX_SOURCES {
            known.insert(name, reading);
        }
        Ok(Some(source))
    }

    fn known(&self, name: &(OrganizationId, SourceId), now: Timestamp) -> Option<KnownSource> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = known.get(name).filter(|reading| reading.is_good(now))?;
        Some(reading.source.clone())
    }
}
