//! Whether a session is there, and how far its recording goes: what limits go by.

use identity::SessionId;
use table::{Read, SORT};

use crate::Error;
use crate::sessions::{Sessions, rows};

impl Sessions<'_> {
    /// Whether anything has been heard of a session. One of the last second may not be seen.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn is_begun(self, session: &SessionId) -> Result<bool, Error> {
        let key = rows::meta(self.scope.organization, session);
        let table = self.scope.table;
        let row = table
            .get("look for a session", &key, Read::Eventual)
            .await?;
        Ok(row.is_some())
    }

    /// The highest number of a session's stored chunks. Those of the last second may not be seen.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn highest_chunk(self, session: &SessionId) -> Result<Option<u32>, Error> {
        let partition = rows::session_partition(self.scope.organization, session);
        let found = self
            .scope
            .table
            .query(partition, "begins_with(SK, :chunk)")
            .expression_attribute_values(":chunk", table::text(rows::CHUNK_PREFIX))
            .scan_index_forward(false)
            .limit(1)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("find the highest chunk", &error))?;
        let row = found.items.unwrap_or_default().pop();
        let sort = row.as_ref().and_then(|row| row.get(SORT)?.as_s().ok());
        let seq = sort.and_then(|sort| sort.strip_prefix(rows::CHUNK_PREFIX)?.parse().ok());
        Ok(seq)
    }
}
