//! Sessions on the time lines of the contacts that are copied from Intercom.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use identity::{Alias, OrganizationId, SessionId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use mirror::{AsOf, Mirror, Moment, SessionLine, What};
use platform::telemetry::Chain;
use replay::Problem;
use store::{Store, StoredSession};

/// How long it is believed that a workspace imports nothing, or something.
const BELIEVED: SignedDuration = SignedDuration::from_mins(1);

/// Most organizations that are remembered; more begin anew.
const MAX_REMEMBERED: usize = 1_000;

/// Where sessions are shown, and for which organizations.
pub(crate) struct TimeLines {
    mirror: Mirror,
    known: Mutex<HashMap<OrganizationId, Known>>,
}

/// What was last read of an organization's workspace.
#[derive(Clone, Copy)]
struct Known {
    at: Timestamp,
    /// For how many days sessions are kept; `None` where nothing is imported.
    kept_days: Option<u32>,
}

impl TimeLines {
    pub(crate) fn new(mirror: Mirror) -> Self {
        Self {
            mirror,
            known: Mutex::default(),
        }
    }

    /// Shows a session at the contacts that have a name of its person's. A failure is logged, and left to the
    /// next summary and to `sync`: a summary is not written again for it.
    pub(crate) async fn show(
        &self,
        store: &Store,
        (organization, session): (&OrganizationId, &SessionId),
        now: Timestamp,
    ) {
        if let Err(error) = self.try_to(store, organization, session, now).await {
            tracing::warn!(error = %Chain(&error), "a session is on no time line");
        }
    }

    async fn try_to(
        &self,
        store: &Store,
        organization: &OrganizationId,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let Some(workspace) = organization.first_workspace() else {
            return Ok(());
        };
        let Some(kept_days) = self
            .kept_days(store, (organization, &workspace), now)
            .await?
        else {
            return Ok(());
        };
        let stored = store.of(organization).sessions().read(session, now).await?;
        let Some(stored) = stored else {
            return Ok(());
        };
        let mirror = self.mirror.of(organization, &workspace);
        let expires = stored.received_at.as_second() + i64::from(kept_days) * 86_400;
        let as_of = AsOf::new(Some(stored.received_at), now);
        for name in names(&stored) {
            for contact in mirror.contacts().find(&name, now).await? {
                let moment = moment(&stored, contact.id);
                mirror.moments().put(&moment, as_of, expires, now).await?;
            }
        }
        Ok(())
    }

    async fn kept_days(
        &self,
        store: &Store,
        (organization, workspace): (&OrganizationId, &WorkspaceId),
        now: Timestamp,
    ) -> Result<Option<u32>, Failure> {
        let known = self.lock().get(organization).copied();
        if let Some(known) = known.filter(|known| now.duration_since(known.at) < BELIEVED) {
            return Ok(known.kept_days);
        }
        let choices = self.mirror.of(organization, workspace).choices().await?;
        let kept_days = match choices.is_anything() {
            true => store.connections().get(workspace).await?,
            false => None,
        };
        let kept_days = kept_days.map(|connection| connection.preferences.retention_days.get());
        let mut all = self.lock();
        if all.len() >= MAX_REMEMBERED {
            all.clear();
        }
        all.insert(organization.clone(), Known { at: now, kept_days });
        Ok(kept_days)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OrganizationId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Mirror(#[from] mirror::Error),
}

/// The names by which contacts are found.
fn names(session: &StoredSession) -> Vec<Alias> {
    let aliases = &session.aliases;
    let user_id = aliases
        .user_id
        .as_deref()
        .and_then(|id| Alias::user_id(id).ok());
    let visitor_id = aliases.visitor_id.as_deref();
    let visitor_id = visitor_id.and_then(|id| Alias::visitor_id(id).ok());
    let email = aliases
        .email
        .as_deref()
        .and_then(|email| Alias::email(email).ok());
    user_id.into_iter().chain(visitor_id).chain(email).collect()
}

fn fingerprint(problem: &Problem) -> String {
    problem.fingerprint.to_string()
}

fn moment(session: &StoredSession, contact: String) -> Moment {
    let summary = &session.summary;
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    Moment {
        at: summary.started_at,
        id: session.session_id.to_string(),
        contact,
        what: What::Session(SessionLine {
            story: summary.story.clone(),
            duration_ms: summary.duration_ms,
            rage_clicks: count(summary.counts.rage_clicks),
            errors: count(summary.counts.known_errors()),
            is_claimed: session.is_claimed,
            problems: summary.problems.iter().map(fingerprint).collect(),
        }),
    }
}
