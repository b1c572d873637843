//! What a player loads to show a moment, counted: no more at a recording's end than at its beginning.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod recordings;

use recordings::{read, reference};
use replay::{Piece, inspect_chunk};
use serde_json::{Value, json};

/// What is loaded for one moment.
#[derive(Debug, PartialEq, Eq)]
struct Loaded {
    pieces: usize,
    events: u64,
    bytes: u64,
}

/// As the player chooses (shared/web/player/src/playlist.ts): the last piece with a snapshot before the
/// moment, and those after it that begin before the moment.
fn loaded_for(pieces: &[Piece], at: i64) -> Loaded {
    let is_before = |piece: &&Piece| {
        let snapshot = piece.snapshot_at;
        snapshot.is_some_and(|snapshot| snapshot.as_millisecond() <= at)
    };
    let first = pieces.iter().rposition(|piece| is_before(&piece));
    let needed = pieces[first.unwrap_or(0)..].iter();
    let needed: Vec<&Piece> = needed
        .filter(|piece| piece.first_at.as_millisecond() <= at)
        .collect();
    Loaded {
        pieces: needed.len(),
        events: needed.iter().map(|piece| u64::from(piece.events)).sum(),
        bytes: needed.iter().map(|piece| piece.bytes).sum(),
    }
}

/// A moment soon after the first snapshot, and the last one.
fn ends(pieces: &[Piece]) -> (Loaded, Loaded) {
    let first = pieces.iter().find_map(|piece| piece.snapshot_at).unwrap();
    let last = pieces.last().unwrap().last_at.as_millisecond();
    let begin = loaded_for(pieces, first.as_millisecond());
    (begin, loaded_for(pieces, last))
}

/// Sixteen megabytes in chunks of ten seconds, with a full snapshot in every nth.
fn recorded(chunks: i64, snapshot_every: i64) -> Vec<Piece> {
    let padding = "x".repeat(16_000_000 / usize::try_from(chunks).unwrap() / 2);
    let chunk = |nth: i64| {
        let at = 1_795_000_000_000 + nth * 10_000;
        let snapshot =
            json!({ "type": 2, "data": { "node": {}, "padding": padding }, "timestamp": at });
        let other = json!({ "type": 5, "data": { "tag": padding }, "timestamp": at + 1 });
        let first = if nth % snapshot_every == 0 {
            snapshot
        } else {
            other.clone()
        };
        inspect_chunk(json!([first, other]).to_string().as_bytes()).unwrap()
    };
    (0..chunks).flat_map(|nth| chunk(nth).pieces).collect()
}

#[test]
fn the_end_of_sixteen_megabytes_takes_as_little_as_their_beginning() {
    let (begin, end) = ends(&recorded(64, 1));
    assert_eq!((begin.pieces, end.pieces), (1, 1));
    assert_eq!(begin, end);
}

#[test]
fn what_was_recorded_since_the_last_snapshot_is_needed_and_nothing_before_it() {
    let (begin, end) = ends(&recorded(64, 8));
    assert_eq!((begin.pieces, end.pieces), (1, 8));
    let pieces = recorded(64, 8);
    let just_after = pieces[56].snapshot_at.unwrap().as_millisecond();
    assert_eq!(loaded_for(&pieces, just_after), begin);
}

#[test]
fn with_one_snapshot_alone_everything_before_a_moment_is_needed() {
    let (begin, end) = ends(&recorded(64, 64));
    assert_eq!((begin.pieces, end.pieces), (1, 64));
}

#[test]
fn the_large_recording_opens_at_its_end_with_less_than_at_its_beginning() {
    let Some(folder) = reference() else { return };
    let payload = read(&folder.join("recorded-large-table.json.gz"));
    let pieces = inspect_chunk(&payload).unwrap().pieces;
    let (begin, end) = ends(&pieces);
    assert!(
        end.pieces <= begin.pieces && end.bytes <= begin.bytes,
        "{begin:?} {end:?}"
    );
    let last = replay::events_of_piece(&payload, &pieces, pieces.len() - 1, replay::Stored::Masked)
        .unwrap()
        .unwrap();
    let events: Vec<Value> = serde_json::from_str(&last).unwrap();
    assert_eq!(events.len() as u64, end.events);
}
