//! Which names of events a workspace has been told, over all instances: Intercom takes a bounded number.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{OrganizationId, WorkspaceId};
use serde::Deserialize;
use table::{Conditional, Read, number, parse};

use super::rows;
use crate::person::rows::event_name_digest;
use crate::{Error, OrganizationOutbox};

/// Names of events that Intercom takes of a workspace (its help center: 120 unique names).
pub(crate) const MOST: usize = 120;

/// Workspaces of which a process remembers the names: beyond, it forgets all.
const MOST_REMEMBERED: usize = 1_000;

/// Which names have been told, as far as a process knows.
#[derive(Debug, Default)]
pub struct KnownEventNames {
    of: Mutex<HashMap<(OrganizationId, WorkspaceId), HashSet<String>>>,
}

#[derive(Default, Deserialize)]
struct NamesRow {
    #[serde(default)]
    names: HashSet<String>,
}

/// Whether a name may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventName {
    /// It has been told before.
    Known,
    /// It is new, and among the names from now on, of which there are so many.
    New(usize),
    /// It is new, and there is no room for it.
    TooMany,
}

impl KnownEventNames {
    fn contains(&self, key: &(OrganizationId, WorkspaceId), name: &str) -> bool {
        let of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        of.get(key).is_some_and(|names| names.contains(name))
    }

    fn note(&self, key: (OrganizationId, WorkspaceId), names: HashSet<String>) {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        if of.len() >= MOST_REMEMBERED {
            of.clear();
        }
        of.insert(key, names);
    }
}

impl OrganizationOutbox<'_> {
    /// Counts a name among those of the workspace, while there are fewer than `most`.
    pub(crate) async fn count_event_name(
        &self,
        known: &KnownEventNames,
        workspace: &WorkspaceId,
        (event_name, most): (&str, usize),
    ) -> Result<EventName, Error> {
        let of = (self.organization.clone(), workspace.clone());
        let mut name = event_name_digest(event_name);
        name.truncate(16);
        if known.contains(&of, &name) {
            return Ok(EventName::Known);
        }
        let key = rows::event_names(self.organization, workspace);
        let row = self.table.get("read names of events", &key, Read::Eventual);
        let row = row.await?;
        let row: NamesRow = match row {
            Some(row) => parse("names of events", row)?,
            None => NamesRow::default(),
        };
        let mut names = row.names;
        if names.contains(&name) {
            known.note(of, names);
            return Ok(EventName::Known);
        }
        if names.len() >= most {
            return Ok(EventName::TooMany);
        }
        let attempt = self
            .table
            .update(&key)
            .update_expression("ADD #names :name")
            .condition_expression(
                "attribute_not_exists(#names) OR size(#names) < :most OR contains(#names, :one)",
            )
            .expression_attribute_names("#names", "names")
            .expression_attribute_values(":name", AttributeValue::Ss(vec![name.clone()]))
            .expression_attribute_values(":one", AttributeValue::S(name.clone()))
            .expression_attribute_values(":most", number(i64::try_from(most).unwrap_or(i64::MAX)))
            .attempt("count a name of events")
            .await?;
        if !attempt.is_done() {
            return Ok(EventName::TooMany);
        }
        names.insert(name);
        let count = names.len();
        known.note(of, names);
        Ok(EventName::New(count))
    }
}
