//! Rows in batches: DynamoDB may leave some of a batch undone, and then it is asked again after a pause.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use aws_sdk_dynamodb::types::{DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest};
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use futures::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;

use super::{Read, Table};
use crate::Error;
use crate::key::Key;
use crate::row::{Item, key_of};

/// Most keys that one `BatchGetItem` takes (DynamoDB's API reference).
const BATCH_KEYS: usize = 100;
/// Most rows that one `BatchWriteItem` puts or deletes (DynamoDB's API reference).
const BATCH_WRITES: usize = 25;
/// Calls of `BatchWriteItem` under way at once: 2,500 rows are written in the time of thirteen calls.
const BATCHES_AT_ONCE: usize = 8;

/// The first pause before what was left undone is asked for again; each is twice as long as the one before,
/// and up to as much again by chance, so that callers who were refused together do not come back together.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Table {
    /// The rows that exist among `keys`, which must be distinct: one call per hundred.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the table does not answer, or leaves keys undone for too long.
    pub async fn get_all(
        &self,
        operation: &'static str,
        keys: &[Key],
        read: Read,
    ) -> Result<HashMap<Key, Item>, Error> {
        let mut found = HashMap::with_capacity(keys.len());
        for batch in keys.chunks(BATCH_KEYS) {
            self.get_batch(operation, batch, read, &mut found).await?;
        }
        Ok(found)
    }

    async fn get_batch(
        &self,
        operation: &'static str,
        keys: &[Key],
        read: Read,
        found: &mut HashMap<Key, Item>,
    ) -> Result<(), Error> {
        let mut wanted: Vec<Item> = keys.iter().map(Key::attributes).collect();
        let mut pauses = Pauses::within(self.patience());
        loop {
            let request = KeysAndAttributes::builder()
                .set_keys(Some(wanted))
                .consistent_read(read == Read::Consistent)
                .build()
                .map_err(|_| unbuilt(operation))?;
            let answer = self
                .client
                .batch_get_item()
                .request_items(&self.name, request)
                .send()
                .await;
            let answer = answer.map_err(|error| Error::from_sdk(operation, &error))?;
            for item in answer
                .responses
                .into_iter()
                .flat_map(HashMap::into_values)
                .flatten()
            {
                found.insert(key_of(&item)?, item);
            }
            let mut unprocessed = answer.unprocessed_keys.unwrap_or_default();
            wanted = match unprocessed.remove(&self.name) {
                Some(rest) if !rest.keys.is_empty() => rest.keys,
                _ => return Ok(()),
            };
            pauses.next(operation).await?;
        }
    }

    /// Deletes rows, whatever stands in them: one call for 25.
    ///
    /// # Errors
    /// As [`Self::get_all`]; it may be repeated.
    pub async fn delete_all(&self, operation: &'static str, keys: &[Key]) -> Result<(), Error> {
        let keys: HashSet<&Key> = keys.iter().collect();
        let mut wanted = Vec::with_capacity(keys.len());
        for key in keys {
            let delete = DeleteRequest::builder().set_key(Some(key.attributes()));
            let delete = delete.build().map_err(|_| unbuilt(operation))?;
            wanted.push(WriteRequest::builder().delete_request(delete).build());
        }
        self.write_all(operation, wanted).await
    }

    /// Puts rows, whatever stands in their places: one call for 25, some of them at once. Of several with one
    /// key the first is put.
    ///
    /// # Errors
    /// As [`Self::get_all`]: some of them may have been put. It may be repeated.
    pub async fn put_all(&self, operation: &'static str, rows: Vec<Item>) -> Result<(), Error> {
        let mut keys = HashSet::with_capacity(rows.len());
        let mut wanted = Vec::with_capacity(rows.len());
        for row in rows {
            if keys.insert(key_of(&row)?) {
                let put = PutRequest::builder().set_item(Some(row));
                let put = put.build().map_err(|_| unbuilt(operation))?;
                wanted.push(WriteRequest::builder().put_request(put).build());
            }
        }
        self.write_all(operation, wanted).await
    }

    async fn write_all(
        &self,
        operation: &'static str,
        mut wanted: Vec<WriteRequest>,
    ) -> Result<(), Error> {
        let mut batches = Vec::with_capacity(wanted.len().div_ceil(BATCH_WRITES));
        while !wanted.is_empty() {
            let rest = wanted.split_off(wanted.len().min(BATCH_WRITES));
            batches.push(std::mem::replace(&mut wanted, rest));
        }
        stream::iter(batches)
            .map(|batch| self.write_batch(operation, batch))
            .buffer_unordered(BATCHES_AT_ONCE)
            .try_collect()
            .await
    }

    async fn write_batch(
        &self,
        operation: &'static str,
        mut wanted: Vec<WriteRequest>,
    ) -> Result<(), Error> {
        let mut pauses = Pauses::within(self.patience());
        loop {
            let answer = self
                .client
                .batch_write_item()
                .request_items(&self.name, wanted)
                .send()
                .await;
            let answer = answer.map_err(|error| Error::from_sdk(operation, &error))?;
            let mut unprocessed = answer.unprocessed_items.unwrap_or_default();
            wanted = match unprocessed.remove(&self.name) {
                Some(rest) if !rest.is_empty() => rest,
                _ => return Ok(()),
            };
            pauses.next(operation).await?;
        }
    }
}

/// Growing pauses, which end when the caller has waited for long enough: for them and for the calls between
/// them.
struct Pauses {
    growing: ExponentialBackoff,
    ends_at: Instant,
}

impl Pauses {
    fn within(patience: Duration) -> Self {
        let growing = ExponentialBuilder::new()
            .with_min_delay(FIRST_PAUSE)
            .with_max_delay(LONGEST_PAUSE)
            .with_jitter()
            .without_max_times();
        Self {
            growing: growing.build(),
            ends_at: Instant::now() + patience,
        }
    }

    /// Waits for the next pause.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when there is no time for it.
    async fn next(&mut self, operation: &'static str) -> Result<(), Error> {
        let now = Instant::now();
        let next = self.growing.next().map(|pause| now + pause);
        match next.filter(|next| *next <= self.ends_at) {
            Some(next) => {
                tokio::time::sleep_until(next).await;
                Ok(())
            }
            None => Err(Error::Unavailable {
                operation,
                reason: "unprocessed keys".to_owned(),
            }),
        }
    }
}

fn unbuilt(operation: &'static str) -> Error {
    Error::Refused {
        operation,
        reason: "request not built".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_and_end_when_the_caller_has_waited_for_long_enough() {
        for patience in [200, 2_000, 10_000].map(Duration::from_millis) {
            let begun = Instant::now();
            let mut pauses = Pauses::within(patience);
            let mut lasted = Vec::new();
            loop {
                let before = Instant::now();
                if pauses.next("test").await.is_err() {
                    break;
                }
                lasted.push(before.elapsed());
            }
            // A millisecond is what the clock of sleeping tasks counts in.
            assert!(begun.elapsed() <= patience + Duration::from_millis(1));
            assert!(lasted.len() >= 2, "{lasted:?}");
            // By chance each is up to twice what it would be: two on, it has grown in any case.
            let grows = |pauses: &[Duration]| pauses[2] >= pauses[0].min(LONGEST_PAUSE);
            assert!(lasted.windows(3).all(grows), "{lasted:?}");
        }
    }
}
