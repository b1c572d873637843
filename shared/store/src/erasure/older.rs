//! What is older than an organization keeps it: found by the days on which it began.

use identity::{OrganizationId, SessionId};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Key, Read, SORT, text};

use crate::erasure::LOOKED_AT;
use crate::sessions::meta::Meta;
use crate::sessions::rows as sessions_rows;
use crate::tenants::retention::{RetentionDays, expires_at};
use crate::{Error, Store};

/// Days without any session that are passed over in one step.
const DAYS: usize = 50;

/// The erasure of what is older than it is to be kept: of whom, and how far it has got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldSessions {
    organization: OrganizationId,
    retention_days: RetentionDays,
    /// The day that is gone through; days are gone through from the latest to the oldest.
    day: Date,
    /// How far, as a sort key.
    after: Option<String>,
}

impl OldSessions {
    /// Everything that is older than that.
    #[must_use]
    pub fn new(
        organization: &OrganizationId,
        retention_days: RetentionDays,
        now: Timestamp,
    ) -> Self {
        let today = now.to_zoned(TimeZone::UTC).date();
        let ago = Span::new().days(i64::from(retention_days.get()));
        Self {
            organization: organization.clone(),
            retention_days,
            // What began later has not been kept for so long.
            day: today.checked_sub(ago).unwrap_or(Date::MIN),
            after: None,
        }
    }

    /// How long they are to be kept.
    #[must_use]
    pub fn retention_days(&self) -> RetentionDays {
        self.retention_days
    }

    /// Whose sessions.
    #[must_use]
    pub fn organization(&self) -> &OrganizationId {
        &self.organization
    }

    fn oldest(now: Timestamp) -> Date {
        let [.., longest] = RetentionDays::CHOICES;
        let today = now.to_zoned(TimeZone::UTC).date();
        let ago = Span::new().days(i64::from(longest) + 1);
        today.checked_sub(ago).unwrap_or(Date::MIN)
    }
}

impl Store {
    /// Sessions that are to be erased, and what to look at after that; `None` when there is nothing more.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn old_sessions(
        &self,
        mut old: OldSessions,
        now: Timestamp,
    ) -> Result<(Vec<SessionId>, Option<OldSessions>), Error> {
        let oldest = OldSessions::oldest(now);
        for _ in 0..DAYS {
            if old.day < oldest {
                return Ok((Vec::new(), None));
            }
            let (sorts, is_all) = self.sorts_of_day(&old).await?;
            let sessions = sorts
                .iter()
                .filter_map(|sort| sessions_rows::parse_session(sort));
            let found = self.outlived(&old, sessions.collect(), now).await?;
            match (is_all, sorts.into_iter().next_back()) {
                (false, Some(last)) => old.after = Some(last),
                _ => {
                    old.after = None;
                    old.day = old.day.yesterday().unwrap_or(Date::MIN);
                }
            }
            if !found.is_empty() {
                return Ok((found, Some(old)));
            }
        }
        Ok((Vec::new(), Some(old)))
    }

    async fn sorts_of_day(&self, old: &OldSessions) -> Result<(Vec<String>, bool), Error> {
        let partition = sessions_rows::index_partition(&old.organization, old.day);
        let start = old.after.as_ref().map(|sort| {
            Key {
                partition: partition.clone(),
                sort: sort.clone(),
            }
            .attributes()
        });
        let answer = self
            .table
            .query(partition, "begins_with(SK, :prefix)")
            .expression_attribute_values(":prefix", text(sessions_rows::SESSION_PREFIX))
            .projection_expression(SORT)
            .consistent_read(true)
            .limit(i32::try_from(LOOKED_AT).unwrap_or(i32::MAX))
            .set_exclusive_start_key(start)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("find old sessions", &error))?;
        let is_all = answer.last_evaluated_key.is_none();
        let items = answer.items.unwrap_or_default().into_iter();
        let sorts = items.filter_map(|item| item.get(SORT)?.as_s().ok().cloned());
        Ok((sorts.collect(), is_all))
    }

    /// Those of the sessions whose last chunk came too long ago.
    async fn outlived(
        &self,
        old: &OldSessions,
        sessions: Vec<SessionId>,
        now: Timestamp,
    ) -> Result<Vec<SessionId>, Error> {
        let key = |session: &SessionId| sessions_rows::meta(&old.organization, session);
        let wanted: Vec<Key> = sessions.iter().map(key).collect();
        let mut metas = self
            .table
            // What a read from a second ago has not seen would count as long gone, and be erased.
            .get_all("find old sessions", &wanted, Read::Consistent)
            .await?;
        let mut outlived = Vec::new();
        for (session, key) in sessions.into_iter().zip(&wanted) {
            let meta = metas.remove(key).map(Meta::parse).transpose()?;
            let heard_at = meta.and_then(|meta| meta.last_chunk_at);
            let expires = heard_at.map(|at| expires_at(at, old.retention_days));
            if expires.is_none_or(|expires| expires <= now.as_second()) {
                outlived.push(session);
            }
        }
        Ok(outlived)
    }
}
