//! Finding sessions without knowing whose they are.
//!
//! The store has no such access pattern, because no function needs it. On one machine, reading the whole table is fine.

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use identity::SessionId;
use jiff::Timestamp;
use store::keys::{PARTITION, SORT};

use super::{Sessions, view::SessionLine};
use crate::StartError;

/// Sessions on the page, at most.
const MOST: usize = 100;

/// Lists sessions of the embedded table.
#[derive(Clone)]
pub(crate) struct SessionList {
    /// The embedded DynamoDB.
    pub(crate) client: Client,
    /// The table's name.
    pub(crate) table: &'static str,
}

impl Sessions {
    /// The latest sessions, newest first.
    pub(super) async fn latest(&self) -> Result<Vec<SessionLine>, StartError> {
        let now = Timestamp::now();
        let mut found = Vec::new();
        for id in self.list.session_ids().await? {
            match self.store.session(&self.organization, &id, now).await {
                Ok(session) => found.extend(session.map(|session| (id, session.summary))),
                // It must not hide the others.
                Err(error) => {
                    tracing::error!(session.id = %id, %error, "a session is left out of the page");
                }
            }
        }
        found.sort_by_key(|(_, summary)| std::cmp::Reverse(summary.started_at));
        Ok(found
            .iter()
            .take(MOST)
            .map(|(id, summary)| SessionLine::new(id, summary))
            .collect())
    }
}

impl SessionList {
    async fn session_ids(&self) -> Result<Vec<SessionId>, StartError> {
        let mut pages = self
            .client
            .scan()
            .table_name(self.table)
            .filter_expression("#sort = :meta")
            .projection_expression("#partition")
            .expression_attribute_names("#sort", SORT)
            .expression_attribute_names("#partition", PARTITION)
            .expression_attribute_values(":meta", AttributeValue::S("META".to_owned()))
            .into_paginator()
            .items()
            .send();
        let mut ids = Vec::new();
        while let Some(row) = pages.next().await {
            let row = row.map_err(|error| StartError::Table(error.to_string()))?;
            let partition = row.get(PARTITION).and_then(|value| value.as_s().ok());
            // `ORG#{organization}#SESSION#{session}`: no id holds a `#`.
            let id = partition.and_then(|text| text.rsplit('#').next());
            ids.extend(id.and_then(|id| SessionId::parse(id).ok()));
        }
        Ok(ids)
    }
}
