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
    format!(r#"{{"type":{kind},"data":{{"node":{{}},"padding":"{padding}"}},"timestamp":{at}}}"#)
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
    let picture =
        r#"{"type":5,"data":{"tag":"recapt.picture","payload":{"id":4,"width":1}},"timestamp":5}"#;
    let chunk = payload(&[
        r#"{"type":3,"data":{"source":5,"text":"secret","id":4},"timestamp":1}"#.to_owned(),
        r#"{"type":5,"data":{"tag":"url","payload":{"href":"/?secret"}},"timestamp":2}"#.to_owned(),
        r#"{"type":6,"data":{"plugin":"rrweb/network@1","payload":{"secret":1}},"timestamp":3}"#
            .to_owned(),
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
