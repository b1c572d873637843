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
use crate::event::{self, Body, Event, Packed, Parsed};
use crate::json::Cursor;
use crate::recorders;
use crate::recorders::fragments::{Fragment, Fragments};

/// What is remembered from chunk to chunk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Order {
    /// A time that is surely right; set when the first event is released.
    anchor: Option<i64>,
    /// The latest events; those of the newest time stand at the end.
    remembered: VecDeque<Fingerprint>,
    newest: Option<i64>,
    of_newest: usize,
    /// Fragments of events whose others have not come yet.
    fragments: Fragments,
    /// The same, to find late events.
    #[serde(skip)]
    late: HashSet<Fingerprint, BuildHasherDefault<AlreadyHashed>>,
}

/// What an event is recognised by: four bytes of its hash. They are most of a small state, and no compression
/// makes them fewer. An event that comes late, among the 65,536 of the longest session, is taken for another
/// one in one of 65,536 cases; one that comes in order never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Fingerprint([u8; 4]);

impl Fingerprint {
    fn of(text: &str) -> Self {
        Self((xxh3_64(text.as_bytes()) as u32).to_le_bytes())
    }
}

/// Passes a hash on as it is.
#[derive(Debug, Clone, Default)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    /// Of an array's length, which is always the same.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        // The table looks at the upper bits as well.
        (self.0 << 32) | self.0
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
    /// Of its text.
    bytes: usize,
    source: Source<'a>,
}

#[derive(Debug)]
enum Source<'a> {
    Parsed(Body<'a>),
    Text(String),
    Packed(Packed),
}

/// An event that an earlier chunk has left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Left {
    /// How much later than the one before it.
    after: i64,
    /// Of its text.
    bytes: u32,
    event: Packed,
}

impl<'a> Held<'a> {
    /// Takes up what an earlier chunk has left, in the order in which it was left.
    pub(crate) fn restore(left: Vec<Left>) -> Self {
        let mut held = Self::default();
        let mut at = 0i64;
        held.events.reserve(left.len() + 2 * REORDER_EVENTS);
        for event in left {
            at = at.saturating_add(event.after);
            held.bytes += event.bytes as usize;
            held.events.push_back(Waiting {
                at,
                bytes: event.bytes as usize,
                source: Source::Packed(event.event),
            });
        }
        held
    }

    /// What is still held, to be restored with the next chunk.
    pub(crate) fn leave(self) -> Vec<Left> {
        let mut left = Vec::with_capacity(self.events.len());
        let mut last = 0;
        for waiting in self.events {
            let event = match waiting.source {
                Source::Parsed(body) => Packed::of(body),
                Source::Packed(packed) => packed,
                Source::Text(text) => match event::parse(&mut Cursor::new(&text)) {
                    Ok(Parsed::Event(event)) => Packed::of(event.body),
                    _ => Packed::default(),
                },
            };
            left.push(Left {
                after: waiting.at.saturating_sub(last),
                bytes: u32::try_from(waiting.bytes).unwrap_or(u32::MAX),
                event,
            });
            last = waiting.at;
        }
        left
    }

    /// Events of the same time keep the order in which they came.
    fn insert(&mut self, waiting: Waiting<'a>) {
        self.bytes += waiting.bytes;
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
        if let Some(fragment) = Fragment::kept_in(&item) {
            for item in self.whole(fragment) {
                self.push(held, item, release);
            }
            return;
        }
        let (at, fingerprint, bytes, source) = match item {
            Item::Plain { text, event } => {
                let source = Source::Parsed(event.body);
                (event.at, Fingerprint::of(text), text.len(), source)
            }
            Item::Unpacked { text, at } => {
                (at, Fingerprint::of(&text), text.len(), Source::Text(text))
            }
        };
        if !self.is_plausible(at) || !self.is_new(at, fingerprint) {
            return;
        }
        let waiting = Waiting { at, bytes, source };
        held.insert(waiting);
        while held.is_full() {
            self.release_first(held, release);
        }
    }

    /// The events of a fragment whose others were in other chunks, once all have come.
    fn whole<'a>(&mut self, fragment: Fragment) -> Vec<Item<'a>> {
        let mut items = Vec::new();
        if let Some(text) = self.fragments.add(fragment) {
            // What is no event after all counts for nothing, as it would in the body that it came in.
            let _ = recorders::read(text.as_bytes(), &mut |item| items.push(item.into_owned()));
            items.retain(|item| Fragment::kept_in(item).is_none());
        }
        items
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
            held.bytes = held.events.iter().map(|event| event.bytes).sum();
            return;
        }
        let Some(waiting) = held.events.pop_front() else {
            return;
        };
        held.bytes -= waiting.bytes;
        let at = waiting.at;
        match waiting.source {
            Source::Parsed(body) => release(Event { at, body }),
            Source::Text(text) => {
                if let Ok(Parsed::Event(event)) = event::parse(&mut Cursor::new(&text)) {
                    release(event);
                }
            }
            Source::Packed(packed) => {
                if let Some(body) = packed.unpack() {
                    release(Event { at, body });
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
    fn is_new(&mut self, at: i64, event: Fingerprint) -> bool {
        if self.newest.is_none_or(|newest| at > newest) {
            self.newest = Some(at);
            self.of_newest = 0;
        }
        let known = if self.of_newest == 0 {
            false
        } else if self.newest == Some(at) && self.of_newest <= REORDER_EVENTS {
            let latest = self.remembered.iter().rev().take(self.of_newest);
            latest.into_iter().any(|other| *other == event)
        } else {
            if self.late.is_empty() {
                self.late.extend(&self.remembered);
            }
            self.late.contains(&event)
        };
        if known {
            return false;
        }
        self.remember(at, event);
        true
    }

    fn remember(&mut self, at: i64, event: Fingerprint) {
        if self.remembered.is_empty() {
            self.remembered.reserve(4 * REORDER_EVENTS);
        }
        if self.newest == Some(at) {
            self.remembered.push_back(event);
            self.of_newest += 1;
        } else {
            // Keeps those of the newest time together at the end.
            self.remembered.push_front(event);
        }
        if !self.late.is_empty() {
            self.late.insert(event);
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
