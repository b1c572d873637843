//! Data events: by day, on the time lines of whoever did them, and how many of each name.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use table::{Conditional, Item, number, parse, text};

use crate::as_of::AsOf;
use crate::companies::LAST;
use crate::event::{DataEvent, EventName};
use crate::moment::{Moment, What};
use crate::record::{Nothing, Order, Put};
use crate::rows::{self, EVENT_NAME};
use crate::{Error, WorkspaceMirror};

/// Longest page.
const MAX_PAGE: usize = 100;

/// Most names that are listed: Intercom has 120.
const MAX_NAMES: usize = 500;

/// For how many days a name's events are counted.
const COUNTED_DAYS: i32 = 30;

/// Most days that one page looks through: what is kept longest.
const MAX_DAYS: usize = 366;

/// The data events of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Events<'m, 'a>(pub(crate) &'m WorkspaceMirror<'a>);

/// Which events.
#[derive(Debug, Clone, Default)]
pub struct EventQuery {
    /// Only those of this name.
    pub name: Option<String>,
    /// Only those of this contact, by Intercom's id.
    pub contact: Option<String>,
    /// Only those since then.
    pub since: Option<Timestamp>,
    /// At most so many.
    pub limit: usize,
    /// Where the page begins.
    pub after: Option<EventPlace>,
}

/// Where a page ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPlace(String);

impl EventPlace {
    /// A place as it was handed out; `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        const MAX_BYTES: usize = 120;
        let sort = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let place = (sort.len() <= MAX_BYTES).then_some(Self(sort))?;
        place.at()?;
        Some(place)
    }

    /// The place as text.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    fn at(&self) -> Option<Timestamp> {
        let milliseconds = self.0.strip_prefix("AT#")?.split('#').next()?;
        Timestamp::from_millisecond(milliseconds.parse().ok()?).ok()
    }
}

/// A page of events.
#[derive(Clone, Default, PartialEq)]
pub struct EventPage {
    /// The latest first.
    pub events: Vec<DataEvent>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<EventPlace>,
}

/// How many events had a name on each day.
#[derive(Serialize, Deserialize)]
struct Counted {
    name: String,
    #[serde(default)]
    last_ms: i64,
}

impl Events<'_, '_> {
    /// Puts an event; it is there until `expires` (seconds since 1970).
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: all of it may be repeated. This goes for
    /// everything here.
    pub async fn put(
        self,
        event: &DataEvent,
        read_at: Timestamp,
        expires: i64,
        now: Timestamp,
    ) -> Result<Put, Error> {
        let at = event.created_at.unwrap_or(read_at);
        // It never changes: whoever hears of it again says the same.
        let as_of = AsOf::at(at);
        let key = self.0.keys.listed_event(day_of(at), at, &event.id);
        let is_new = self
            .0
            .table
            .get("look for an event", &key, table::Read::Consistent);
        let is_new = is_new.await?.is_none();
        let said = (event, Nothing {});
        let put = self
            .0
            .put("mirror an event", &key, as_of, said, Some(expires))
            .await?;
        if let Some(contact) = &event.contact {
            let moment = Moment {
                at,
                id: event.id.clone(),
                contact: contact.clone(),
                what: What::Event {
                    name: event.name.clone(),
                },
            };
            self.0.moments().put(&moment, as_of, expires, now).await?;
        }
        if is_new {
            self.count(&event.name, at).await?;
        }
        Ok(put)
    }

    /// Counts an event of a name. It may count twice, and only people read it.
    async fn count(self, name: &str, at: Timestamp) -> Result<(), Error> {
        let update = self.0.table.update(&self.0.keys.event_name(name));
        update
            .update_expression("SET #name = :name, last_ms = :at ADD #day :one")
            .expression_attribute_names("#name", "name")
            .expression_attribute_names("#day", day_of(at).to_string())
            .expression_attribute_values(":name", text(name))
            .expression_attribute_values(":at", number(at.as_millisecond()))
            .expression_attribute_values(":one", number(1))
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("count an event", &error))?;
        Ok(())
    }

    /// Notes that there is an event of a name that is ignored, so that the name can be chosen again.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn note_ignored(self, name: &str, at: Timestamp) -> Result<(), Error> {
        let update = self.0.table.update(&self.0.keys.event_name(name));
        update
            .update_expression("SET #name = :name, last_ms = :at")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":name", text(name))
            .expression_attribute_values(":at", number(at.as_millisecond()))
            .attempt("note an ignored event")
            .await?;
        Ok(())
    }

    /// Every name that has been seen, the most frequent first.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn names(self, now: Timestamp) -> Result<Vec<EventName>, Error> {
        let prefix = EVENT_NAME.prefix();
        let range = (prefix, &*format!("{prefix}{LAST}"));
        let items = self
            .0
            .items(
                "list names of events",
                self.0.keys.event_names(),
                range,
                Order::Ascending,
                MAX_NAMES,
            )
            .await?;
        let names = items.into_iter().map(|item| name_of(item, now));
        let mut names = names.collect::<Result<Vec<_>, Error>>()?;
        names.sort_by(|one, other| {
            let order = other.count.cmp(&one.count);
            order.then_with(|| one.name.cmp(&other.name))
        });
        Ok(names)
    }

    /// A page of events, the latest first.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub async fn list(self, query: &EventQuery, now: Timestamp) -> Result<EventPage, Error> {
        let limit = query.limit.clamp(1, MAX_PAGE);
        let longest = SignedDuration::from_hours(24 * MAX_DAYS as i64);
        let oldest = now.checked_sub(longest).unwrap_or(Timestamp::MIN);
        let since = query.since.map_or(oldest, |since| since.max(oldest));
        let place = query.after.as_ref();
        let newest = place.and_then(EventPlace::at);
        // The clock of whoever sent an event may be ahead of ours.
        let newest = newest.unwrap_or(now + SignedDuration::from_hours(24));
        let mut day = day_of(newest);
        let mut to = match place {
            Some(place) => format!("{}!", place.0),
            None => format!("AT#{LAST}"),
        };
        let mut page = EventPage::default();
        let mut last_sort = None;
        while day >= day_of(since) {
            let from = rows::listed_at(since);
            let items = self
                .0
                .items(
                    "list events",
                    self.0.keys.events(day),
                    (&*from, &*to),
                    Order::Descending,
                    limit + 2,
                )
                .await?;
            let is_day_over = items.len() < limit + 2;
            for item in items {
                let sort = table::key_of(&item)?.sort;
                if place.is_some_and(|place| place.0 == sort) || last_sort.as_ref() == Some(&sort) {
                    continue;
                }
                if page.events.len() == limit {
                    page.next = last_sort.map(EventPlace);
                    return Ok(page);
                }
                let stored = self.0.stored::<DataEvent>(item, now)?;
                let is_asked_for = |event: &DataEvent| {
                    let (name, contact) = (query.name.as_deref(), &query.contact);
                    name.is_none_or(|name| name.eq_ignore_ascii_case(&event.name))
                        && (contact.is_none() || *contact == event.contact)
                };
                let event = stored.map(|stored| stored.content).filter(is_asked_for);
                page.events.extend(event);
                to.clone_from(&sort);
                last_sort = Some(sort);
            }
            if is_day_over {
                let Ok(earlier) = day.checked_sub(1.day()) else {
                    break;
                };
                day = earlier;
                to = format!("AT#{LAST}");
            }
        }
        Ok(page)
    }
}

fn name_of(item: Item, now: Timestamp) -> Result<EventName, Error> {
    let oldest = day_of(now).checked_sub(COUNTED_DAYS.days());
    let on_day = |(day, count): (&String, &aws_sdk_dynamodb::types::AttributeValue)| {
        let day: Date = day.parse().ok()?;
        let is_counted = oldest.as_ref().is_ok_and(|oldest| day > *oldest);
        is_counted.then_some(())?;
        count.as_n().ok()?.parse::<u64>().ok()
    };
    let count = item.iter().filter_map(on_day).sum();
    let counted: Counted = parse("name of events", item)?;
    Ok(EventName {
        name: counted.name,
        count,
        last_at: Some(counted.last_ms)
            .filter(|ms| *ms > 0)
            .and_then(|ms| Timestamp::from_millisecond(ms).ok()),
    })
}

/// The day of a moment (UTC).
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
