//! What became of events, one by one.

use aws_sdk_dynamodb::types::AttributeValue;
use identity::WorkspaceId;
use jiff::Timestamp;
use table::{Conditional, Item, Key, Read, item, number, parse, text};

use crate::delivery::{Delivery, DeliveryRow, Outcome, expires_after};
use crate::lane::Lane;
use crate::message::MessageKey;
use crate::pending::PendingRow;
use crate::{Error, OrganizationOutbox, rows};

/// Why an event waits that somebody has asked for once more.
pub(crate) const RESENT: &str = "sent_again";

/// What became of an organization's events.
#[derive(Debug, Clone)]
pub struct Deliveries<'a> {
    pub(crate) outbox: OrganizationOutbox<'a>,
}

/// What comes of asking for an event once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resent {
    /// It waits again, in these lanes: each is to be sent to its worker.
    Waiting(Vec<(WorkspaceId, Lane)>),
    /// There is nothing to send: Intercom has been told, or the event was refused, erased, or is too
    /// old.
    NotKept,
    /// No such message is known.
    Unknown,
}

impl<'a> OrganizationOutbox<'a> {
    /// What became of its events.
    #[must_use]
    pub fn deliveries(&self) -> Deliveries<'a> {
        Deliveries {
            outbox: self.clone(),
        }
    }

    /// Adds the rows of a delivery to those that are to be written: itself, and its place in the list.
    pub(crate) fn write_delivery(
        &self,
        key: &Key,
        delivery: &Delivery,
        written: &mut Vec<Item>,
    ) -> Result<(), Error> {
        let expires = expires_after(delivery.known_at);
        let message = MessageKey::of(&delivery.message_id);
        let place = rows::listed(
            self.organization,
            (delivery.outcome, delivery.known_at),
            (&message, key),
        );
        let row = DeliveryRow {
            delivery: delivery.clone(),
            expires,
        };
        let mut listed = Item::from([("expires".to_owned(), number(expires))]);
        listed.extend(place.attributes());
        listed.insert("of".to_owned(), AttributeValue::S(key.partition.clone()));
        listed.insert("row".to_owned(), AttributeValue::S(key.sort.clone()));
        written.extend([item(key, &row)?, listed]);
        Ok(())
    }
}

impl Deliveries<'_> {
    /// What became of the message with this id, of each source that sent one; an event that was taken
    /// comes before what was refused under its id. Empty when it is not known, or its worker has not
    /// come to it yet.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn get(&self, message_id: &str, now: Timestamp) -> Result<Vec<Delivery>, Error> {
        let message = MessageKey::of(message_id);
        let partition = rows::delivery_partition(self.outbox.organization, &message);
        // `SOURCE#` comes before `REFUSED#` when read backwards.
        let answer = self
            .outbox
            .table
            .query_all(partition)
            .consistent_read(true)
            .scan_index_forward(false)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("read a delivery", &error))?;
        let rows = answer.items.unwrap_or_default().into_iter().map(read);
        let mut found = Vec::new();
        for row in rows {
            let row = row?;
            if row.expires > now.as_second() {
                found.push(row.delivery);
            }
        }
        Ok(found)
    }

    /// Has an event that failed or was dropped wait once more, as if it had just come.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn resend(&self, message_id: &str, now: Timestamp) -> Result<Resent, Error> {
        let found = self.get(message_id, now).await?;
        if found.is_empty() {
            return Ok(Resent::Unknown);
        }
        let mut lanes = Vec::new();
        for delivery in found {
            if let (Some(workspace), Some(lane)) = (&delivery.workspace, &delivery.lane) {
                let waits = match delivery.outcome {
                    Outcome::Sent => false,
                    Outcome::Waiting => true,
                    Outcome::Failed | Outcome::Dropped => false,
                };
                if waits || self.put_back(&delivery, workspace, lane, now).await? {
                    lanes.push((workspace.clone(), lane.clone()));
                }
            }
        }
        Ok(match lanes.is_empty() {
            true => Resent::NotKept,
            false => Resent::Waiting(lanes),
        })
    }

    /// Moves an event from what is kept to what waits. Whoever dies on the way can do it once more: the
    /// event is gone from what is kept only when it waits.
    async fn put_back(
        &self,
        delivery: &Delivery,
        workspace: &WorkspaceId,
        lane: &Lane,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let OrganizationOutbox {
            table,
            organization,
            ..
        } = &self.outbox;
        let message = MessageKey::of(&delivery.message_id);
        let of = (&message, &delivery.source);
        let kept = rows::kept(organization, lane, of);
        let read = table.get("read a kept event", &kept, Read::Consistent);
        let Some(row) = read.await? else {
            return Ok(false);
        };
        let row: PendingRow = parse("kept event", row)?;
        if row.expires <= now.as_second() {
            return Ok(false);
        }
        // First what is known of it: else its worker would take it for done.
        let waiting = table
            .update(&rows::delivery(organization, of))
            .update_expression("SET outcome = :waiting, reason = :reason")
            .condition_expression("outcome <> :sent")
            .expression_attribute_values(":waiting", text(Outcome::Waiting))
            .expression_attribute_values(":reason", text(RESENT))
            .expression_attribute_values(":sent", text(Outcome::Sent))
            .attempt("have an event wait again")
            .await?;
        if waiting.is_done() {
            let rank = row.event_type.rank();
            let at = (rank, row.timestamp, row.position);
            let key = rows::pending(organization, (workspace, lane), at, of);
            let row = PendingRow {
                is_resent: true,
                received_at: now,
                expires: expires_after(now),
                ..row
            };
            let pending = vec![item(&key, &row)?];
            table.put_all("have an event wait again", pending).await?;
        }
        table.remove("forget a kept event", &kept).await?;
        Ok(waiting.is_done())
    }
}

pub(crate) fn read(row: Item) -> Result<DeliveryRow, table::Error> {
    parse("delivery", row)
}
