//! A session in its owner's list, and how it gets there.

use identity::{PersonId, SessionId};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use replay::Summary;
use serde::{Deserialize, Serialize};
use table::{Conditional, number};

use crate::Error;
use crate::sessions::{Sessions, rows};

/// A listed session. Until the session has an owner, the same stands in its `META` row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListedRow {
    pub(crate) session: SessionId,
    /// Place in the list, milliseconds since 1970.
    pub(crate) sort_at: u64,
    /// JSON of the summary.
    pub(crate) summary: String,
    /// When the last chunk that it covers arrived.
    #[serde(with = "millisecond::required")]
    pub(crate) received_at: Timestamp,
    pub(crate) version: u64,
    /// The first chunk that it does not cover.
    pub(crate) next_seq: u32,
    pub(crate) expires: i64,
}

impl ListedRow {
    pub(crate) fn summary(&self) -> Result<Summary, table::Error> {
        Summary::from_stored(&self.summary).map_err(|error| {
            let place = format!("{:?} error at column {}", error.classify(), error.column());
            table::Error::corrupt("summary", place)
        })
    }

    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires <= now.as_second()
    }
}

impl Sessions<'_> {
    /// Puts a session into its owner's list; `false` when a newer summary stands there.
    ///
    /// The same version may come twice, from two runs at once or from one that broke off before it could
    /// record the version in `META`: then the one that covers more chunks stays.
    pub(crate) async fn put_in_list(
        self,
        person: &PersonId,
        row: &ListedRow,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let key = rows::listed_session(self.scope.organization, person, row.sort_at, &row.session);
        let put = self
            .scope
            .table
            .put(&key, row)?
            .condition_expression(
                "attribute_not_exists(PK) OR version < :version OR expires <= :now \
                 OR (version = :version AND next_seq <= :next_seq)",
            )
            .expression_attribute_values(":version", number(row.version.cast_signed()))
            .expression_attribute_values(":next_seq", number(row.next_seq))
            .expression_attribute_values(":now", number(now.as_second()))
            .attempt("list a session")
            .await?;
        Ok(put.is_done())
    }

    /// Moves a summary from `META` into the list of the session's owner.
    pub(crate) async fn list_unlisted(
        self,
        person: &PersonId,
        row: &ListedRow,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.put_in_list(person, row, now).await?;
        self.scope
            .table
            .update(&rows::meta(self.scope.organization, &row.session))
            .update_expression("REMOVE unlisted")
            // A newer summary is listed by whoever saved it.
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(row.version.cast_signed()))
            .attempt("list a session")
            .await?;
        Ok(())
    }
}
