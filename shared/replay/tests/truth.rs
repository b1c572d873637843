//! The summaries of real recordings against what really happened: the driver's own notes.
//!
//! Recordings lie in the project's fixtures; more of them, where the reference material stands beside the
//! project. What is not there is said to be skipped.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod recordings;

use recordings::{Recording, Truth, all_with_truth};
use replay::{MomentKind, Summary};

fn summary(recording: &Recording) -> Summary {
    replay::summarize(&recording.payload)
        .expect("the recording can be read")
        .expect("the recording has events")
}

/// What the driver did and the browser reported, in the summary's words.
fn expected(truth: &Truth) -> [(&'static str, u64); 11] {
    let count = |list: &str| truth.list(list).len() as u64;
    let typed = truth.list("typed").iter();
    let edited = typed
        .filter(|field| field["ignoredByRecorder"] != true)
        .count() as u64;
    [
        ("clicks", truth.number("recordedClicks")),
        ("rage clicks", count("rageClicks_recommended")),
        ("dead clicks", count("deadClickTargets")),
        ("slow clicks", count("slowClicks")),
        ("error clicks", count("errorClickTargets_jsError")),
        ("fields edited", edited),
        ("JS errors", count("jsErrors")),
        ("console errors", count("consoleErrors")),
        ("console warnings", count("consoleWarnings")),
        ("failed requests", count("failedRequests")),
        ("pages", count("pagesIncludingSpaRoutes")),
    ]
}

fn found(summary: &Summary) -> [Option<u64>; 11] {
    let counts = summary.counts;
    [
        Some(counts.clicks),
        Some(counts.rage_clicks),
        Some(counts.dead_clicks),
        Some(counts.slow_clicks),
        counts.error_clicks,
        Some(counts.fields_edited),
        counts.js_errors,
        counts.console_errors,
        counts.console_warnings,
        counts.failed_requests,
        Some(summary.pages.len() as u64),
    ]
}

#[test]
fn counts_equal_the_truth() {
    let mut wrong = Vec::new();
    for recording in all_with_truth() {
        let summary = summary(&recording);
        for ((what, expected), found) in expected(&recording.truth).into_iter().zip(found(&summary))
        {
            if Some(expected) != found {
                wrong.push(format!(
                    "{}: {what}: {found:?} instead of {expected}",
                    recording.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn bursts_have_the_clicks_that_were_made() {
    for recording in all_with_truth() {
        let summary = summary(&recording);
        let rage = summary
            .timeline
            .iter()
            .filter(|moment| moment.kind == MomentKind::RageClick);
        let found: Vec<u64> = rage.map(|moment| moment.count).collect();
        let truth = recording.truth.list("rageClicks_recommended");
        let expected: Vec<u64> = truth
            .iter()
            .filter_map(|burst| burst["n"].as_u64())
            .collect();
        assert_eq!(found, expected, "{}", recording.name);
    }
}

#[test]
fn no_secret_is_told() {
    for recording in all_with_truth() {
        let json = serde_json::to_string(&summary(&recording)).unwrap();
        for secret in recording.truth.secrets() {
            assert!(
                !json.contains(&secret),
                "{}: a secret is in the summary",
                recording.name
            );
        }
    }
}
