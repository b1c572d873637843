//! Who waits for somebody to be known.

use aws_sdk_dynamodb::types::AttributeValue;
use identity::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use table::{Item, SORT, number, text};

use crate::lane::Lane;
use crate::{Error, OrganizationOutbox};

use super::rows;

/// Most lanes that are woken at once; what is left wakes when its time is over.
const MAX_WOKEN: i32 = 100;

impl OrganizationOutbox<'_> {
    /// Notes that a lane waits for whoever has one of these keys. Whoever waits looks once more
    /// afterwards: the key may have become known meanwhile.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn wait_for(
        &self,
        (workspace, lane): (&WorkspaceId, &Lane),
        hashes: &[String],
        until: Timestamp,
    ) -> Result<(), Error> {
        const LEEWAY: SignedDuration = SignedDuration::from_hours(1);
        let expires = until.checked_add(LEEWAY).unwrap_or(Timestamp::MAX);
        let row = |hash: &String| {
            let key = rows::waiter(self.organization, hash, (workspace, lane));
            let mut row = Item::from([("expires".to_owned(), number(expires.as_second()))]);
            row.extend(key.attributes());
            row
        };
        let waiters = hashes.iter().map(row).collect();
        Ok(self.table.put_all("wait for a contact", waiters).await?)
    }

    /// The lanes that wait for whoever has this key. They are left where they are: a key becomes known
    /// once.
    pub(crate) async fn waiters(
        &self,
        workspace: &WorkspaceId,
        hash: &str,
    ) -> Result<Vec<Lane>, Error> {
        let answer = self
            .table
            .query(
                rows::key_partition(self.organization, hash),
                "begins_with(SK, :prefix)",
            )
            .expression_attribute_values(":prefix", text(rows::waiter_prefix(workspace)))
            .consistent_read(true)
            .limit(MAX_WOKEN)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("read who waits", &error))?;
        let lane = |row: Item| match row.get(SORT) {
            Some(AttributeValue::S(sort)) => Lane::parse(sort.rsplit('#').next()?).ok(),
            _ => None,
        };
        let rows = answer.items.unwrap_or_default().into_iter();
        Ok(rows.filter_map(lane).collect())
    }
}
