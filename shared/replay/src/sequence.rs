//! Puts events in order, drops repeated ones and those with a broken clock.
//!
//! Recorders write in order, networks and retries do not keep it. Events are held back until enough newer
//! ones have come, so that an earlier one can still take its place. What is released, and when, depends on
//! the sequence of events alone, never on where it was cut into chunks: that is what makes the law of the
//! summary hold.

use std::collections::VecDeque;
use std::hash::{BuildHasherDefault, Hasher};

use hashbrown::HashSet;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::chunk::Item;
use crate::definitions::{
    LONGEST_SESSION_MS, MAX_HELD_BYTES, MAX_HELD_EVENTS, MAX_REMEMBERED_EVENTS, REORDER_EVENTS,
    REORDER_MS,
};
use crate::event::{self, Event, Parsed};
use crate::json::Cursor;

/// What is remembered from chunk to chunk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Order {
    /// A time that is surely right; set when the first event is released.
    anchor: Option<i64>,
    /// Hashes of the latest events; those of the newest time stand at the end.
    remembered: VecDeque<u64>,
    newest: Option<i64>,
    of_newest: usize,
    /// The same hashes, to find those of late events.
    #[serde(skip)]
    late: HashSet<u64, BuildHasherDefault<AlreadyHashed>>,
}

/// Passes a hash on as it is.
#[derive(Debug, Clone, Default)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Events that wait for earlier ones.
#[derive(Debug, Default)]
pub(crate) struct Held<'a> {
    events: VecDeque<Waiting<'a>>,
    bytes: usize,
}

#[derive(Debug)]
struct Waiting<'a> {
    at: i64,
    source: Source<'a>,
}

#[derive(Debug)]
enum Source<'a> {
    Parsed { text: &'a str, event: Event<'a> },
    Text(String),
}

impl Source<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Parsed { text, .. } => text,
            Self::Text(text) => text,
        }
    }
}

impl<'a> Held<'a> {
    /// Takes up what an earlier chunk has left, in the order in which it was left.
    pub(crate) fn restore(left: Vec<(i64, String)>) -> Self {
        let bytes = left.iter().map(|(_, text)| text.len()).sum();
        let events = left.into_iter().map(|(at, text)| Waiting {
            at,
            source: Source::Text(text),
        });
        Self {
            events: events.collect(),
            bytes,
        }
    }

    /// What is still held, with its times, to be restored with the next chunk.
    pub(crate) fn leave(self) -> Vec<(i64, String)> {
        let text = |source| match source {
            Source::Parsed { text, .. } => str::to_owned(text),
            Source::Text(text) => text,
        };
        let events = self.events.into_iter();
        events
            .map(|waiting| (waiting.at, text(waiting.source)))
            .collect()
    }

    /// Events of the same time keep the order in which they came.
    fn insert(&mut self, waiting: Waiting<'a>) {
        self.bytes += waiting.source.text().len();
        if self.events.is_empty() {
            self.events.reserve(2 * REORDER_EVENTS);
        }
        if self.events.back().is_none_or(|last| last.at <= waiting.at) {
            return self.events.push_back(waiting);
        }
        let place = self.events.partition_point(|held| held.at <= waiting.at);
        self.events.insert(place, waiting);
    }

    fn is_full(&self) -> bool {
        let (Some(first), Some(last)) = (self.events.front(), self.events.back()) else {
            return false;
        };
        self.events.len() > MAX_HELD_EVENTS
            || self.bytes > MAX_HELD_BYTES
            || (self.events.len() > REORDER_EVENTS && first.at < last.at - REORDER_MS)
    }
}

impl Order {
    /// Takes one event; those whose turn has come go to `release`.
    pub(crate) fn push<'a>(
        &mut self,
        held: &mut Held<'a>,
        item: Item<'a>,
        release: &mut impl FnMut(Event<'_>),
    ) {
        let waiting = match item {
            Item::Plain { text, event } => Waiting {
                at: event.at,
                source: Source::Parsed { text, event },
            },
            Item::Unpacked { text, at } => Waiting {
                at,
                source: Source::Text(text),
            },
        };
        if !self.is_plausible(waiting.at) || !self.is_new(waiting.at, waiting.source.text()) {
            return;
        }
        held.insert(waiting);
        while held.is_full() {
            self.release_first(held, release);
        }
    }

    /// Releases everything that is held: nothing earlier can come any more.
    pub(crate) fn finish(&mut self, mut held: Held<'_>, release: &mut impl FnMut(Event<'_>)) {
        while !held.events.is_empty() {
            self.release_first(&mut held, release);
        }
    }

    fn release_first(&mut self, held: &mut Held<'_>, release: &mut impl FnMut(Event<'_>)) {
        if self.anchor.is_none() {
            // The middle of what has come cannot be off even when the first or last event is.
            self.anchor = held.events.get(held.events.len() / 2).map(|event| event.at);
            held.events.retain(|event| self.is_plausible(event.at));
            held.bytes = held
                .events
                .iter()
                .map(|event| event.source.text().len())
                .sum();
            return;
        }
        let Some(waiting) = held.events.pop_front() else {
            return;
        };
        held.bytes -= waiting.source.text().len();
        match waiting.source {
            Source::Parsed { event, .. } => release(event),
            Source::Text(text) => {
                if let Ok(Parsed::Event(event)) = event::parse(&mut Cursor::new(&text)) {
                    release(event);
                }
            }
        }
    }

    fn is_plausible(&self, at: i64) -> bool {
        self.anchor
            .is_none_or(|anchor| (at - anchor).abs() <= LONGEST_SESSION_MS)
    }

    /// Whether these bytes come for the first time. The timestamp is part of them: what is newer than all
    /// before cannot have come, so the set of all is made only once something is late, or a crowd.
    fn is_new(&mut self, at: i64, text: &str) -> bool {
        let hash = xxh3_64(text.as_bytes());
        if self.newest.is_none_or(|newest| at > newest) {
            self.newest = Some(at);
            self.of_newest = 0;
        }
        let known = if self.newest == Some(at) && self.of_newest <= REORDER_EVENTS {
            let latest = self.remembered.iter().rev().take(self.of_newest);
            latest.into_iter().any(|other| *other == hash)
        } else {
            if self.late.is_empty() {
                self.late.extend(&self.remembered);
            }
            self.late.contains(&hash)
        };
        if known {
            return false;
        }
        self.remember(at, hash);
        true
    }

    fn remember(&mut self, at: i64, hash: u64) {
        if self.newest == Some(at) {
            self.remembered.push_back(hash);
            self.of_newest += 1;
        } else {
            // Keeps those of the newest time together at the end.
            self.remembered.push_front(hash);
        }
        if !self.late.is_empty() {
            self.late.insert(hash);
        }
        if self.remembered.len() > MAX_REMEMBERED_EVENTS
            && let Some(oldest) = self.remembered.pop_front()
        {
            self.late.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of the released events, for events that come with these times.
    fn released(times: &[i64]) -> Vec<i64> {
        let texts: Vec<String> = (0i64..)
            .zip(times)
            .map(|(n, at)| format!(r#"{{"type":99,"timestamp":{at},"n":{n}}}"#))
            .collect();
        let mut order = Order::default();
        let mut held = Held::default();
        let mut out = Vec::new();
        for text in &texts {
            let Ok(Parsed::Event(event)) = event::parse(&mut Cursor::new(text)) else {
                panic!("{text} is an event");
            };
            order.push(&mut held, Item::Plain { text, event }, &mut |event| {
                out.push(event.at)
            });
            // As if every event came in a chunk of its own.
            held = Held::restore(held.leave());
        }
        order.finish(held, &mut |event| out.push(event.at));
        out
    }

    #[test]
    fn a_late_event_takes_its_place() {
        assert_eq!(released(&[10, 30, 20]), [10, 20, 30]);
        let mut times: Vec<i64> = (0..300).map(|n| n * 100).collect();
        let sorted = times.clone();
        for pair in times.chunks_exact_mut(60) {
            pair.swap(0, 59);
        }
        assert_eq!(released(&times), sorted);
    }

    #[test]
    fn an_event_that_comes_too_late_is_still_counted() {
        let mut times: Vec<i64> = (0..300).map(|n| n * 1_000).collect();
        times.push(1);
        assert_eq!(released(&times).len(), 301);
    }

    #[test]
    fn a_broken_clock_is_dropped_wherever_it_stands() {
        const LATE: i64 = 1_900_000_000_000;
        assert_eq!(released(&[0, LATE, LATE + 1]), [LATE, LATE + 1]);
        assert_eq!(released(&[LATE, 9 * LATE, LATE + 1]), [LATE, LATE + 1]);
        let mut times: Vec<i64> = (0..200).map(|n| LATE + n).collect();
        times.extend([9 * LATE, 5]);
        assert_eq!(released(&times).len(), 200);
    }

    #[test]
    fn the_same_bytes_count_once_whenever_they_come() {
        let mut order = Order::default();
        let mut held = Held::default();
        for at in [5, 5, 7, 7, 5, 6, 7, 9, 6, 5, 9] {
            let text = format!(r#"{{"type":99,"timestamp":{at}}}"#);
            order.push(&mut held, Item::Unpacked { text, at }, &mut |_| ());
        }
        assert_eq!(held.leave().len(), 4);
    }

    #[test]
    fn a_crowd_of_one_moment_counts_each_event_once() {
        let mut order = Order::default();
        let mut held = Held::default();
        for n in (0..300).chain(0..300) {
            let text = format!(r#"{{"type":99,"timestamp":5,"n":{n}}}"#);
            order.push(&mut held, Item::Unpacked { text, at: 5 }, &mut |_| ());
        }
        assert_eq!(held.leave().len(), 300);
    }

    #[test]
    fn different_events_of_one_moment_all_count() {
        assert_eq!(released(&[5, 5, 7, 5, 7, 7]), [5, 5, 5, 7, 7, 7]);
    }
}
