//! What a player gets: a chunk's events in order, once each, as plain JSON, in pieces that can be loaded one
//! by one.
//!
//! Playing can begin at a full snapshot, which holds the whole page. So a piece begins at one where it can
//! (with the meta event right before it, which holds the page's size), and a player that is to show a moment
//! loads the piece with the last snapshot before it, not all that came before. Where snapshots are rare,
//! pieces are cut by their size.
//!
//! Which pieces a chunk has is found when it arrives ([`crate::inspect_chunk`]) and kept with it:
//! [`events_of_piece`] cuts by that, whatever numbers are in force by then.

use std::borrow::Cow;
use std::ops::Range;

use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::chunk::Item;
use crate::definitions::{
    LARGEST_PIECE_BYTES, LONGEST_SESSION_MS, SNAPSHOT_PIECE_BYTES, SNAPSHOT_PIECES,
};
use crate::error::ChunkError;
use crate::event::{self, Body};
use crate::json::Cursor;
use crate::masking::{Editables, Veil};
use crate::recorders;
use crate::recorders::fragments::Fragment;

/// A part of a chunk's events, in the order of time.
///
/// Stored in every chunk's row, hence the short names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// How many.
    #[serde(rename = "n")]
    pub events: u32,
    /// Bytes of their JSON.
    #[serde(rename = "b")]
    pub bytes: u64,
    /// Time of the first, by the visitor's clock.
    #[serde(rename = "f", with = "millisecond::required")]
    pub first_at: Timestamp,
    /// Time of the last.
    #[serde(rename = "l", with = "millisecond::required")]
    pub last_at: Timestamp,
    /// Time of the first full snapshot among them: playing can begin there.
    #[serde(
        rename = "s",
        with = "millisecond::optional",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub snapshot_at: Option<Timestamp>,
}

/// How a chunk was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// After [`crate::mask`], or as an organization wants it shown.
    Masked,
    /// As a recorder sent it.
    AsItCame,
    /// Masked while it was not known where somebody may type into the page.
    Unsure,
}

/// What an event is to a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Meta,
    FullSnapshot,
    Other,
}

/// An event as far as its place is concerned.
#[derive(Debug, Clone, Copy)]
struct Placed {
    at: i64,
    bytes: usize,
    hash: u64,
    role: Role,
    /// Its number in the payload.
    index: usize,
}

/// Finds the pieces of a chunk, event by event in the payload's order.
#[derive(Debug, Default)]
pub(crate) struct Outline(Vec<Placed>);

impl Outline {
    /// Takes the next event.
    pub(crate) fn push(&mut self, item: &Item<'_>) {
        let (at, text, role) = match item {
            Item::Plain { text, event } => {
                let role = match event.body {
                    Body::Meta { .. } => Role::Meta,
                    Body::FullSnapshot(_) => Role::FullSnapshot,
                    _ => Role::Other,
                };
                (event.at, *text, role)
            }
            Item::Unpacked { text, at } => {
                let role = match event::find_number(&Cursor::new(text), "type") {
                    Ok(Some(4)) => Role::Meta,
                    Ok(Some(2)) => Role::FullSnapshot,
                    _ => Role::Other,
                };
                (*at, text.as_str(), role)
            }
        };
        let role = match Fragment::kept_in(item) {
            Some(fragment) if fragment.begins_snapshot() => Role::FullSnapshot,
            _ => role,
        };
        self.0.push(Placed {
            at,
            bytes: text.len(),
            hash: xxh3_64(text.as_bytes()),
            role,
            index: self.0.len(),
        });
    }

    /// The pieces of what was taken.
    pub(crate) fn pieces(self) -> Vec<Piece> {
        let events = self.in_order();
        let bytes: usize = events.iter().map(|event| event.bytes).sum();
        let worth_a_piece = SNAPSHOT_PIECE_BYTES.max(bytes / SNAPSHOT_PIECES);
        let mut pieces = Vec::new();
        let mut begun = 0;
        let mut held = 0;
        for (place, event) in events.iter().enumerate() {
            let begins = held >= worth_a_piece && begins_snapshot(&events, place);
            if begins || (held > 0 && held + event.bytes > LARGEST_PIECE_BYTES) {
                pieces.extend(piece(&events[begun..place]));
                (begun, held) = (place, 0);
            }
            held += event.bytes;
        }
        pieces.extend(piece(&events[begun..]));
        pieces
    }

    /// The events by time, each once, without those that a broken clock has put far away. Those of one moment
    /// keep the order in which they came.
    fn in_order(self) -> Vec<Placed> {
        let mut events = self.0;
        events.sort_by_key(|event| event.at);
        let Some(middle) = events.get(events.len() / 2).map(|event| event.at) else {
            return events;
        };
        // Equal events stand beside each other once they are sorted by their hash as well.
        let mut by_hash: Vec<(i64, u64, usize)> = events
            .iter()
            .map(|event| (event.at, event.hash, event.index))
            .collect();
        by_hash.sort_unstable();
        by_hash.dedup_by_key(|(at, hash, _)| (*at, *hash));
        let mut is_first = vec![false; events.len()];
        for (_, _, index) in by_hash {
            is_first[index] = true;
        }
        events.retain(|event| {
            is_first[event.index] && (event.at - middle).abs() <= LONGEST_SESSION_MS
        });
        events
    }
}

/// Whether the event begins a full snapshot: it is the meta event right before one, or one without.
fn begins_snapshot(events: &[Placed], place: usize) -> bool {
    match events[place].role {
        Role::Meta => {
            matches!(events.get(place + 1), Some(next) if next.role == Role::FullSnapshot)
        }
        Role::FullSnapshot => place == 0 || events[place - 1].role != Role::Meta,
        Role::Other => false,
    }
}

/// The piece that these events are; `None` for none.
fn piece(events: &[Placed]) -> Option<Piece> {
    let (first, last) = (events.first()?, events.last()?);
    let time = |at| Timestamp::from_millisecond(at).ok();
    let snapshot = events.iter().find(|event| event.role == Role::FullSnapshot);
    Some(Piece {
        events: u32::try_from(events.len()).unwrap_or(u32::MAX),
        bytes: events.iter().map(|event| event.bytes as u64).sum(),
        first_at: time(first.at)?,
        last_at: time(last.at)?,
        snapshot_at: snapshot.and_then(|snapshot| time(snapshot.at)),
    })
}

/// The events of a chunk's piece, as a JSON array; `None` when the chunk has no such piece.
///
/// What recorders add to rrweb is left out, but for what our player draws. What was stored as it came is
/// masked now.
///
/// `pieces`: those that were found when the chunk arrived; with none (it was stored before there were any),
/// all its events are its one piece.
///
/// # Errors
/// [`ChunkError`] when the payload is no chunk.
pub fn events_of_piece(
    payload: &[u8],
    pieces: &[Piece],
    part: usize,
    stored: Stored,
) -> Result<Option<String>, ChunkError> {
    let range = match pieces {
        [] if part == 0 => 0..usize::MAX,
        _ if part >= pieces.len() => return Ok(None),
        _ => range_of(pieces, part),
    };
    let mut outline = Outline::default();
    let mut texts: Vec<Cow<'_, str>> = Vec::new();
    recorders::read(payload, &mut |item| {
        outline.push(&item);
        texts.push(match item {
            Item::Plain { text, .. } => Cow::Borrowed(text),
            Item::Unpacked { text, .. } => Cow::Owned(text),
        });
    })?;
    let events = outline.in_order();
    let range = range.start.min(events.len())..range.end.min(events.len());
    let mut json = String::with_capacity(
        events[range.clone()]
            .iter()
            .map(|event| event.bytes + 1)
            .sum::<usize>()
            + 2,
    );
    json.push('[');
    let mut veil = Veil::new(match stored {
        Stored::Unsure => Editables::ANYWHERE,
        Stored::AsItCame | Stored::Masked => Editables::default(),
    });
    for event in &events[range] {
        let text = &texts[event.index];
        if !is_played(text) {
            continue;
        }
        if json.len() > 1 {
            json.push(',');
        }
        match stored {
            Stored::Masked => json.push_str(text),
            Stored::AsItCame | Stored::Unsure => json.push_str(&veil.over(text)),
        }
    }
    json.push(']');
    Ok(Some(json))
}

/// Whether a player has any use for the event: of what recorders add, only our own recorder's is drawn.
fn is_played(text: &str) -> bool {
    let cursor = Cursor::new(text);
    match event::find_number(&cursor, "type") {
        Ok(Some(0..=4)) => true,
        Ok(Some(5)) => event::custom_tag(cursor).is_ok_and(|tag| tag.starts_with("recapt")),
        _ => false,
    }
}

/// Which events, by time, are the piece's.
fn range_of(pieces: &[Piece], part: usize) -> Range<usize> {
    let count = |pieces: &[Piece]| pieces.iter().map(|piece| piece.events as usize).sum();
    let start: usize = count(&pieces[..part]);
    start..start + count(&pieces[part..=part])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::inspect_chunk;

    /// An event of some bytes: `m` meta, `s` full snapshot, `o` other.
    fn event(at: i64, role: char, bytes: usize) -> String {
        let kind = match role {
            'm' => 4,
            's' => 2,
            _ => 3,
        };
        let padding = "x".repeat(bytes);
        format!(
            r#"{{"type":{kind},"data":{{"node":{{}},"padding":"{padding}"}},"timestamp":{at}}}"#
        )
    }

    fn payload(events: &[String]) -> Vec<u8> {
        format!("[{}]", events.join(",")).into_bytes()
    }

    /// Each piece's times, and whether a player can begin there.
    fn shape(payload: &[u8]) -> Vec<(i64, i64, bool)> {
        let pieces = inspect_chunk(payload).unwrap().pieces;
        let shape = pieces.iter().map(|piece| {
            (
                piece.first_at.as_millisecond(),
                piece.last_at.as_millisecond(),
                piece.snapshot_at.is_some(),
            )
        });
        shape.collect()
    }

    fn times(payload: &[u8], part: usize) -> Vec<i64> {
        let pieces = inspect_chunk(payload).unwrap().pieces;
        let events = events_of_piece(payload, &pieces, part, Stored::Masked)
            .unwrap()
            .unwrap();
        let events: Vec<Value> = serde_json::from_str(&events).unwrap();
        let at = |event: &Value| event["timestamp"].as_i64().unwrap();
        events.iter().map(at).collect()
    }

    const LARGE: usize = SNAPSHOT_PIECE_BYTES;

    #[test]
    fn a_small_chunk_is_one_piece() {
        let chunk = payload(&[
            event(1, 'm', 9),
            event(2, 's', 9),
            event(3, 'm', 9),
            event(4, 's', 9),
        ]);
        assert_eq!(shape(&chunk), [(1, 4, true)]);
        assert_eq!(times(&chunk, 0), [1, 2, 3, 4]);
        assert_eq!(shape(b"[]"), []);
    }

    #[test]
    fn a_large_chunk_is_cut_before_the_meta_event_of_each_full_snapshot() {
        let chunk = payload(&[
            event(1, 'o', LARGE),
            event(2, 'm', 9),
            event(3, 's', LARGE),
            event(4, 'm', 9),
            event(5, 'o', LARGE),
            event(6, 's', LARGE),
            event(7, 'o', 9),
        ]);
        assert_eq!(shape(&chunk), [(1, 1, false), (2, 5, true), (6, 7, true)]);
        assert_eq!(times(&chunk, 1), [2, 3, 4, 5]);
    }

    #[test]
    fn without_snapshots_the_size_cuts() {
        let half = LARGEST_PIECE_BYTES / 2;
        let chunk = payload(&[
            event(1, 's', half),
            event(2, 'o', half),
            event(3, 'o', 2 * LARGEST_PIECE_BYTES),
            event(4, 'o', 9),
        ]);
        assert_eq!(
            shape(&chunk),
            [(1, 1, true), (2, 2, false), (3, 3, false), (4, 4, false)]
        );
    }

    #[test]
    fn events_come_in_order_once_and_without_those_of_a_broken_clock() {
        let chunk = payload(&[
            event(9_000, 'o', 1),
            event(5_000, 's', 1),
            event(9_000, 'o', 1),
            event(9_000, 'o', 2),
            event(9_000 + 2 * LONGEST_SESSION_MS, 'o', 1),
            event(6_000, 'o', 1),
        ]);
        assert_eq!(times(&chunk, 0), [5_000, 6_000, 9_000, 9_000]);
    }

    #[test]
    fn what_recorders_add_is_left_out_and_what_came_unmasked_is_masked() {
        let picture = r#"{"type":5,"data":{"tag":"recapt.picture","payload":{"id":4,"width":1}},"timestamp":5}"#;
        let chunk = payload(&[
            r#"{"type":3,"data":{"source":5,"text":"secret","id":4},"timestamp":1}"#.to_owned(),
            r#"{"type":5,"data":{"tag":"url","payload":{"href":"/?secret"}},"timestamp":2}"#.to_owned(),
            r#"{"type":6,"data":{"plugin":"rrweb/network@1","payload":{"secret":1}},"timestamp":3}"#.to_owned(),
            r#"{"type":42,"data":{"secret":1},"timestamp":4}"#.to_owned(),
            picture.to_owned(),
        ]);
        let pieces = inspect_chunk(&chunk).unwrap().pieces;
        let shown = |stored| {
            events_of_piece(&chunk, &pieces, 0, stored)
                .unwrap()
                .unwrap()
        };
        let masked = r#"{"type":3,"data":{"source":5,"text":"********","id":4},"timestamp":1}"#;
        assert_eq!(shown(Stored::AsItCame), format!("[{masked},{picture}]"));
        let as_it_stands = masked.replace("********", "secret");
        assert_eq!(shown(Stored::Masked), format!("[{as_it_stands},{picture}]"));
        let text = |words: &str| {
            format!(
                r#"{{"type":3,"data":{{"source":0,"texts":[{{"id":7,"value":"{words}"}}]}},"timestamp":1}}"#
            )
        };
        let chunk = payload(&[text("secret")]);
        let shown = events_of_piece(&chunk, &[], 0, Stored::Unsure);
        assert_eq!(shown, Ok(Some(format!("[{}]", text("********")))));
    }

    #[test]
    fn a_chunk_stored_without_pieces_is_one() {
        let chunk = payload(&[event(2, 'o', 1), event(1, 's', LARGE)]);
        let all = events_of_piece(&chunk, &[], 0, Stored::Masked)
            .unwrap()
            .unwrap();
        assert!(all.starts_with(r#"[{"type":2"#) && all.ends_with(r#""timestamp":2}]"#));
        assert_eq!(events_of_piece(&chunk, &[], 1, Stored::Masked), Ok(None));
        let pieces = inspect_chunk(&chunk).unwrap().pieces;
        assert_eq!(
            events_of_piece(&chunk, &pieces, pieces.len(), Stored::Masked),
            Ok(None)
        );
    }

    proptest! {
        // Each case holds megabytes.
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_pieces_together_are_the_events_in_order(
            events in prop::collection::vec((0_i64..50, "[mso]", 0_usize..2 * LARGE), 0..40)
        ) {
            let events: Vec<String> = events.iter()
                .map(|(at, role, bytes)| event(*at, role.chars().next().unwrap(), *bytes))
                .collect();
            let chunk = payload(&events);
            let pieces = inspect_chunk(&chunk).unwrap().pieces;
            let together: Vec<i64> = (0..pieces.len()).flat_map(|part| times(&chunk, part)).collect();
            let mut expected = events;
            expected.sort();
            expected.dedup();
            prop_assert!(together.is_sorted());
            prop_assert_eq!(together.len(), expected.len());
            for (part, piece) in pieces.iter().enumerate() {
                let times = times(&chunk, part);
                prop_assert_eq!(times.len(), piece.events as usize);
                prop_assert_eq!(times.first().copied(), Some(piece.first_at.as_millisecond()));
                prop_assert_eq!(times.last().copied(), Some(piece.last_at.as_millisecond()));
            }
        }
    }
}
