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
pub(crate) struct Truth(pub(crate) Value);

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

    /// What the driver did and the browser reported, by the names of the summary's figures.
    pub(crate) fn counts(&self) -> [(&'static str, u64); 11] {
        let count = |list: &str| self.list(list).len() as u64;
        let typed = self.list("typed").iter();
        let edited = typed
            .filter(|field| field["ignoredByRecorder"] != true)
            .count() as u64;
        [
            ("clicks", self.number("recordedClicks")),
            ("rage_clicks", count("rageClicks_recommended")),
            ("dead_clicks", count("deadClickTargets")),
            ("slow_clicks", count("slowClicks")),
            ("error_clicks", count("errorClickTargets_jsError")),
            ("fields_edited", edited),
            ("js_errors", count("jsErrors")),
            ("console_errors", count("consoleErrors")),
            ("console_warnings", count("consoleWarnings")),
            ("failed_requests", count("failedRequests")),
            ("pages", count("pagesIncludingSpaRoutes")),
        ]
    }

    /// How much more a figure may be: clicks of which the recording cannot tell whether they did something.
    pub(crate) fn leeway(&self, figure: &str) -> u64 {
        let unseen = |list: &str| self.list(list).iter().filter(|it| it["unseen"] == true);
        let leeway = match figure {
            "dead_clicks" => unseen("debatableClicks").count(),
            "rage_clicks" => unseen("bursts").count(),
            _ => 0,
        };
        leeway as u64
    }

    /// Milliseconds with somebody's hands at the controls, where that is told, and how far off is right.
    pub(crate) fn active_ms(&self) -> Option<(u64, u64)> {
        let milliseconds = self.0["expected"]["activeMs"].as_u64()?;
        Some((milliseconds, (milliseconds / 20).max(1_500)))
    }

    /// Scrolls of the visitor's, where that is told.
    pub(crate) fn scrolls(&self) -> Option<u64> {
        self.0["expected"]["scrolls"].as_u64()
    }

    /// The clicks of each burst that was made in anger.
    pub(crate) fn bursts(&self) -> Vec<u64> {
        let bursts = self.list("rageClicks_recommended").iter();
        bursts.filter_map(|burst| burst["n"].as_u64()).collect()
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
    beside("rrweb")
}

/// What real sites, browsers and other recorders do, where it stands beside the project.
pub(crate) fn wild() -> Option<PathBuf> {
    beside("wild")
}

fn beside(name: &str) -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = data.join(name);
    let there = folder.is_dir();
    if !there {
        println!("skipped: the reference recordings of {name} are not there");
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
    let folders = [Some(fixtures()), reference()].into_iter().flatten();
    folders.flat_map(|folder| with_truth(&folder)).collect()
}

/// The folder's recordings beside which their truth lies, by name.
pub(crate) fn with_truth(folder: &Path) -> Vec<Recording> {
    let names = names(folder).into_iter();
    let names = names.filter_map(|name| Some(name.strip_suffix(".truth.json")?.to_owned()));
    let recordings = names.map(|name| {
        let plain = folder.join(format!("{name}.json"));
        let packed = folder.join(format!("{name}.json.gz"));
        Recording {
            payload: read(if plain.exists() { &plain } else { &packed }),
            truth: Truth(json(&folder.join(format!("{name}.truth.json")))),
            name,
        }
    });
    recordings.collect()
}

/// The files of a folder, in order.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("the folder can be read");
    let names = files.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&read(path))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
