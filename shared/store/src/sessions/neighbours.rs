//! The sessions of a person right before and right after one of theirs.

use futures::future::try_join;
use identity::{PersonId, SessionId};
use jiff::Timestamp;
use table::{Key, number, text};

use crate::Error;
use crate::people::rows as people_rows;
use crate::sessions::cursor::SessionCursor;
use crate::sessions::{Sessions, rows};

/// Rows looked at in each direction: expired ones may stand in a list for two days.
const LOOKED_AT: i32 = 5;

/// What stands beside a session in its owner's list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The one that began before it; `None` for the first.
    pub before: Option<SessionId>,
    /// The one that began after it; `None` for the latest.
    pub after: Option<SessionId>,
}

impl Sessions<'_> {
    /// What stands beside a place in a person's list: two queries at once.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn neighbours(
        self,
        person: &PersonId,
        place: &SessionCursor,
        now: Timestamp,
    ) -> Result<Neighbours, Error> {
        let (before, after) = try_join(
            self.beside(person, place, false, now),
            self.beside(person, place, true, now),
        )
        .await?;
        Ok(Neighbours { before, after })
    }

    async fn beside(
        self,
        person: &PersonId,
        place: &SessionCursor,
        is_forward: bool,
        now: Timestamp,
    ) -> Result<Option<SessionId>, Error> {
        let partition = people_rows::person_partition(self.scope.organization, person);
        let start = Key {
            partition: partition.clone(),
            sort: rows::listed_session_sort(place.sort_at, &place.session),
        };
        let page = self
            .scope
            .table
            .query(partition, "begins_with(SK, :prefix)")
            .expression_attribute_values(":prefix", text(rows::SESSION_PREFIX))
            .filter_expression("expires > :now")
            .expression_attribute_values(":now", number(now.as_second()))
            .projection_expression("SK")
            .scan_index_forward(is_forward)
            .limit(LOOKED_AT)
            .set_exclusive_start_key(Some(start.attributes()))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("find a session's neighbours", &error))?;
        let found = page.items.unwrap_or_default();
        let mut sorts = found.iter().filter_map(|item| item.get("SK")?.as_s().ok());
        Ok(sorts.find_map(|sort| rows::parse_session(sort)))
    }
}
