//! Random bytes, and real recordings with random damage.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::events::{gzipped, packed};
use crate::survival::assert_survived;

/// Numbers that no recorder writes, and texts that only look like numbers.
const NUMBERS: [&str; 18] = [
    "0",
    "-0",
    "-1",
    "0.5",
    "-1.5e3",
    "1e308",
    "1e-400",
    "1e999",
    "255",
    "256",
    "4294967295",
    "4294967296",
    "9007199254740992",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "NaN",
    "null",
];

/// One thing that goes wrong.
#[derive(Debug, Clone)]
enum Damage {
    Flip(Index, u8),
    Truncate(Index),
    /// What stands between the two is there twice.
    Repeat(Index, Index),
    /// What stands between the two is gone.
    Cut(Index, Index),
    /// Another number than the next one.
    Number(Index, &'static str),
}

impl Damage {
    fn any() -> impl Strategy<Value = Self> {
        let places = || (any::<Index>(), any::<Index>());
        prop_oneof![
            1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Self::Flip(at, byte)),
            1 => any::<Index>().prop_map(Self::Truncate),
            1 => places().prop_map(|(from, to)| Self::Repeat(from, to)),
            1 => places().prop_map(|(from, to)| Self::Cut(from, to)),
            6 => (any::<Index>(), select(&NUMBERS[..])).prop_map(|(at, number)| Self::Number(at, number)),
        ]
    }

    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |index: &Index| index.index(bytes.len() + 1);
        let range = |a: &Index, b: &Index| place(a).min(place(b))..place(a).max(place(b));
        match self {
            Self::Flip(at, byte) => {
                let at = place(at);
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|old| *old ^= byte);
            }
            Self::Truncate(at) => bytes.truncate(place(at)),
            Self::Repeat(from, to) => {
                let range = range(from, to);
                let again = bytes[range.clone()].to_vec();
                bytes.splice(range.end..range.end, again);
            }
            Self::Cut(from, to) => drop(bytes.drain(range(from, to))),
            Self::Number(at, number) => {
                let start = place(at);
                let digits = |bytes: &[u8], digit: bool| {
                    bytes
                        .iter()
                        .position(|byte| byte.is_ascii_digit() == digit)
                        .unwrap_or(bytes.len())
                };
                let start = start + digits(&bytes[start..], true);
                let end = start + digits(&bytes[start..], false);
                bytes.splice(start..end, number.bytes());
            }
        }
    }
}

/// Small recordings of the project, so that many cases take little time.
fn recording() -> impl Strategy<Value = Vec<u8>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let recordings = [
        "infra/local/demo/recordings/bounce.json",
        "infra/local/demo/recordings/errors-only.json",
        "infra/local/demo/recordings/mobile-touch.json",
        "tests/recordings/press-animation.json",
        "tests/recordings/spa-slow.json",
    ];
    select(
        recordings
            .map(|path| fs::read(project.join(path)).unwrap())
            .to_vec(),
    )
}

/// The recording with every event packed, or with its fields compressed.
fn compressed(recording: &[u8], whole_events: bool) -> Vec<u8> {
    let mut events: Vec<serde_json::Value> = serde_json::from_slice(recording).unwrap();
    for event in &mut events {
        if whole_events {
            *event = packed(&event.to_string()).into();
        } else if event["type"] == 2 {
            event["data"] = gzipped(&event["data"].to_string()).into();
            event["cv"] = "2024-10".into();
        }
    }
    serde_json::to_vec(&events).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..2_000)) {
        assert_survived(&bytes);
    }

    #[test]
    fn any_text_that_resembles_json_is_survived(
        tokens in vec(select(&["{", "}", "[", "]", ",", ":", "\"type\"", "\"data\"", "\"timestamp\"", "\"cv\"",
            "\"node\"", "\"id\"", "2", "3", "4", "1795215107989", "-1e9", "null", "\"x\\u0000\"", " "][..]), 0..200),
    ) {
        assert_survived(tokens.concat().as_bytes());
    }

    #[test]
    fn a_damaged_recording_is_survived(mut bytes in recording(), damages in vec(Damage::any(), 1..8)) {
        for damage in &damages {
            damage.apply(&mut bytes);
        }
        assert_survived(&bytes);
    }

    #[test]
    fn a_recording_spliced_into_another_is_survived(
        (mut host, guest) in (recording(), recording()),
        (at, from, to) in any::<(Index, Index, Index)>(),
    ) {
        let (from, to) = (from.index(guest.len()), to.index(guest.len()));
        let at = at.index(host.len());
        host.splice(at..at, guest[from.min(to)..from.max(to)].iter().copied());
        assert_survived(&host);
    }

    #[test]
    fn a_damaged_compressed_recording_is_survived(
        bytes in recording(),
        whole_events in any::<bool>(),
        damages in vec(Damage::any(), 1..4),
    ) {
        let mut bytes = compressed(&bytes, whole_events);
        for damage in &damages {
            damage.apply(&mut bytes);
        }
        assert_survived(&bytes);
    }
}
