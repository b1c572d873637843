//! What arrives on a day: numbers for people, not for bills.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use table::{Read, number};

use crate::Error;
use crate::tenants::{Counters, rows};

/// Days that a count is kept after its own: a week to look back on.
const COUNTS_KEPT_DAYS: i64 = 8;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// Panels drawn.
    CanvasViews,
    /// Notifications taken from Intercom.
    Notifications,
    /// Requests from sites that are not allowed.
    RefusedOrigins,
    /// Requests with a key that has ended, or may not do what was asked.
    RefusedKeys,
    /// Requests above a limit.
    RefusedQuotas,
    /// Different problems.
    Problems,
    /// Problems of a session that were not counted, because there were too many different ones.
    UncountedProblems,
}

impl Counter {
    fn attribute(self) -> &'static str {
        match self {
            Self::CanvasViews => "canvas_views",
            Self::Notifications => "notifications",
            Self::RefusedOrigins => "refused_origins",
            Self::RefusedKeys => "refused_keys",
            Self::RefusedQuotas => "refused_quotas",
            Self::Problems => "problems",
            Self::UncountedProblems => "uncounted_problems",
        }
    }
}

fn expires_after(day: Date) -> Result<i64, Error> {
    let last = day
        .checked_add(COUNTS_KEPT_DAYS.days())
        .and_then(|last| last.to_zoned(TimeZone::UTC))
        .map_err(|_| table::Error::Refused {
            operation: "count",
            reason: "the end of time".to_owned(),
        })?;
    Ok(last.timestamp().as_second())
}

impl Counters<'_> {
    /// What has been counted on a day (UTC). May miss the last second.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub(crate) async fn read(self, day: Date, counter: Counter) -> Result<u64, Error> {
        let key = rows::counts(self.scope.organization, day);
        let read = self.scope.table.get("read counts", &key, Read::Eventual);
        let counted = read
            .await?
            .and_then(|mut row| row.remove(counter.attribute()));
        let counted = counted.and_then(|counted| counted.as_n().ok()?.parse().ok());
        Ok(counted.unwrap_or_default())
    }

    /// Counts `by` more on a day (UTC).
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: it may be counted or not.
    pub async fn add(self, day: Date, counter: Counter, by: u64) -> Result<(), Error> {
        let expires = expires_after(day)?;
        self.scope
            .table
            .update(&rows::counts(self.scope.organization, day))
            .update_expression("ADD #counter :by SET expires = :expires")
            .expression_attribute_names("#counter", counter.attribute())
            .expression_attribute_values(":by", number(i64::try_from(by).unwrap_or(i64::MAX)))
            .expression_attribute_values(":expires", number(expires))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("count", &error))?;
        Ok(())
    }
}
