//! A row that holds what Intercom said of one thing: newer wins, and what is gone for good stays gone.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use table::{Attempt, Conditional, Item, Key, Read, Sealed, key_of, parse, text};

use crate::as_of::AsOf;
use crate::{Error, WorkspaceMirror};

/// How long a row says that something is gone, so that nobody who is late brings it back: Intercom tries a
/// notification twice within two hours, and ours are kept two weeks.
const GONE_DAYS: i64 = 30;

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It stands now, or stood already.
    Newer,
    /// Something newer stands.
    Older,
    /// Something else stands that is equally new: only Intercom can say which of the two is right.
    Tied,
}

/// What is not there any more, and whether it can come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// Put away at Intercom, or outside what is imported: it can come back.
    Away,
    /// Deleted at Intercom, or merged into another.
    Deleted,
    /// Erased here: it stays so however long Intercom speaks of it.
    Erased,
}

/// The row. `C`: what stands in clear, for conditions, filters and counts.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record<C> {
    pub(crate) as_of: String,
    #[serde(default)]
    digest: String,
    /// Nothing is there.
    #[serde(default)]
    pub(crate) gone: bool,
    /// And nothing comes back.
    #[serde(default, rename = "final")]
    is_final: bool,
    #[serde(default)]
    sealed: Option<Sealed>,
    #[serde(default)]
    pub(crate) expires: Option<i64>,
    #[serde(flatten)]
    pub(crate) clear: C,
}

/// Nothing in clear.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Nothing {}

/// A record as it was read.
pub(crate) struct Stored<T> {
    pub(crate) key: Key,
    pub(crate) content: T,
}

impl WorkspaceMirror<'_> {
    /// Puts what is said of a thing, unless something newer stands.
    pub(crate) async fn put<C: Serialize>(
        &self,
        operation: &'static str,
        key: &Key,
        as_of: AsOf,
        (content, clear): (&impl Serialize, C),
        expires: Option<i64>,
    ) -> Result<Put, Error> {
        let row = self.record(key, as_of, (content, clear), expires)?;
        self.write(operation, key, &row).await
    }

    /// The row that [`Self::put`] would put, for writes that ask no condition.
    pub(crate) fn record<C>(
        &self,
        key: &Key,
        as_of: AsOf,
        (content, clear): (&impl Serialize, C),
        expires: Option<i64>,
    ) -> Result<Record<C>, Error> {
        let (sealed, digest) = self.seal(key, content)?;
        Ok(Record {
            as_of: as_of.to_string(),
            digest,
            gone: false,
            is_final: false,
            sealed: Some(sealed),
            expires,
            clear,
        })
    }

    /// Says that a thing is not there.
    pub(crate) async fn take_away(
        &self,
        operation: &'static str,
        key: &Key,
        as_of: AsOf,
        absence: Absence,
    ) -> Result<Put, Error> {
        let kept = (absence != Absence::Erased).then_some(as_of);
        let row = Record {
            as_of: as_of.to_string(),
            digest: String::new(),
            gone: true,
            is_final: absence != Absence::Away,
            sealed: None,
            expires: kept.map(|as_of| as_of.read_at_seconds() + GONE_DAYS * 86_400),
            clear: Nothing {},
        };
        self.write(operation, key, &row).await
    }

    async fn write<C: Serialize>(
        &self,
        operation: &'static str,
        key: &Key,
        row: &Record<C>,
    ) -> Result<Put, Error> {
        let put = self.table.put(key, row)?;
        let condition = match row.is_final {
            // What is gone for good is so whatever else was said.
            true => "attribute_not_exists(PK) OR #final <> :yes",
            false => "attribute_not_exists(PK) OR (#final <> :yes AND as_of < :as_of)",
        };
        let mut put = put
            .condition_expression(condition)
            .expression_attribute_names("#final", "final")
            .expression_attribute_values(":yes", AttributeValue::Bool(true));
        if !row.is_final {
            put = put.expression_attribute_values(":as_of", text(&row.as_of));
        }
        match put.attempt(operation).await? {
            Attempt::Done(_) => Ok(Put::Newer),
            Attempt::Refused(standing) => Ok(compare(row, &standing)),
        }
    }

    /// Reads a thing; `None` when there is none, or none any more.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        key: &Key,
        read: Read,
        now: Timestamp,
    ) -> Result<Option<Stored<T>>, Error> {
        match self.table.get(operation, key, read).await? {
            Some(item) => self.stored(item, now),
            None => Ok(None),
        }
    }

    /// What an item holds; `None` when nothing is there.
    pub(crate) fn stored<T: DeserializeOwned>(
        &self,
        item: Item,
        now: Timestamp,
    ) -> Result<Option<Stored<T>>, Error> {
        let key = key_of(&item)?;
        let record: Record<Nothing> = parse("mirrored record", item)?;
        if !record.is_there(now) {
            return Ok(None);
        }
        let Some(sealed) = &record.sealed else {
            return Ok(None);
        };
        Ok(Some(Stored {
            content: self.open(&key, sealed)?,
            key,
        }))
    }

    /// The items of a partition whose sort keys lie between two, at most `limit` of them.
    pub(crate) async fn items(
        &self,
        operation: &'static str,
        partition: String,
        (from, to): (&str, &str),
        order: Order,
        limit: usize,
    ) -> Result<Vec<Item>, Error> {
        let mut items = Vec::new();
        let mut place = None;
        loop {
            let query = self
                .table
                .query(partition.clone(), "SK BETWEEN :from AND :to")
                .expression_attribute_values(":from", text(from))
                .expression_attribute_values(":to", text(to))
                .scan_index_forward(order == Order::Ascending)
                .set_limit(i32::try_from(limit - items.len()).ok())
                .set_exclusive_start_key(place);
            let answer = query.send().await;
            let answer = answer.map_err(|error| table::Error::from_sdk(operation, &error))?;
            items.extend(answer.items.unwrap_or_default());
            place = answer.last_evaluated_key.filter(|key| !key.is_empty());
            if place.is_none() || items.len() >= limit {
                return Ok(items);
            }
        }
    }

    /// Takes rows out of the table, some at once.
    pub(crate) async fn delete(&self, operation: &'static str, keys: &[Key]) -> Result<(), Error> {
        Ok(self.table.delete_all(operation, keys).await?)
    }
}

/// In which order a partition is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
}

impl<C> Record<C> {
    /// Whether there is something: DynamoDB deletes what has expired when it comes to it.
    pub(crate) fn is_there(&self, now: Timestamp) -> bool {
        !self.gone && self.expires.is_none_or(|at| at > now.as_second())
    }
}

/// What it means that a row was not taken.
fn compare<C>(row: &Record<C>, standing: &Item) -> Put {
    let attribute = |name: &str| standing.get(name).and_then(|value| value.as_s().ok());
    let is_final = standing
        .get("final")
        .is_some_and(|value| value.as_bool().is_ok_and(|is_final| *is_final));
    if is_final {
        return match row.is_final {
            true => Put::Newer,
            false => Put::Older,
        };
    }
    if attribute("as_of") != Some(&row.as_of) {
        return Put::Older;
    }
    match attribute("digest") == Some(&row.digest) {
        true => Put::Newer,
        false => Put::Tied,
    }
}
