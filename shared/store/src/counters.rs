//! What arrives on a day: numbers for people, not for bills.

use aws_sdk_dynamodb::types::Select;
use futures::future::try_join;
use identity::OrganizationId;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::table::{Read, number, parse};
use crate::{Error, Store, keys};

/// Days that a count is kept after its own: a week to look back on.
const KEPT_DAYS: i64 = 8;

/// Pages of a megabyte, of some two thousand sessions each, that are read to count those of a day.
const MAX_PAGES: usize = 3;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// Panels drawn.
    CanvasViews,
    /// Notifications taken from Intercom.
    Notifications,
}

/// What arrived on a day. Approximate but for the sessions: a count that fails is not counted again, and one
/// whose answer is lost counts twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DayCounts {
    /// Sessions that began on it and have a summary. Nobody counts them: they stand in the index of the day.
    #[serde(skip)]
    pub sessions: u64,
    /// Whether there are more than that, which were not looked at.
    #[serde(skip)]
    pub has_more_sessions: bool,
    /// [`Counter::CanvasViews`].
    pub canvas_views: u64,
    /// [`Counter::Notifications`].
    pub notifications: u64,
}

impl Counter {
    fn attribute(self) -> &'static str {
        match self {
            Self::CanvasViews => "canvas_views",
            Self::Notifications => "notifications",
        }
    }
}

fn expires_after(day: Date) -> Result<i64, Error> {
    let last = day
        .checked_add(KEPT_DAYS.days())
        .and_then(|last| last.to_zoned(TimeZone::UTC))
        .map_err(|_| Error::Refused {
            operation: "count",
            reason: "the end of time".to_owned(),
        })?;
    Ok(last.timestamp().as_second())
}

impl Store {
    /// Counts `by` more on a day (UTC).
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer: it may be counted or not.
    pub async fn count(
        &self,
        organization: &OrganizationId,
        day: Date,
        counter: Counter,
        by: u64,
    ) -> Result<(), Error> {
        let expires = expires_after(day)?;
        self.table
            .update(&keys::counts(organization, day))
            .update_expression("ADD #counter :by SET expires = :expires")
            .expression_attribute_names("#counter", counter.attribute())
            .expression_attribute_values(":by", number(i64::try_from(by).unwrap_or(i64::MAX)))
            .expression_attribute_values(":expires", number(expires))
            .send()
            .await
            .map_err(|error| Error::from_sdk("count", &error))?;
        Ok(())
    }

    /// What has arrived on a day (UTC) so far.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer.
    pub async fn counts(
        &self,
        organization: &OrganizationId,
        day: Date,
    ) -> Result<DayCounts, Error> {
        let key = keys::counts(organization, day);
        let (item, (sessions, has_more_sessions)) = try_join(
            self.table.get("read counts", &key, Read::Eventual),
            self.count_sessions(organization, day),
        )
        .await?;
        let counts = item.map_or_else(|| Ok(DayCounts::default()), |item| parse("counts", item))?;
        Ok(DayCounts {
            sessions,
            has_more_sessions,
            ..counts
        })
    }

    /// How many sessions the index of a day has, and whether there are more that were not looked at.
    async fn count_sessions(
        &self,
        organization: &OrganizationId,
        day: Date,
    ) -> Result<(u64, bool), Error> {
        let mut sessions = 0;
        let mut start = None;
        for _ in 0..MAX_PAGES {
            let answer = self
                .table
                .query_all(keys::index_partition(organization, day))
                .select(Select::Count)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| Error::from_sdk("count sessions", &error))?;
            sessions += u64::from(answer.count.unsigned_abs());
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok((sessions, start.is_some()))
    }
}
