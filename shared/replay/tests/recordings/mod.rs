//! Finds recordings and their truth.
#![allow(dead_code)] // Every test file uses its own part of this.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A recording as it would come in, decompressed.
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) payload: Vec<u8>,
    pub(crate) truth: Truth,
}

/// What is known to have happened.
pub(crate) struct Truth(Value);

impl Truth {
    pub(crate) fn list(&self, key: &str) -> &[Value] {
        self.0["expected"][key]
            .as_array()
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn number(&self, key: &str) -> u64 {
        self.0["expected"][key]
            .as_u64()
            .expect("the truth has this number")
    }

    pub(crate) fn secrets(&self) -> Vec<String> {
        let secrets = self.list("secretsThatMustNotAppearInAnyOutput").iter();
        secrets
            .filter_map(|secret| secret.as_str().map(str::to_owned))
            .collect()
    }
}

/// The project's own recordings.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/recordings")
}

/// The reference material, where it stands beside the project.
pub(crate) fn reference() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/rrweb");
    let there = folder.is_dir();
    if !there {
        println!("skipped: the reference recordings are not there");
    }
    there.then_some(folder)
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_none_or(|extension| extension != "gz") {
        return bytes;
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice())
        .read_to_end(&mut plain)
        .expect("it is gzip");
    plain
}

/// Every recording beside which its truth lies.
pub(crate) fn all_with_truth() -> Vec<Recording> {
    let mut recordings = Vec::new();
    for folder in [Some(fixtures()), reference()].into_iter().flatten() {
        let mut names: Vec<String> = fs::read_dir(&folder)
            .expect("the folder can be read")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| Some(name.strip_suffix(".truth.json")?.to_owned()))
            .collect();
        names.sort();
        for name in names {
            let truth = read(&folder.join(format!("{name}.truth.json")));
            let plain = folder.join(format!("{name}.json"));
            let packed = folder.join(format!("{name}.json.gz"));
            recordings.push(Recording {
                payload: read(if plain.exists() { &plain } else { &packed }),
                truth: Truth(serde_json::from_slice(&truth).expect("the truth is JSON")),
                name,
            });
        }
    }
    recordings
}
