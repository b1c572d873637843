//! What arrived on a day, sessions included.

use aws_sdk_dynamodb::types::Select;
use futures::future::try_join;
use jiff::civil::Date;
use serde::Deserialize;
use table::{Read, parse};

use crate::Error;
use crate::sessions::{Sessions, rows};
use crate::tenants::rows as tenants_rows;

/// Pages of a megabyte, of some two thousand sessions each, that are read to count those of a day.
const MAX_PAGES: usize = 3;

/// What arrived on a day. Approximate but for the sessions: a count that fails is not counted again, and one
/// whose answer is lost counts twice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DayCounts {
    /// Sessions that began on it and have a summary. Nobody counts them: they stand in the index of the day.
    #[serde(skip)]
    pub sessions: u64,
    /// Whether there are more than that, which were not looked at.
    #[serde(skip)]
    pub has_more_sessions: bool,
    /// [`crate::Counter::CanvasViews`].
    pub canvas_views: u64,
    /// [`crate::Counter::Notifications`].
    pub notifications: u64,
    /// [`crate::Counter::RefusedOrigins`].
    pub refused_origins: u64,
    /// The last of the sites that these came from, in at most 280 bytes.
    pub last_refused_origin: Option<String>,
    /// [`crate::Counter::RefusedKeys`].
    pub refused_keys: u64,
    /// [`crate::Counter::RefusedQuotas`].
    pub refused_quotas: u64,
}

impl Sessions<'_> {
    /// What has arrived on a day (UTC) so far.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn day_counts(self, day: Date) -> Result<DayCounts, Error> {
        let key = tenants_rows::counts(self.scope.organization, day);
        let (item, (sessions, has_more_sessions)) = try_join(
            async {
                Ok(self
                    .scope
                    .table
                    .get("read counts", &key, Read::Eventual)
                    .await?)
            },
            self.count_sessions(day),
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
    async fn count_sessions(self, day: Date) -> Result<(u64, bool), Error> {
        let mut sessions = 0;
        let mut start = None;
        for _ in 0..MAX_PAGES {
            let answer = self
                .scope
                .table
                .query_all(rows::index_partition(self.scope.organization, day))
                .select(Select::Count)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("count sessions", &error))?;
            sessions += u64::from(answer.count.unsigned_abs());
            start = answer.last_evaluated_key;
            if start.is_none() {
                break;
            }
        }
        Ok((sessions, start.is_some()))
    }
}
