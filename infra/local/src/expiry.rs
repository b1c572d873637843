//! What has had its time goes: rows as DynamoDB's TTL has it, objects as the lifecycle rules of the bucket
//! do.
//!
//! The embedded database keeps what has expired, and a folder has no lifecycle. [`crate::sign_of_life`]
//! says by which time.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::{ObjectStore, ObjectStoreExt};
use platform::clock::Clock;
use platform::telemetry::Chain;
use table::{EXPIRES, PARTITION, SORT};

use crate::sign_of_life::SignOfLife;

/// How often it is looked for. On AWS it takes up to two days.
const EVERY: Duration = Duration::from_mins(10);

/// What is swept.
pub(crate) struct Expiry {
    pub(crate) client: Client,
    pub(crate) table: &'static str,
    pub(crate) bucket: Arc<dyn ObjectStore>,
    pub(crate) clock: Clock,
    pub(crate) sign_of_life: SignOfLife,
}

/// Why something stays for now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExpiryError {
    #[error("the table could not be swept")]
    Table(#[from] Box<aws_sdk_dynamodb::Error>),
    #[error("the recordings could not be swept")]
    Bucket(#[from] object_store::Error),
    #[error("the sign of life could not be written")]
    SignOfLife(#[from] io::Error),
}

/// Sweeps again and again.
pub(crate) async fn watch(mut expiry: Expiry) {
    loop {
        if let Err(error) = expiry.sweep().await {
            tracing::error!(error = %Chain(&error), "what has expired stays for now");
        }
        tokio::time::sleep(EVERY).await;
    }
}

impl Expiry {
    /// Deletes everything that has had its time.
    pub(crate) async fn sweep(&mut self) -> Result<(), ExpiryError> {
        let now = self.sign_of_life.look(self.clock.now())?;
        self.sweep_table(now).await?;
        self.sweep_bucket(now).await?;
        Ok(())
    }

    async fn sweep_table(&self, now: Timestamp) -> Result<(), Box<aws_sdk_dynamodb::Error>> {
        let mut expired = self
            .client
            .scan()
            .table_name(self.table)
            .filter_expression(format!("{EXPIRES} <= :now"))
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
            .projection_expression(format!("{PARTITION}, {SORT}"))
            .into_paginator()
            .items()
            .send();
        while let Some(key) = expired.next().await {
            let key = key.map_err(|error| Box::new(error.into()))?;
            let deleted = self
                .client
                .delete_item()
                .table_name(self.table)
                .set_key(Some(key))
                // It may have been given more time since.
                .condition_expression(format!("{EXPIRES} <= :now"))
                .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()))
                .send()
                .await;
            if let Err(error) = deleted {
                let error = error.into_service_error();
                if !error.is_conditional_check_failed_exception() {
                    return Err(Box::new(error.into()));
                }
            }
        }
        Ok(())
    }

    async fn sweep_bucket(&self, now: Timestamp) -> Result<(), object_store::Error> {
        let objects: Vec<_> = self.bucket.list(None).try_collect().await?;
        for object in objects {
            let written_at = object.last_modified.timestamp();
            let kept = store::kept_for(&object.location);
            if kept.is_some_and(|kept| written_at + kept.as_secs() <= now.as_second()) {
                match self.bucket.delete(&object.location).await {
                    Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use object_store::memory::InMemory;
    use object_store::path::Path;

    use super::*;

    /// What is left of rows and objects that expire within a month, or later, or never, once `expiry`
    /// has swept `later` after they were written, by a bundle that was last seen `seen` after that.
    async fn left(later: SignedDuration, seen: SignedDuration) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let database = crate::database::Database::open(&folder.path().join("table"))
            .await
            .unwrap();
        let client = database.client();
        store::create_table(&client, "table").await.unwrap();
        let now = Timestamp::now();
        let put = |name: &str, expires: Option<i64>| {
            let mut put = client
                .put_item()
                .table_name("table")
                .item(PARTITION, AttributeValue::S(name.to_owned()))
                .item(SORT, AttributeValue::S("s".to_owned()));
            if let Some(expires) = expires {
                put = put.item(EXPIRES, AttributeValue::N(expires.to_string()));
            }
            put.send()
        };
        let (past, month) = (now.as_second() - 1, now.as_second() + 30 * 86_400);
        let late = now.as_second() + 31 * 86_400;
        for (name, expires) in [
            ("gone", Some(past)),
            ("month", Some(month)),
            ("kept", Some(late)),
            ("ever", None),
        ] {
            put(name, expires).await.unwrap();
        }
        let bucket = Arc::new(InMemory::new());
        for path in [
            "recordings/30/o/s/0.zst",
            "recordings/90/o/s/0.zst",
            "other",
        ] {
            bucket.put(&Path::from(path), "x".into()).await.unwrap();
        }
        let path = folder.path().join("sign-of-life.json");
        let mut sign_of_life =
            SignOfLife::open(path, &folder.path().join("none"), now + seen).unwrap();
        sign_of_life.look(now + seen).unwrap();
        let mut expiry = Expiry {
            client: client.clone(),
            table: "table",
            bucket: bucket.clone(),
            clock: Clock::fixed(now + later),
            sign_of_life,
        };
        expiry.sweep().await.unwrap();

        let rows = client.scan().table_name("table").send().await.unwrap();
        let mut rows: Vec<String> = rows
            .items()
            .iter()
            .map(|row| row[PARTITION].as_s().unwrap().clone())
            .collect();
        rows.sort();
        let left: Vec<_> = bucket.list(None).try_collect().await.unwrap();
        let mut left: Vec<String> = left
            .into_iter()
            .map(|object| object.location.to_string())
            .collect();
        left.sort();
        database.close().await;
        (rows, left)
    }

    #[tokio::test]
    async fn what_has_expired_goes_and_nothing_else() {
        let month = SignedDuration::from_hours(24 * 30 + 1);
        let (rows, objects) = left(month, month).await;
        assert_eq!(rows, ["ever", "kept"]);
        assert_eq!(objects, ["other", "recordings/90/o/s/0.zst"]);
    }

    #[tokio::test]
    async fn one_start_with_the_clock_ahead_deletes_only_what_had_expired_before() {
        let (rows, objects) =
            left(SignedDuration::from_hours(24 * 365), SignedDuration::ZERO).await;
        assert_eq!(rows, ["ever", "kept", "month"]);
        assert_eq!(objects.len(), 3);
    }
}
