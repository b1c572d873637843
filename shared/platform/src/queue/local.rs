//! SQS's stand-in for one machine: the same delivery semantics, kept in a SQLite file.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_lambda_events::event::sqs::SqsMessage;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use tokio::sync::Notify;

use super::{Backlog, MAX_RECEIVES, Queue, QueueError, Watched, delay_seconds};
use crate::clock::Clock;
use crate::xray::{self, TraceHeader};

/// How long a received message stays hidden from others: SQS's own default.
const VISIBILITY_TIMEOUT: Duration = Duration::from_secs(30);

/// Times are milliseconds of the Unix epoch. A message with a `receipt` is in somebody's hands until
/// `visible_at`; afterwards it is delivered again under a new receipt, and the old one deletes nothing.
const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS messages (
        id         INTEGER PRIMARY KEY AUTOINCREMENT,
        body       TEXT NOT NULL,
        sent_at    INTEGER NOT NULL,
        visible_at INTEGER NOT NULL,
        receives   INTEGER NOT NULL DEFAULT 0,
        receipt    TEXT UNIQUE,
        dead       INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX IF NOT EXISTS messages_by_visibility ON messages (dead, visible_at);
";

/// Columns that came later, in order: what `user_version` counts.
const ADDED: [&str; 1] = ["trace_header TEXT"];

/// A queue in a SQLite file. It outlives its process: what was in a worker's hands reappears.
///
/// Its calls take well under a millisecond, so they block in place.
#[derive(Debug)]
pub struct LocalQueue {
    connection: Mutex<Connection>,
    clock: Clock,
    visibility_timeout: Duration,
    sent: Notify,
}

/// The file of a [`LocalQueue`] could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[error("the local queue's file could not be used")]
pub struct LocalQueueError(#[from] rusqlite::Error);

/// A message that failed [`MAX_RECEIVES`] times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// The id it was sent under.
    pub message_id: String,
    /// What was sent.
    pub body: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// How often it was delivered.
    pub receives: u32,
}

impl LocalQueue {
    /// The queue in the file at `path`, made when it is not there.
    ///
    /// # Errors
    /// When the file cannot be opened or is not such a queue.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, LocalQueueError> {
        Self::over(Connection::open(path)?, clock)
    }

    /// A queue that ends with its process: for tests.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn in_memory(clock: Clock) -> Result<Self, LocalQueueError> {
        Self::over(Connection::open_in_memory()?, clock)
    }

    /// The same queue, where a received message stays hidden for `timeout` unless it is deleted.
    #[must_use]
    pub fn with_visibility_timeout(mut self, timeout: Duration) -> Self {
        self.visibility_timeout = timeout;
        self
    }

    fn over(connection: Connection, clock: Clock) -> Result<Self, LocalQueueError> {
        connection.execute_batch(SCHEMA)?;
        add_columns(&connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
            clock,
            visibility_timeout: VISIBILITY_TIMEOUT,
            sent: Notify::new(),
        })
    }

    /// Takes up to `limit` messages whose time has come, oldest first, and hides them for the visibility
    /// timeout. One that was delivered [`MAX_RECEIVES`] times already goes to the dead letters instead.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn receive(&self, limit: usize) -> Result<Vec<SqsMessage>, LocalQueueError> {
        self.connection().execute(
            "UPDATE messages SET dead = 1, receipt = NULL
             WHERE dead = 0 AND visible_at <= ?1 AND receives >= ?2",
            params![self.clock.now().as_millisecond(), MAX_RECEIVES],
        )?;
        self.take(limit, false)
    }

    /// Takes up to `limit` dead letters as [`Self::receive`] takes messages, however often that was done
    /// before.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn receive_dead(&self, limit: usize) -> Result<Vec<SqsMessage>, LocalQueueError> {
        self.take(limit, true)
    }

    fn take(&self, limit: usize, dead: bool) -> Result<Vec<SqsMessage>, LocalQueueError> {
        let now = self.clock.now().as_millisecond();
        let hidden_until = now.saturating_add(milliseconds(self.visibility_timeout));
        let mut messages = self
            .connection()
            .prepare_cached(
                "UPDATE messages SET receives = receives + 1, visible_at = ?2, receipt = hex(randomblob(16))
                 WHERE id IN (SELECT id FROM messages WHERE dead = ?4 AND visible_at <= ?1
                              ORDER BY visible_at, id LIMIT ?3)
                 RETURNING id, body, sent_at, receives, receipt, trace_header",
            )?
            .query_map(params![now, hidden_until, limit, dead], sqs_message)?
            .collect::<Result<Vec<_>, _>>()?;
        // RETURNING promises no order.
        messages.sort_by_key(|(id, _)| *id);
        Ok(messages.into_iter().map(|(_, message)| message).collect())
    }

    /// Deletes the message that was received under this receipt; a receipt that has run out deletes nothing.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn delete(&self, receipt_handle: &str) -> Result<(), LocalQueueError> {
        self.connection().execute(
            "DELETE FROM messages WHERE receipt = ?1",
            params![receipt_handle],
        )?;
        Ok(())
    }

    /// When the next message can be received, or `None` when there is none. A time in the past means now.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn next_visible_at(&self) -> Result<Option<Timestamp>, LocalQueueError> {
        let sql = "SELECT visible_at FROM messages WHERE dead = 0 ORDER BY visible_at LIMIT 1";
        let next = self
            .connection()
            .query_row(sql, [], |row| timestamp(row, 0))
            .optional()?;
        Ok(next)
    }

    /// The dead letters, oldest first.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn dead_letters(&self) -> Result<Vec<DeadLetter>, LocalQueueError> {
        let sql = "SELECT id, body, sent_at, receives FROM messages WHERE dead = 1 ORDER BY id";
        let letters = self
            .connection()
            .prepare_cached(sql)?
            .query_map([], |row| {
                Ok(DeadLetter {
                    message_id: row.get::<_, i64>(0)?.to_string(),
                    body: row.get(1)?,
                    sent_at: timestamp(row, 2)?,
                    receives: row.get(3)?,
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(letters)
    }

    /// Sends all dead letters back, as if they had just been sent; answers how many.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub fn redrive(&self) -> Result<usize, LocalQueueError> {
        let moved = self.connection().execute(
            "UPDATE messages SET dead = 0, receives = 0, visible_at = ?1 WHERE dead = 1",
            params![self.clock.now().as_millisecond()],
        )?;
        self.sent.notify_one();
        Ok(moved)
    }

    /// Comes back when a message was sent, or when the next one's time comes, or after `at_most`.
    pub(super) async fn wait(&self, at_most: Duration) -> Result<(), LocalQueueError> {
        let next = self.next_visible_at()?;
        let until_next = next.map_or(at_most, |next| {
            let left = next.duration_since(self.clock.now());
            Duration::try_from(left.max(SignedDuration::ZERO)).unwrap_or(at_most)
        });
        // Running out of time is one of the two reasons to come back.
        let _ = tokio::time::timeout(until_next.min(at_most), self.sent.notified()).await;
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Queue for LocalQueue {
    async fn send(&self, body: String, delay: Duration) -> Result<(), QueueError> {
        let now = self.clock.now().as_millisecond();
        let visible_at = now.saturating_add(i64::from(delay_seconds(delay)) * 1_000);
        let trace = xray::current().map(|header| header.as_str().to_owned());
        self.connection()
            .execute(
                "INSERT INTO messages (body, sent_at, visible_at, trace_header) VALUES (?1, ?2, ?3, ?4)",
                params![body, now, visible_at, trace],
            )
            .map_err(|error| QueueError::Unavailable(error.into()))?;
        self.sent.notify_one();
        Ok(())
    }
}

#[async_trait]
impl Watched for LocalQueue {
    async fn backlog(&self) -> Result<Backlog, QueueError> {
        let sql = "SELECT COUNT(*) FILTER (WHERE visible_at <= ?1),
                          COUNT(*) FILTER (WHERE visible_at > ?1 AND receipt IS NOT NULL)
                   FROM messages WHERE dead = 0";
        let now = self.clock.now().as_millisecond();
        let counted = self.connection().query_row(sql, [now], |row| {
            Ok(Backlog {
                waiting: row.get(0)?,
                in_hands: row.get(1)?,
            })
        });
        counted.map_err(|error| QueueError::Unavailable(error.into()))
    }
}

fn add_columns(connection: &Connection) -> rusqlite::Result<()> {
    let there: usize = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for (index, column) in ADDED.iter().enumerate().skip(there) {
        connection.execute_batch(&format!(
            "BEGIN; ALTER TABLE messages ADD COLUMN {column}; PRAGMA user_version = {}; COMMIT",
            index + 1
        ))?;
    }
    Ok(())
}

/// The row `id, body, sent_at, receives, receipt, trace_header` as Lambda would hand it to a worker, beside
/// its id.
fn sqs_message(row: &Row<'_>) -> rusqlite::Result<(i64, SqsMessage)> {
    let id: i64 = row.get(0)?;
    let sent_at: i64 = row.get(2)?;
    let receives: u32 = row.get(3)?;
    let mut message = SqsMessage::default();
    message.message_id = Some(id.to_string());
    message.body = Some(row.get(1)?);
    message.receipt_handle = Some(row.get(4)?);
    message.event_source = Some("aws:sqs".to_owned());
    message.attributes = [
        ("SentTimestamp", sent_at.to_string()),
        ("ApproximateReceiveCount", receives.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let Some(trace) = row.get(5)? {
        let name = TraceHeader::ATTRIBUTE.to_owned();
        message.attributes.insert(name, trace);
    }
    Ok((id, message))
}

fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let milliseconds: i64 = row.get(column)?;
    Timestamp::from_millisecond(milliseconds)
        .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, milliseconds))
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
