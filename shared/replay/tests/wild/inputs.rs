//! Every input with its figures.

use std::path::Path;

use serde_json::Value;

use crate::bodies::BODIES;
use crate::figure::{Figure, Right, found};
use crate::recordings::{self, Recording, json, read, with_truth};
use crate::reports::REPORTS;

/// Something to summarize.
pub(crate) struct Input {
    /// Folder and name.
    pub(crate) name: String,
    payload: Vec<u8>,
    outcome: Outcome,
    /// Texts that nothing may tell.
    pub(crate) secrets: Vec<String>,
}

/// What becomes of an input.
pub(crate) enum Outcome {
    /// A summary with these figures.
    Figures(Vec<Figure>),
    /// It is refused, and the refusal names this format.
    Refused(&'static str),
}

impl Input {
    pub(crate) fn summary(&self) -> Result<Value, replay::ChunkError> {
        let summary = replay::summarize(&self.payload)?.expect("there are events");
        Ok(serde_json::to_value(summary).expect("a summary is JSON"))
    }

    /// The figures that are wrong: which, and how.
    pub(crate) fn wrong(&self) -> Vec<(String, String)> {
        match (&self.outcome, self.summary()) {
            (Outcome::Figures(figures), Ok(summary)) => {
                let faults = figures.iter().filter_map(|(figure, right)| {
                    Some((figure.clone(), right.fault(found(&summary, figure))?))
                });
                faults.collect()
            }
            (Outcome::Refused(format), Err(error)) if error.to_string().contains(format) => vec![],
            (Outcome::Refused(format), Err(error)) => {
                vec![("refused".into(), format!("does not name {format}: {error}"))]
            }
            (Outcome::Refused(_), Ok(_)) => vec![("refused".into(), "is taken".into())],
            (Outcome::Figures(_), Err(error)) => vec![("taken".into(), error.to_string())],
        }
    }
}

/// All of them, or none where the reference material is not there.
pub(crate) fn all() -> Vec<Input> {
    let Some(wild) = recordings::wild() else {
        return Vec::new();
    };
    let recorded = with_truth(&wild.join("recordings"))
        .into_iter()
        .map(recorded);
    let recorders = with_truth(&wild.join("recorders"))
        .into_iter()
        .map(recorder);
    let inputs = recorded
        .chain(recorders)
        .chain(bodies(&wild))
        .chain(reports(&wild));
    inputs.collect()
}

fn recorded(recording: Recording) -> Input {
    let truth = recording.truth;
    let counts = truth
        .counts()
        .map(|(name, right)| (name.to_owned(), Right::Is(right)));
    let mut figures = Vec::from(counts);
    for (burst, clicks) in truth.bursts().into_iter().enumerate() {
        figures.push((format!("rage_burst_{}", burst + 1), Right::Is(clicks)));
    }
    figures.push((
        "active_ms".into(),
        Right::about(truth.active_ms().expect("it is told")),
    ));
    let actions = truth.0["actions"].as_array().expect("the driver's log");
    let scrolls = actions
        .iter()
        .filter(|action| action["kind"] == "scroll")
        .count();
    figures.push(("scrolls".into(), Right::Is(scrolls as u64)));
    Input {
        name: format!("recordings/{}", recording.name),
        payload: recording.payload,
        outcome: Outcome::Figures(figures),
        secrets: truth.secrets(),
    }
}

fn recorder(recording: Recording) -> Input {
    let truth = recording.truth.0;
    let expected = truth["expected"].as_object().expect("figures");
    let figures = expected
        .iter()
        .map(|(figure, right)| (figure.clone(), Right::parse(right)));
    let mut figures: Vec<Figure> = figures.collect();
    if truth["routes_in_the_events"] == true {
        let pages = truth["driver"]["pages"]
            .as_array()
            .expect("the driver's pages");
        // Where the events were cut the last page may be missing or one more; a route is there all the same.
        figures.push(("pages".into(), Right::Within(2, pages.len() as u64 + 1)));
    }
    // Where errors or requests are not told, nobody can tell a click that failed or asked from one that did
    // nothing: of those that did nothing as many as can be known may be called dead, and none of the others.
    if truth["dead_clicks_without_errors_and_requests"].is_string() {
        for (figure, right) in &mut figures {
            if let ("dead_clicks", Right::Is(dead)) = (figure.as_str(), *right) {
                *right = Right::Within(1, dead);
            }
        }
    }
    // Nothing of what plain rrweb records tells the one request that the page gave up from one that was
    // refused.
    if recording.name == "requests-rrweb-record" {
        figures = vec![("failed_requests".into(), Right::Within(4, 5))];
    }
    let texts = truth["driver"]["secrets_typed"]
        .as_array()
        .into_iter()
        .flatten();
    let secrets = texts.chain([&truth["driver"]["secret_in_a_query"]]);
    Input {
        secrets: secrets
            .filter_map(|text| Some(text.as_str()?.to_owned()))
            .collect(),
        outcome: match recording.name.as_str() {
            "datadog" => Outcome::Refused("Datadog"),
            _ => Outcome::Figures(figures),
        },
        name: format!("recorders/{}", recording.name),
        payload: recording.payload,
    }
}

/// Bodies as the vendors' recorders send them; a gzip body arrives without its gzip.
fn bodies(wild: &Path) -> impl Iterator<Item = Input> {
    let folder = wild.join("recorders/bodies");
    BODIES.iter().map(move |(file, outcome)| Input {
        name: format!("bodies/{file}"),
        payload: read(&folder.join(file)),
        outcome: outcome(),
        secrets: Vec::new(),
    })
}

fn reports(wild: &Path) -> impl Iterator<Item = Input> {
    let folder = wild.join("reports");
    REPORTS.iter().map(move |(name, figures)| {
        let report = json(&folder.join(format!("{name}.json")));
        let figures = figures
            .iter()
            .map(|(figure, right)| ((*figure).to_owned(), *right));
        Input {
            name: format!("reports/{name}"),
            payload: report["events"].to_string().into_bytes(),
            outcome: Outcome::Figures(figures.collect()),
            secrets: Vec::new(),
        }
    })
}
