//! The recordings that are measured.

use std::io::Read;
use std::path::Path;

/// A small recording is the project's own; the large one is reference material and may be missing.
pub(crate) fn recordings() -> Vec<(&'static str, Vec<u8>)> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let reference = project.join("../shared/data/rrweb");
    let mut recordings = Vec::new();
    for (name, path) in [
        (
            "recorded-shop-rage",
            project.join("infra/local/demo/recordings/shop-rage.json"),
        ),
        ("forms", project.join("tests/recordings/forms.json")),
        (
            "recorded-large-table",
            reference.join("recorded-large-table.json.gz"),
        ),
    ] {
        let Ok(bytes) = std::fs::read(&path) else {
            println!("skipped: {name} is not there");
            continue;
        };
        let mut plain = Vec::new();
        match flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain) {
            Ok(_) => recordings.push((name, plain)),
            Err(_) => recordings.push((name, bytes)),
        }
    }
    recordings
}
