//! What workspaces have chosen to have imported, asked for once a minute.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use identity::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use mirror::{Choices, WorkspaceMirror};

use crate::Error;

/// Whoever chooses something waits that long for it: the settings page says so.
const KNOWN_FOR: SignedDuration = SignedDuration::from_mins(1);

/// Most workspaces that are remembered at a time.
const MOST: usize = 1_000;

/// What this process has read lately.
#[derive(Debug, Default)]
pub(super) struct KnownChoices(Mutex<HashMap<WorkspaceId, (Timestamp, Choices)>>);

impl KnownChoices {
    pub(super) async fn of(
        &self,
        mirror: &WorkspaceMirror<'_>,
        workspace: &WorkspaceId,
        now: Timestamp,
    ) -> Result<Choices, Error> {
        if let Some(known) = self.lately(workspace, now) {
            return Ok(known);
        }
        let choices = mirror.choices().await?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(workspace.clone(), (now, choices.clone()));
        Ok(choices)
    }

    fn lately(&self, workspace: &WorkspaceId, now: Timestamp) -> Option<Choices> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, choices) = known.get(workspace)?;
        (now.duration_since(*read_at) < KNOWN_FOR).then(|| choices.clone())
    }
}
