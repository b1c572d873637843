//! How far a workspace is reconciled with Intercom, and which workspaces there are to reconcile.

use identity::WorkspaceId;
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use table::{Conditional, PARTITION, Read, SORT, number, parse, text};

use crate::tenants::rows;
use crate::{Error, Store};

/// How far a workspace is reconciled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncProgress {
    /// Whatever changed at Intercom before that moment is in the table; `None` before the first run has
    /// ended.
    #[serde(with = "millisecond::optional", default)]
    pub complete_until: Option<Timestamp>,
    /// The run under way.
    #[serde(default)]
    pub run: Option<SyncRun>,
    /// Counts the savings.
    #[serde(default)]
    version: u64,
}

/// A run that has begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRun {
    /// When it was asked for, which is its name.
    #[serde(with = "millisecond::required")]
    pub asked_at: Timestamp,
    /// When it began: what changed later is for the next one.
    #[serde(with = "millisecond::required")]
    pub started_at: Timestamp,
    /// It reads what has changed since.
    #[serde(with = "millisecond::required")]
    pub since: Timestamp,
    /// What is being read.
    pub part: SyncPart,
    /// Where the next page begins, in Intercom's words; `None` at the first.
    pub cursor: Option<String>,
    /// Whether the part was begun anew because Intercom did not know its own words any more.
    pub is_second_try: bool,
    /// When its next step is due. Long after that, whoever was to take it is gone.
    #[serde(with = "millisecond::required")]
    pub due_at: Timestamp,
}

/// What a run reads, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncPart {
    /// Who is who.
    Contacts,
    /// What they have begun.
    Conversations,
}

/// Some of the workspaces that are connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedWorkspaces {
    /// In the order of their ids.
    pub workspaces: Vec<WorkspaceId>,
    /// After which the next page begins; `None` on the last.
    pub next: Option<WorkspaceId>,
}

impl Store {
    /// How far a workspace is reconciled.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn sync_progress(&self, workspace: &WorkspaceId) -> Result<SyncProgress, Error> {
        let key = rows::sync(workspace);
        let item = self
            .table
            .get("read the progress of a sync", &key, Read::Consistent)
            .await?;
        let progress = item.map(|item| parse("progress of a sync", item));
        Ok(progress.transpose()?.unwrap_or_default())
    }

    /// Saves progress that was made from what was last read or saved; `false`, and nothing has changed, when
    /// somebody else has made some meanwhile.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn save_sync_progress(
        &self,
        workspace: &WorkspaceId,
        progress: &mut SyncProgress,
    ) -> Result<bool, Error> {
        let next = SyncProgress {
            version: progress.version + 1,
            ..progress.clone()
        };
        let saved = self
            .table
            .put(&rows::sync(workspace), &next)?
            .condition_expression("attribute_not_exists(PK) OR version = :version")
            .expression_attribute_values(":version", number(progress.version.cast_signed()))
            .attempt("save the progress of a sync")
            .await?;
        if saved.is_done() {
            *progress = next;
        }
        Ok(saved.is_done())
    }

    /// The workspaces that can be asked about at Intercom: a page of at most `limit` (1 or more).
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn connected_workspaces(
        &self,
        after: Option<&WorkspaceId>,
        limit: u16,
    ) -> Result<ConnectedWorkspaces, Error> {
        let what = "connected workspace";
        let query = self
            .table
            .query(rows::CONNECTED.to_owned(), "SK > :after")
            // No id begins with a space.
            .expression_attribute_values(":after", text(after.map_or(" ", WorkspaceId::as_str)));
        let answer = query
            .projection_expression(SORT)
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("list connected workspaces", &error))?;
        let workspaces = answer.items.unwrap_or_default().into_iter().map(|item| {
            let name = item.get(SORT).and_then(|name| name.as_s().ok());
            let name = name.ok_or_else(|| table::Error::corrupt(what, "no key"))?;
            WorkspaceId::parse(name).map_err(|error| table::Error::corrupt(what, error))
        });
        let workspaces = workspaces.collect::<Result<Vec<_>, _>>()?;
        let is_last = answer
            .last_evaluated_key
            .is_none_or(|key| !key.contains_key(PARTITION));
        Ok(ConnectedWorkspaces {
            next: workspaces.last().filter(|_| !is_last).cloned(),
            workspaces,
        })
    }
}
