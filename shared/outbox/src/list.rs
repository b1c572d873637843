//! What became of events, the latest first.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::try_join_all;
use identity::SourceId;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use table::{Item, Key, Read, SORT, text};

use crate::deliveries::{Deliveries, read};
use crate::delivery::{Delivery, KEPT_DAYS, Outcome};
use crate::{Error, day_of, rows};

/// Most deliveries on a page.
pub const MAX_LISTED: usize = 100;

/// Most rounds of reading for a page: a filter that hardly anything passes ends with a short page and a
/// cursor.
const MAX_ROUNDS: usize = 20;

/// Which deliveries.
#[derive(Debug, Clone, Default)]
pub struct DeliveryQuery {
    /// Only those of this outcome.
    pub outcome: Option<Outcome>,
    /// Only those of this source.
    pub source: Option<SourceId>,
    /// Only those whose outcome has been known since; `None`: as far as is known.
    pub since: Option<Timestamp>,
    /// Most of them, at least 1 and at most [`MAX_LISTED`].
    pub limit: usize,
    /// Where the page begins.
    pub cursor: Option<DeliveryCursor>,
}

/// Where a page begins: after this place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryCursor {
    known_at: Timestamp,
    sort: String,
}

impl DeliveryCursor {
    fn of(sort: String) -> Option<Self> {
        let milliseconds = sort.strip_prefix("AT#")?.split('#').next()?;
        let known_at = Timestamp::from_millisecond(milliseconds.parse().ok()?).ok()?;
        Some(Self { known_at, sort })
    }

    /// A cursor as it was handed out; `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const MAX_BYTES: usize = 300;
        let sort = URL_SAFE_NO_PAD.decode(text).ok()?;
        let sort = String::from_utf8(sort).ok()?;
        (sort.len() <= MAX_BYTES).then(|| Self::of(sort)).flatten()
    }

    /// The cursor as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.sort)
    }
}

/// A page of deliveries.
#[derive(Debug, Clone, Default)]
pub struct DeliveryPage {
    /// The latest first.
    pub deliveries: Vec<Delivery>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<DeliveryCursor>,
}

/// A row of the list.
struct Pointer {
    sort: String,
    row: Key,
}

impl Deliveries<'_> {
    /// A page of deliveries, those whose outcome became known last first. May miss the last second.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn list(&self, query: &DeliveryQuery, now: Timestamp) -> Result<DeliveryPage, Error> {
        let limit = query.limit.clamp(1, MAX_LISTED);
        let kept = SignedDuration::from_hours(24 * KEPT_DAYS);
        let oldest = now.checked_sub(kept).unwrap_or(Timestamp::MIN);
        let since = query.since.map_or(oldest, |since| since.max(oldest));
        let mut day = query.cursor.as_ref().map_or(now, |cursor| cursor.known_at);
        // The clock of whoever wrote a row may be ahead of ours.
        if query.cursor.is_none() {
            day = now + SignedDuration::from_mins(1);
        }
        let mut day = day_of(day);
        let mut before = query.cursor.as_ref().map(|cursor| cursor.sort.clone());
        let mut page = DeliveryPage::default();
        for _ in 0..MAX_ROUNDS + usize::try_from(KEPT_DAYS).unwrap_or_default() {
            if day < day_of(since) {
                return Ok(page);
            }
            let pointers = self
                .pointers(query.outcome, day, since, before.as_deref(), limit)
                .await?;
            let is_day_over = pointers.len() < limit;
            for (sort, delivery) in self.read_all(pointers).await? {
                before = Some(sort);
                let is_wanted = |delivery: &Delivery| {
                    query
                        .source
                        .as_ref()
                        .is_none_or(|source| *source == delivery.source)
                };
                page.deliveries.extend(delivery.filter(is_wanted));
                if page.deliveries.len() == limit {
                    page.next = before.and_then(DeliveryCursor::of);
                    return Ok(page);
                }
            }
            if is_day_over {
                let Ok(earlier) = day.checked_sub(1.day()) else {
                    return Ok(page);
                };
                day = earlier;
            }
        }
        page.next = before.and_then(DeliveryCursor::of);
        Ok(page)
    }

    /// The latest places of a day before `before`, over the outcomes that are asked for.
    async fn pointers(
        &self,
        outcome: Option<Outcome>,
        day: Date,
        since: Timestamp,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Pointer>, Error> {
        let wanted = Outcome::ALL.into_iter();
        let wanted = wanted.filter(|each| outcome.is_none_or(|outcome| outcome == *each));
        let lists = wanted.map(|outcome| self.pointers_of(outcome, day, since, before, limit));
        let mut pointers: Vec<_> = try_join_all(lists).await?.into_iter().flatten().collect();
        pointers.sort_by(|one, other| other.sort.cmp(&one.sort));
        pointers.truncate(limit);
        Ok(pointers)
    }

    async fn pointers_of(
        &self,
        outcome: Outcome,
        day: Date,
        since: Timestamp,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Pointer>, Error> {
        let first = format!("AT#{:015}", since.as_millisecond().max(0));
        // The character after `#` comes after all of them.
        let end = before.unwrap_or("AT$");
        let answer = self
            .outbox
            .table
            .query(
                rows::list_partition(self.outbox.organization, outcome, day),
                "SK BETWEEN :first AND :end",
            )
            .expression_attribute_values(":first", text(&first))
            .expression_attribute_values(":end", text(end.max(&first)))
            .scan_index_forward(false)
            // The one at `before` itself takes a place.
            .limit(i32::try_from(limit).unwrap_or(i32::MAX).saturating_add(1))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("list deliveries", &error))?;
        let items = answer.items.unwrap_or_default();
        let pointers = items.into_iter().filter_map(pointer);
        let pointers = pointers.filter(|pointer| before != Some(pointer.sort.as_str()));
        Ok(pointers.take(limit).collect())
    }

    /// The deliveries at these places; `None` where a delivery has another outcome by now, and stands
    /// elsewhere.
    async fn read_all(
        &self,
        pointers: Vec<Pointer>,
    ) -> Result<Vec<(String, Option<Delivery>)>, Error> {
        let mut keys: Vec<Key> = pointers.iter().map(|pointer| pointer.row.clone()).collect();
        keys.sort_by(|one, other| {
            (&one.partition, &one.sort).cmp(&(&other.partition, &other.sort))
        });
        keys.dedup();
        let table = self.outbox.table;
        let mut found = table
            .get_all("read deliveries", &keys, Read::Eventual)
            .await?;
        let mut deliveries = Vec::with_capacity(pointers.len());
        for Pointer { sort, row } in pointers {
            let at = format!(
                "AT#{:015}#",
                DeliveryCursor::of(sort.clone()).map_or(0, |c| c.known_at.as_millisecond())
            );
            let delivery = match found.get(&row).cloned().map(read).transpose()? {
                Some(found) => {
                    let known_at = found.delivery.known_at.as_millisecond().max(0);
                    (format!("AT#{known_at:015}#") == at).then_some(found.delivery)
                }
                None => None,
            };
            if delivery.is_some() {
                found.remove(&row);
            }
            deliveries.push((sort, delivery));
        }
        Ok(deliveries)
    }
}

fn pointer(mut item: Item) -> Option<Pointer> {
    let mut take = |name: &str| match item.remove(name) {
        Some(aws_sdk_dynamodb::types::AttributeValue::S(text)) => Some(text),
        _ => None,
    };
    Some(Pointer {
        sort: take(SORT)?,
        row: Key::new(take("of")?, take("row")?),
    })
}
