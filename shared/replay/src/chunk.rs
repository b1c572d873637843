//! Chunk payloads: events as rrweb writes them, or the body of a recorder that wraps them (`recorders`).
//!
//! - a JSON array of events, or JSON lines (one value after another);
//! - `@rrweb/packer`: an event is a string, the Latin-1 characters of its zlib bytes;
//! - PostHog's `cv`: large fields of an event are gzip bytes, written as such strings;
//! - PostHog's stored lines: `{"window_id", "data": [events]}` and `["window id", event]`.
//!
//! All of them end as plain events. What is packed may not unpack to more than
//! [`crate::definitions::MAX_UNPACKED_BYTES`] a chunk.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::error::ChunkError;
use crate::event::Event;
use crate::playback::{Outline, Piece};
use crate::recorders;
use crate::urgency::{EdgeClicks, Lookout, Urgency};

/// One event of a chunk.
pub(crate) enum Item<'a> {
    /// It stood in the payload as it is.
    Plain { text: &'a str, event: Event<'a> },
    /// It had to be unpacked; the text is that of the plain event.
    Unpacked { text: String, at: i64 },
}

impl Item<'_> {
    /// The text of the plain event.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Plain { text, .. } => text,
            Self::Unpacked { text, .. } => text,
        }
    }

    /// The same, whatever becomes of the payload.
    pub(crate) fn into_owned<'b>(self) -> Item<'b> {
        match self {
            Item::Plain { text, event } => Item::Unpacked {
                text: text.to_owned(),
                at: event.at,
            },
            Item::Unpacked { text, at } => Item::Unpacked { text, at },
        }
    }
}

/// What can be said about a chunk without what came before it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChunkFacts {
    /// Events in it.
    pub events: u64,
    /// Earliest time of an event.
    pub first_at: Option<Timestamp>,
    /// Latest time of an event.
    pub last_at: Option<Timestamp>,
    /// Whether playing can start in this chunk.
    pub has_full_snapshot: bool,
    /// What a player loads one by one.
    pub pieces: Vec<Piece>,
    /// Whether it may hold what a teammate is to see at once: another page, an error, rage.
    pub urgency: Urgency,
    /// The clicks with which it ends.
    pub closing: Option<EdgeClicks>,
    /// Whether the payload is plain events already: [`plain_events`] leaves it as it is.
    pub is_plain: bool,
}

/// Reads a chunk's payload (already decompressed) from end to end.
///
/// # Errors
/// When the payload is not a list of rrweb events in one of the accepted encodings.
pub fn inspect_chunk(payload: &[u8]) -> Result<ChunkFacts, ChunkError> {
    let mut facts = ChunkFacts::default();
    let mut outline = Outline::default();
    let mut lookout = Lookout::default();
    facts.is_plain = recorders::read(payload, &mut |item| {
        let at = match &item {
            Item::Plain { event, .. } => event.at,
            Item::Unpacked { at, .. } => *at,
        };
        facts.events += 1;
        outline.push(&item);
        lookout.push(&item);
        if let Ok(at) = Timestamp::from_millisecond(at) {
            facts.first_at = Some(facts.first_at.map_or(at, |first| first.min(at)));
            facts.last_at = Some(facts.last_at.map_or(at, |last| last.max(at)));
        }
    })?;
    facts.urgency = lookout.urgency();
    facts.closing = lookout.closing();
    facts.pieces = outline.pieces();
    facts.has_full_snapshot = facts.pieces.iter().any(|piece| piece.snapshot_at.is_some());
    Ok(facts)
}

/// The events of a payload as rrweb writes them, a JSON array: nothing packed, nothing around them. What
/// is so already stays as it is.
///
/// # Errors
/// When the payload is not a list of rrweb events in one of the accepted encodings.
pub fn plain_events(payload: &[u8]) -> Result<Cow<'_, [u8]>, ChunkError> {
    let mut events = String::from("[");
    let is_plain = recorders::read(payload, &mut |item| {
        if events.len() > 1 {
            events.push(',');
        }
        events.push_str(item.text());
    })?;
    if is_plain {
        return Ok(Cow::Borrowed(payload));
    }
    events.push(']');
    Ok(Cow::Owned(events.into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(payload: &str) -> Result<u64, ChunkError> {
        inspect_chunk(payload.as_bytes()).map(|facts| facts.events)
    }

    #[test]
    fn every_way_of_listing_events_is_read() {
        let event = r#"{"type":4,"data":{"href":"https://a.example/"},"timestamp":5}"#;
        for (name, payload, expected) in [
            ("an empty array", "[]".to_owned(), 0),
            ("an array", format!("[{event},{event}]"), 2),
            ("lines", format!("{event}\n{event}\n"), 2),
            ("one event", event.to_owned(), 1),
            ("lines of arrays", format!("[{event}]\r\n[{event}]"), 2),
            (
                "windowed lines",
                format!("[\"w\",{event}]\n[\"w\",{event}]"),
                2,
            ),
            (
                "windows",
                format!("{{\"window_id\":\"w\",\"data\":[{event},{event}]}}"),
                2,
            ),
            (
                "events as strings",
                serde_json::to_string(&[event, event]).unwrap(),
                2,
            ),
            (
                "keys in another order",
                r#"[{"timestamp":5,"data":{},"type":4}]"#.into(),
                1,
            ),
            (
                "an event that nobody knows",
                r#"[{"timestamp":5,"type":99}]"#.into(),
                1,
            ),
        ] {
            assert_eq!(events(&payload), Ok(expected), "{name}");
        }
    }

    #[test]
    fn what_is_no_list_of_events_is_refused() {
        for payload in [
            "",
            " ",
            "1",
            "null",
            "[1]",
            "[[1]]",
            "\"text\"",
            "{\"a\":1}",
            "[{\"type\":4}]",
        ] {
            assert_eq!(events(payload), Err(ChunkError::NotEvents), "{payload:?}");
        }
        assert!(matches!(
            events("[{]"),
            Err(ChunkError::Malformed { at: 2, .. })
        ));
        assert!(matches!(
            inspect_chunk(b"[\xff]"),
            Err(ChunkError::NotUtf8 { at: 1 })
        ));
    }

    #[test]
    fn facts_tell_where_playing_can_start() {
        let facts = inspect_chunk(
            br#"[{"type":2,"data":{"node":{}},"timestamp":1500},{"type":3,"timestamp":1000}]"#,
        )
        .unwrap();
        assert!(facts.has_full_snapshot);
        assert_eq!(facts.first_at, Timestamp::from_millisecond(1000).ok());
        assert_eq!(facts.last_at, Timestamp::from_millisecond(1500).ok());
    }
}
