//! Events that are stored for good before their senders hear so.

use std::collections::BTreeSet;

use identity::{SourceId, WorkspaceId};
use jiff::Timestamp;
use table::item;

use crate::delivery::{Delivery, Outcome, expires_after};
use crate::event::{EventType, Trust};
use crate::lane::{Keys, Lane};
use crate::message::MessageKey;
use crate::pending::PendingRow;
use crate::{Error, OrganizationOutbox, rows};

/// An event that was taken.
#[derive(Clone, Copy)]
pub struct Accepted<'a> {
    /// Where it came from.
    pub source: &'a SourceId,
    /// How much its names are to be believed.
    pub trust: Trust,
    /// Which call it is.
    pub event_type: EventType,
    /// Tells it from every other one of its source: a repeat has the same.
    pub message_id: &'a str,
    /// In which line it waits: [`OrganizationOutbox::lane`].
    pub lane: &'a Lane,
    /// When it happened.
    pub timestamp: Timestamp,
    /// The event itself, as its worker reads it. It is sealed here.
    pub body: &'a [u8],
}

/// What was sent as an event, but is none.
#[derive(Clone, Copy)]
pub struct Refused<'a> {
    /// Where it came from.
    pub source: &'a SourceId,
    /// Which call it was, if that can be read.
    pub event_type: Option<EventType>,
    /// Its id, or what stands for one: a repeat has the same.
    pub message_id: &'a str,
    /// Why: a stable word.
    pub reason: &'a str,
}

impl OrganizationOutbox<'_> {
    /// The lane of an event.
    #[must_use]
    pub fn lane(&self, keys: &Keys<'_>) -> Lane {
        Lane::of(&self.key, keys)
    }

    /// Stores the events of a request, in its order, for good, and answers which lanes have something to
    /// do: each is to be sent to its worker.
    ///
    /// The same events once more are the same rows, so a request may be repeated.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: some may have been stored.
    pub async fn accept(
        &self,
        workspace: &WorkspaceId,
        events: &[Accepted<'_>],
        now: Timestamp,
    ) -> Result<Vec<Lane>, Error> {
        let mut pending = Vec::with_capacity(events.len());
        let mut lanes = BTreeSet::new();
        for (position, event) in events.iter().enumerate() {
            let position = u16::try_from(position).unwrap_or(u16::MAX);
            let message = MessageKey::of(event.message_id);
            let of = (&message, event.source);
            let key = rows::pending(
                self.organization,
                (workspace, event.lane),
                (event.event_type.rank(), event.timestamp, position),
                of,
            );
            let row = PendingRow {
                message_id: event.message_id.to_owned(),
                source: event.source.clone(),
                event_type: event.event_type,
                trust: event.trust,
                timestamp: event.timestamp,
                position,
                received_at: now,
                is_resent: false,
                sealed: self.seal(event.lane, of, event.body)?,
                expires: expires_after(now),
            };
            pending.push(item(&key, &row)?);
            lanes.insert(event.lane);
        }
        self.table.put_all("accept events", pending).await?;
        Ok(lanes.into_iter().cloned().collect())
    }

    /// Notes what was refused, so that it is seen: each is a dropped delivery. Nothing of its content is
    /// kept.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: some may have been noted.
    pub async fn refuse(&self, refused: &[Refused<'_>], now: Timestamp) -> Result<(), Error> {
        let mut written = Vec::with_capacity(2 * refused.len());
        let mut deliveries = Vec::with_capacity(refused.len());
        for refused in refused {
            let delivery = Delivery {
                message_id: refused.message_id.to_owned(),
                source: refused.source.clone(),
                event_type: refused.event_type,
                received_at: now,
                outcome: Outcome::Dropped,
                known_at: now,
                reason: Some(refused.reason.to_owned()),
                warnings: Vec::new(),
                calls: Vec::new(),
                workspace: None,
                lane: None,
            };
            let message = MessageKey::of(refused.message_id);
            let key = rows::refused(self.organization, (&message, refused.source));
            self.write_delivery(&key, &delivery, &mut written)?;
            deliveries.push(delivery);
        }
        self.table.put_all("note what was refused", written).await?;
        self.count(&deliveries).await
    }
}
