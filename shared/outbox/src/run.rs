//! What waits in a lane, and noting what became of it.

use std::collections::HashSet;

use identity::{SourceId, WorkspaceId};
use jiff::Timestamp;
use table::{Item, Key, Read, item, key_of, parse, text};

use crate::deliveries::read;
use crate::delivery::{ApiCall, Delivery, Outcome};
use crate::event::{EventType, Trust};
use crate::lane::Lane;
use crate::message::MessageKey;
use crate::pending::PendingRow;
use crate::{Error, OrganizationOutbox, rows};

/// Most calls that a delivery keeps, over all times that it was tried.
const MOST_CALLS: usize = 60;

/// What waits in a lane.
pub struct LaneRun {
    /// In the order in which it is to be told: who somebody is before what they did, and each by time.
    pub events: Vec<WaitingEvent>,
    /// Whether more waits behind.
    pub has_more: bool,
}

/// An event that waits.
pub struct WaitingEvent {
    /// The id that the client gave its message.
    pub message_id: String,
    /// Where it came from.
    pub source: SourceId,
    /// Which call it is.
    pub event_type: EventType,
    /// How much its names are to be believed.
    pub trust: Trust,
    /// When it happened.
    pub timestamp: Timestamp,
    /// Where it stood in its request: of two of one millisecond, the later one counts.
    pub position: u16,
    /// When it was taken, or asked for once more.
    pub received_at: Timestamp,
    /// The event itself; `None` when it cannot be opened.
    pub body: Option<Vec<u8>>,
    key: Key,
    row: PendingRow,
    before: Option<Delivery>,
}

impl WaitingEvent {
    /// Why it waited when it was last looked at; `None` when it was not.
    #[must_use]
    pub fn waited_for(&self) -> Option<&str> {
        let before = self.before.as_ref()?;
        before.reason.as_deref()
    }

    /// Since when it has waited for this; `None` when it was something else that it waited for last.
    #[must_use]
    pub fn waited_since(&self, reason: &str) -> Option<Timestamp> {
        let before = self.before.as_ref()?;
        (before.reason.as_deref() == Some(reason)).then_some(before.known_at)
    }
}

/// What became of an event.
#[derive(Debug, Clone)]
pub struct Became {
    /// The outcome.
    pub outcome: Outcome,
    /// Why: a stable word.
    pub reason: Option<String>,
    /// What was left out, or is to be looked at.
    pub warnings: Vec<String>,
    /// What Intercom was asked.
    pub calls: Vec<ApiCall>,
}

impl OrganizationOutbox<'_> {
    /// What waits in a lane, at most `limit` events of it. What was done before is not among it, and
    /// does not wait any more.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn read_lane(
        &self,
        workspace: &WorkspaceId,
        lane: &Lane,
        limit: u16,
        now: Timestamp,
    ) -> Result<LaneRun, Error> {
        let answer = self
            .table
            .query(
                rows::lane_partition(self.organization, lane),
                "begins_with(SK, :prefix)",
            )
            .expression_attribute_values(":prefix", text(rows::pending_prefix(workspace)))
            .consistent_read(true)
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("read what waits", &error))?;
        let has_more = answer.last_evaluated_key.is_some();
        let mut waiting = Vec::new();
        let (mut seen, mut over) = (HashSet::new(), Vec::new());
        for item in answer.items.unwrap_or_default() {
            let key = key_of(&item)?;
            let row: PendingRow = parse("waiting event", item)?;
            let message = MessageKey::of(&row.message_id);
            let delivery = rows::delivery(self.organization, (&message, &row.source));
            // Of a message that was sent at two times, the first counts.
            match row.expires > now.as_second() && seen.insert(delivery.clone()) {
                true => waiting.push((key, row, delivery)),
                false => over.push(key),
            }
        }
        let asked: Vec<Key> = seen.into_iter().collect();
        let mut known = self
            .table
            .get_all("read deliveries", &asked, Read::Consistent)
            .await?;
        let mut events = Vec::with_capacity(waiting.len());
        for (key, row, delivery) in waiting {
            let before = known.remove(&delivery).map(read).transpose()?;
            let before = before.map(|row| row.delivery);
            let is_done = before.as_ref().is_some_and(|before| match before.outcome {
                Outcome::Waiting => false,
                Outcome::Sent => true,
                Outcome::Dropped | Outcome::Failed => !row.is_resent,
            });
            match is_done {
                true => over.push(key),
                false => events.push(self.waiting(lane, key, row, before)),
            }
        }
        self.table.delete_all("forget what is done", &over).await?;
        Ok(LaneRun { events, has_more })
    }

    fn waiting(
        &self,
        lane: &Lane,
        key: Key,
        row: PendingRow,
        before: Option<Delivery>,
    ) -> WaitingEvent {
        WaitingEvent {
            message_id: row.message_id.clone(),
            source: row.source.clone(),
            event_type: row.event_type,
            trust: row.trust,
            timestamp: row.timestamp,
            position: row.position,
            received_at: row.received_at,
            body: self.open(lane, &row).ok(),
            key,
            row,
            before,
        }
    }

    /// Notes what became of events, and has those wait no longer that do not wait any more. Whose body
    /// may be asked for once more is kept.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; it may be repeated.
    pub async fn note(
        &self,
        workspace: &WorkspaceId,
        lane: &Lane,
        became: &[(&WaitingEvent, Became)],
        now: Timestamp,
    ) -> Result<(), Error> {
        let (mut written, mut over) = (Vec::<Item>::new(), Vec::new());
        let mut deliveries = Vec::with_capacity(became.len());
        for (event, became) in became {
            let message = MessageKey::of(&event.message_id);
            let of = (&message, &event.source);
            let is_news = event.before.as_ref().is_none_or(|before| {
                (before.outcome, &before.reason) != (became.outcome, &became.reason)
            });
            if is_news || became.outcome != Outcome::Waiting {
                let delivery = delivery(event, became, workspace, lane, now);
                let key = rows::delivery(self.organization, of);
                self.write_delivery(&key, &delivery, &mut written)?;
                deliveries.push(delivery);
            }
            let kept = rows::kept(self.organization, lane, of);
            match became.outcome {
                Outcome::Waiting => {}
                Outcome::Sent => {
                    over.push(event.key.clone());
                    if event.row.is_resent {
                        over.push(kept);
                    }
                }
                Outcome::Dropped | Outcome::Failed => {
                    written.push(item(&kept, &event.row)?);
                    over.push(event.key.clone());
                }
            }
        }
        self.table
            .put_all("note what became of events", written)
            .await?;
        fail::fail_point!(crate::steps::OUTCOME_NOTED);
        self.count(&deliveries).await?;
        Ok(self.table.delete_all("forget what waited", &over).await?)
    }
}

fn delivery(
    event: &WaitingEvent,
    became: &Became,
    workspace: &WorkspaceId,
    lane: &Lane,
    now: Timestamp,
) -> Delivery {
    let before = event.before.as_ref();
    let mut calls = before
        .map(|before| before.calls.clone())
        .unwrap_or_default();
    calls.extend(became.calls.iter().cloned());
    let surplus = calls.len().saturating_sub(MOST_CALLS);
    Delivery {
        message_id: event.message_id.clone(),
        source: event.source.clone(),
        event_type: Some(event.event_type),
        received_at: before.map_or(event.received_at, |before| before.received_at),
        outcome: became.outcome,
        known_at: now,
        reason: became.reason.clone(),
        warnings: became.warnings.clone(),
        calls: calls.split_off(surplus),
        workspace: Some(workspace.clone()),
        lane: Some(lane.clone()),
    }
}
