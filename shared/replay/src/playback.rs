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
mod tests;
