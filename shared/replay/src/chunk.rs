//! Chunk payloads: every way in which recorders of the rrweb family write events down.
//!
//! - a JSON array of events, or JSON lines (one value after another);
//! - `@rrweb/packer`: an event is a string, the Latin-1 characters of its zlib bytes;
//! - PostHog's `cv`: large fields of an event are gzip bytes, written as such strings;
//! - PostHog's stored lines: `{"window_id", "data": [events]}` and `["window id", event]`.
//!
//! All of them end as plain events. What is packed may not unpack to more than
//! [`MAX_UNPACKED_BYTES`] a chunk.

use jiff::Timestamp;

use crate::definitions::MAX_UNPACKED_BYTES;
use crate::error::{ChunkError, Fault};
use crate::event::{self, Event, Parsed};
use crate::inflate::Inflater;
use crate::json::{Cursor, Kind};
use crate::playback::{Outline, Piece};
use crate::urgency::{EdgeClicks, Lookout, Urgency};

/// One event of a chunk.
pub(crate) enum Item<'a> {
    /// It stood in the payload as it is.
    Plain { text: &'a str, event: Event<'a> },
    /// It had to be unpacked; the text is that of the plain event.
    Unpacked { text: String, at: i64 },
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
}

/// Reads a chunk's payload (already decompressed) from end to end.
///
/// # Errors
/// When the payload is not a list of rrweb events in one of the accepted encodings.
pub fn inspect_chunk(payload: &[u8]) -> Result<ChunkFacts, ChunkError> {
    let mut facts = ChunkFacts::default();
    let mut outline = Outline::default();
    let mut lookout = Lookout::default();
    read(payload, &mut |item| {
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

/// Hands every event of the payload to `take`, in the order in which they stand.
pub(crate) fn read<'a>(
    payload: &'a [u8],
    take: &mut impl FnMut(Item<'a>),
) -> Result<(), ChunkError> {
    let text = std::str::from_utf8(payload).map_err(|error| ChunkError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut reader = Reader {
        cursor: Cursor::new(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        inflater: Inflater::new(MAX_UNPACKED_BYTES),
        events: 0,
        others: 0,
        in_window: false,
        take,
    };
    if reader.cursor.is_at_end() {
        return Err(ChunkError::NotEvents);
    }
    while !reader.cursor.is_at_end() {
        reader.value().map_err(|fault| *fault)?;
    }
    if reader.events == 0 && reader.others > 0 {
        return Err(ChunkError::NotEvents);
    }
    Ok(())
}

struct Reader<'a, 't, T> {
    cursor: Cursor<'a>,
    inflater: Inflater,
    events: u64,
    /// Values that are no events.
    others: u64,
    /// Windows do not nest: each is looked at once.
    in_window: bool,
    take: &'t mut T,
}

impl<'a, T: FnMut(Item<'a>)> Reader<'a, '_, T> {
    fn value(&mut self) -> Result<(), Fault> {
        match self.cursor.kind()? {
            Kind::Object => self.object(),
            Kind::Array => self.array(),
            Kind::String => self.string(),
            _ => Err(ChunkError::NotEvents.into()),
        }
    }

    fn array(&mut self) -> Result<(), Fault> {
        let mut cursor = self.cursor.clone();
        cursor.array(|cursor| {
            self.cursor = cursor.clone();
            match self.cursor.kind()? {
                Kind::Object => self.object()?,
                Kind::String => self.string()?,
                _ => return Err(ChunkError::NotEvents.into()),
            }
            *cursor = self.cursor.clone();
            Ok(())
        })?;
        self.cursor = cursor;
        Ok(())
    }

    fn object(&mut self) -> Result<(), Fault> {
        self.cursor.skip_whitespace();
        let start = self.cursor.position();
        let before = self.cursor.clone();
        match event::parse(&mut self.cursor)? {
            Parsed::Event(event) => {
                self.events += 1;
                let text = self.cursor.since(start);
                (self.take)(Item::Plain { text, event });
            }
            Parsed::Compressed => {
                let text = self.inflater.expand(&mut before.clone())?;
                self.unpacked(text);
            }
            Parsed::Unplaced if self.in_window => self.others += 1,
            Parsed::Unplaced => self.window(before)?,
        }
        Ok(())
    }

    /// An object that is no event may hold some: PostHog's lines of one window.
    fn window(&mut self, mut cursor: Cursor<'a>) -> Result<(), Fault> {
        let mut events_at = None;
        cursor.object(|cursor, key| {
            if key == "data" && cursor.kind()? == Kind::Array {
                events_at = Some(cursor.clone());
            }
            cursor.skip()
        })?;
        match events_at {
            Some(events) => {
                self.cursor = events;
                self.in_window = true;
                self.array()?;
                self.in_window = false;
            }
            None => self.others += 1,
        }
        self.cursor = cursor;
        Ok(())
    }

    /// A packed event, or the window id before an event.
    fn string(&mut self) -> Result<(), Fault> {
        let string = self.cursor.string()?.decode();
        match self.inflater.unpack(&string)? {
            Some(text) => self.unpacked(text),
            None => self.others += 1,
        }
        Ok(())
    }

    fn unpacked(&mut self, text: String) {
        let mut cursor = Cursor::new(&text);
        match event::parse(&mut cursor) {
            Ok(Parsed::Event(Event { at, .. })) if cursor.is_at_end() => {
                self.events += 1;
                (self.take)(Item::Unpacked { text, at });
            }
            _ => self.others += 1,
        }
    }
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
    fn windows_do_not_nest() {
        let event = r#"{"type":4,"data":{},"timestamp":5}"#;
        let nested = format!(r#"{{"data":[{{"data":[{event}]}}]}}"#);
        assert_eq!(events(&nested), Err(ChunkError::NotEvents));
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
