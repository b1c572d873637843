//! Recordings of others as they are stored: nothing that was typed, and the same summary.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod recordings;

use std::fs;
use std::path::Path;

use recordings::{all_with_truth, read};
use replay::{Editables, Sender, Summary, mask};

fn summary(payload: &[u8]) -> Option<Summary> {
    replay::summarize(payload).expect("it can be read")
}

fn masked(payload: &[u8]) -> Vec<u8> {
    mask(payload, Sender::Other, &Editables::default())
        .expect("it can be read")
        .payload
        .into_owned()
}

#[test]
fn a_masked_recording_has_the_same_summary_and_no_secret() {
    for recording in all_with_truth() {
        let masked = masked(&recording.payload);
        assert_eq!(
            summary(&masked),
            summary(&recording.payload),
            "{}",
            recording.name
        );
        let text = String::from_utf8(masked).unwrap();
        for secret in recording.truth.secrets() {
            assert!(
                !text.contains(&secret),
                "{}: a secret is stored",
                recording.name
            );
        }
    }
}

/// What other recorders recorded of a visit, where it stands beside the project.
#[test]
fn nothing_that_was_typed_into_a_field_is_left_of_any_recorders_events() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/wild/recorders");
    let Ok(files) = fs::read_dir(&folder) else {
        println!("skipped: the recordings of other recorders are not there");
        return;
    };
    for file in files {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".json") || name.ends_with(".truth.json") {
            continue;
        }
        let payload = read(&path);
        // What is no rrweb is refused before.
        let Ok(stored) = mask(&payload, Sender::Other, &Editables::default()) else {
            continue;
        };
        let text = std::str::from_utf8(&stored.payload).unwrap();
        for secret in ["kestrel-9471", "tok-secret-771"] {
            assert!(!text.contains(secret), "{name}: {secret}");
        }
        assert_eq!(summary(&stored.payload), summary(&payload), "{name}");
        let [before, after] = [&payload[..], &stored.payload].map(replay::inspect_chunk);
        assert_eq!(after.unwrap().events, before.unwrap().events, "{name}");
    }
}
