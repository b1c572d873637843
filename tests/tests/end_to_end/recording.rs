//! Recordings and what is known to have happened in them.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

/// A recording with its truth.
pub(crate) struct Recording {
    pub(crate) name: String,
    pub(crate) events: Vec<Value>,
    truth: Value,
}

impl Recording {
    /// One of the project's own.
    pub(crate) fn ours(name: &str) -> Self {
        Self::read(&ours(), name)
    }

    /// All of the project's own and, where they stand beside the project, the reference recordings.
    pub(crate) fn all() -> Vec<Self> {
        let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/rrweb");
        let mut folders = vec![ours()];
        match reference.is_dir() {
            true => folders.push(reference),
            false => println!("skipped: the reference recordings are not beside the project"),
        }
        let mut recordings = Vec::new();
        for folder in folders {
            let files = fs::read_dir(&folder).unwrap();
            let names = files.filter_map(|file| file.unwrap().file_name().into_string().ok());
            let mut names: Vec<String> = names
                .filter_map(|name| Some(name.strip_suffix(".truth.json")?.to_owned()))
                .collect();
            names.sort();
            recordings.extend(names.iter().map(|name| Self::read(&folder, name)));
        }
        recordings
    }

    fn read(folder: &Path, name: &str) -> Self {
        let json = |suffix: &str| -> Value {
            let text = text(&folder.join(format!("{name}{suffix}")));
            serde_json::from_str(&text).unwrap()
        };
        let plain = folder.join(format!("{name}.json")).exists();
        let events = json(if plain { ".json" } else { ".json.gz" });
        Self {
            name: name.to_owned(),
            events: serde_json::from_value(events).unwrap(),
            truth: json(".truth.json")["expected"].take(),
        }
    }

    /// The same events, moved so that the last one happens at `end`.
    pub(crate) fn ending_at(mut self, end: Timestamp) -> Self {
        let at = |event: &Value| event["timestamp"].as_i64();
        let last = self.events.iter().filter_map(at).max().unwrap();
        for event in &mut self.events {
            if let Some(at) = at(event) {
                event["timestamp"] = (end.as_millisecond() - (last - at)).into();
            }
        }
        self
    }

    /// What the driver did and the browser reported, as a summary's `counts`.
    pub(crate) fn counts(&self) -> [(&'static str, u64); 10] {
        let count = |list: &str| self.list(list).len() as u64;
        let typed = self.list("typed").iter();
        let edited = typed.filter(|field| field["ignoredByRecorder"] != true);
        [
            ("clicks", self.truth["recordedClicks"].as_u64().unwrap()),
            ("rage_clicks", count("rageClicks_recommended")),
            ("dead_clicks", count("deadClickTargets")),
            ("slow_clicks", count("slowClicks")),
            ("error_clicks", count("errorClickTargets_jsError")),
            ("fields_edited", edited.count() as u64),
            ("js_errors", count("jsErrors")),
            ("console_errors", count("consoleErrors")),
            ("console_warnings", count("consoleWarnings")),
            ("failed_requests", count("failedRequests")),
        ]
    }

    /// How much more a figure may be: clicks of which the recording cannot tell whether they did something.
    pub(crate) fn leeway(&self, figure: &str) -> u64 {
        let list = match figure {
            "dead_clicks" => "debatableClicks",
            "rage_clicks" => "bursts",
            _ => return 0,
        };
        let unseen = self
            .list(list)
            .iter()
            .filter(|click| click["unseen"] == true);
        unseen.count() as u64
    }

    /// What somebody typed or a page was opened with, and nobody may be told.
    pub(crate) fn secrets(&self) -> Vec<&str> {
        let secrets = self.list("secretsThatMustNotAppearInAnyOutput").iter();
        secrets.filter_map(Value::as_str).collect()
    }

    fn list(&self, name: &str) -> &[Value] {
        self.truth[name].as_array().map_or(&[], Vec::as_slice)
    }
}

fn ours() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")
}

fn text(path: &Path) -> String {
    let mut text = String::new();
    let mut file =
        fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    match path.extension().is_some_and(|extension| extension == "gz") {
        true => flate2::read::GzDecoder::new(file).read_to_string(&mut text),
        false => file.read_to_string(&mut text),
    }
    .unwrap();
    text
}
