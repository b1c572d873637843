//! Events that came cut into fragments, put together again; of the same body or of two.
//!
//! A fragment whose others are in another body is kept as a custom event, tag [`TAG`]: so it is stored,
//! and the summary finds it.

use serde::{Deserialize, Serialize};

use crate::chunk::Item;
use crate::event::Body;

/// The tag of the custom event that a fragment is kept as.
const TAG: &str = "recapt:fragment";
/// How such an event begins, for it is written here and nowhere else.
const BEGINNING: &str = r#"{"type":5,"data":{"tag":"recapt:fragment","#;
/// Bytes of fragments that wait for others. A recorder cuts at about a megabyte, and a page has some.
const MAX_WAITING_BYTES: usize = 8 << 20;
/// Bytes of one event of which fragments wait: no recorder sends a larger page.
const MAX_EVENT_BYTES: usize = 32 << 20;
/// Fragments of one event.
pub(super) const MAX_FRAGMENTS: u32 = 10_000;
/// Events of which fragments wait.
const MAX_WAITING_EVENTS: usize = 64;

/// A part of the text of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fragment {
    /// Which event: a name that is not given again within the same millisecond.
    pub(crate) event: String,
    /// From 1.
    pub(crate) number: u32,
    pub(crate) of: u32,
    /// Milliseconds since 1970.
    #[serde(skip)]
    pub(crate) at: i64,
    pub(crate) text: String,
}

#[derive(Serialize, Deserialize)]
struct Custom<T> {
    r#type: u8,
    data: Data<T>,
    timestamp: i64,
}

#[derive(Serialize, Deserialize)]
struct Data<T> {
    tag: String,
    payload: T,
}

impl Fragment {
    /// The fragment that an event keeps, if it keeps one.
    #[inline]
    pub(crate) fn kept_in(item: &Item<'_>) -> Option<Self> {
        match item {
            // Nearly all events are known to be something else.
            Item::Plain { event, .. } if !matches!(event.body, Body::Other) => None,
            item => Self::in_text(item.text()),
        }
    }

    pub(crate) fn in_text(text: &str) -> Option<Self> {
        if !text.starts_with(BEGINNING) {
            return None;
        }
        let custom: Custom<Self> = serde_json::from_str(text).ok()?;
        Some(Self {
            at: custom.timestamp,
            ..custom.data.payload
        })
    }

    /// The event that keeps it.
    pub(crate) fn keep(&self) -> Option<String> {
        let custom = Custom {
            r#type: 5,
            data: Data {
                tag: TAG.to_owned(),
                payload: self,
            },
            timestamp: self.at,
        };
        serde_json::to_string(&custom).ok()
    }

    /// Whether the event that it begins is a full snapshot.
    pub(crate) fn begins_snapshot(&self) -> bool {
        let in_a_list = || self.text.contains(r#"{"type":2,"data":{"node":"#);
        self.number == 1 && (self.text.starts_with(r#"{"type":2,"#) || in_a_list())
    }
}

/// What a fragment takes beside its text, bytes.
const FRAGMENT_BYTES: usize = 64;

/// Fragments that wait for others of their events, the earliest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fragments {
    waiting: Vec<Waiting>,
    bytes: usize,
}

/// The fragments of one event that have come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    event: String,
    of: u32,
    at: i64,
    texts: Vec<(u32, String)>,
    bytes: usize,
}

impl Fragments {
    /// Takes a fragment; answers the event's text once all have come.
    pub(crate) fn add(&mut self, fragment: Fragment) -> Option<String> {
        if !(1..=fragment.of.min(MAX_FRAGMENTS)).contains(&fragment.number) {
            return None;
        }
        let same = |waiting: &Waiting| {
            waiting.at == fragment.at
                && waiting.of == fragment.of
                && waiting.event == fragment.event
        };
        let bytes = fragment.event.len() + fragment.text.len() + FRAGMENT_BYTES;
        let place = self.waiting.iter().position(same).unwrap_or_else(|| {
            self.waiting.push(Waiting {
                event: fragment.event,
                of: fragment.of,
                at: fragment.at,
                texts: Vec::new(),
                bytes: 0,
            });
            self.waiting.len() - 1
        });
        let waiting = self.waiting.get_mut(place)?;
        let texts = &mut waiting.texts;
        let Err(at) = texts.binary_search_by_key(&fragment.number, |(number, _)| *number) else {
            return None; // It came before.
        };
        texts.insert(at, (fragment.number, fragment.text));
        if texts.len() == fragment.of as usize {
            let whole = self.remove(place);
            return Some(whole.texts.into_iter().map(|(_, text)| text).collect());
        }
        waiting.bytes += bytes;
        self.bytes += bytes;
        // The others go first: this one is coming.
        let is_too_large = waiting.bytes > MAX_EVENT_BYTES;
        let mut place = place;
        while self.waiting.len() > 1
            && (self.waiting.len() > MAX_WAITING_EVENTS || self.bytes > MAX_WAITING_BYTES)
        {
            let first = usize::from(place == 0);
            place -= 1 - first;
            self.remove(first);
        }
        if is_too_large {
            self.remove(place);
        }
        None
    }

    fn remove(&mut self, place: usize) -> Waiting {
        let removed = self.waiting.remove(place);
        self.bytes -= removed.bytes;
        removed
    }

    /// The events that keep what still waits, with their times.
    pub(crate) fn left(self) -> impl Iterator<Item = (String, i64)> {
        self.waiting.into_iter().flat_map(|waiting| {
            let Waiting {
                event,
                of,
                at,
                texts,
                ..
            } = waiting;
            texts.into_iter().filter_map(move |(number, text)| {
                let fragment = Fragment {
                    event: event.clone(),
                    number,
                    of,
                    at,
                    text,
                };
                Some((fragment.keep()?, at))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(event: u32, number: u32, of: u32, text: &str) -> Fragment {
        Fragment {
            event: event.to_string(),
            number,
            of,
            at: 1_795_984_362_761,
            text: text.to_owned(),
        }
    }

    #[test]
    fn fragments_are_put_together_in_whatever_order_and_however_often_they_come() {
        let mut fragments = Fragments::default();
        for (number, text, whole) in [
            (3, "c", None),
            (1, "a", None),
            (1, "a", None),
            (4, "x", None),
            (2, "b", Some("abc".to_owned())),
        ] {
            assert_eq!(
                fragments.add(fragment(7, number, 3, text)),
                whole,
                "{number}"
            );
        }
        assert_eq!(fragments, Fragments::default());
    }

    #[test]
    fn what_waits_is_kept_as_events_and_found_again() {
        let mut fragments = Fragments::default();
        fragments.add(fragment(7, 2, 3, "\"b\"\n"));
        fragments.add(fragment(8, 1, 2, r#"{"type":2,"#));
        let kept: Vec<_> = fragments.left().collect();
        let found: Vec<_> = kept
            .iter()
            .filter_map(|(text, _)| Fragment::in_text(text))
            .collect();
        assert_eq!(
            found,
            [
                fragment(7, 2, 3, "\"b\"\n"),
                fragment(8, 1, 2, r#"{"type":2,"#)
            ]
        );
        assert_eq!(
            found
                .iter()
                .map(Fragment::begins_snapshot)
                .collect::<Vec<_>>(),
            [false, true]
        );
        assert_eq!(
            Fragment::in_text(r#"{"type":5,"data":{"tag":"other"},"timestamp":5}"#),
            None
        );
    }

    #[test]
    fn what_waits_is_bounded_and_the_latest_stays() {
        let mut fragments = Fragments::default();
        let megabyte = "x".repeat(1 << 20);
        for event in 0..100 {
            fragments.add(fragment(event, 1, 2, &megabyte));
        }
        assert!(fragments.bytes <= MAX_WAITING_BYTES);
        assert!(fragments.add(fragment(99, 2, 2, "end")).is_some());
        for event in 100..1_000 {
            fragments.add(fragment(event, 1, 2, ""));
        }
        assert_eq!(fragments.waiting.len(), MAX_WAITING_EVENTS);
    }
}
