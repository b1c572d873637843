//! The summaries of real recordings against what really happened: the driver's own notes.
//!
//! Recordings lie in the project's fixtures; more of them, where the reference material stands beside the
//! project. What is not there is said to be skipped.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod recordings;

use recordings::{Recording, all_with_truth};
use replay::{Analyzer, MomentKind, Summary};

fn summary(recording: &Recording) -> Summary {
    replay::summarize(&recording.payload)
        .expect("the recording can be read")
        .expect("the recording has events")
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
        let counts = recording.truth.counts().into_iter();
        for ((what, expected), found) in counts.zip(found(&summary)) {
            let right = expected..=expected + recording.truth.leeway(what);
            if !found.is_some_and(|found| right.contains(&found)) {
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
fn what_a_page_does_by_itself_is_nobodys_activity() {
    let mut wrong = Vec::new();
    for recording in all_with_truth() {
        let summary = summary(&recording);
        let name = &recording.name;
        if let Some((active, leeway)) = recording.truth.active_ms()
            && summary.active_ms.abs_diff(active) > leeway
        {
            let found = summary.active_ms;
            wrong.push(format!("{name}: active: {found} ms instead of {active}"));
        }
        if let Some(scrolls) = recording.truth.scrolls()
            && summary.counts.scrolls != scrolls
        {
            let found = summary.counts.scrolls;
            wrong.push(format!("{name}: scrolls: {found} instead of {scrolls}"));
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
        if recording.truth.leeway("rage_clicks") == 0 {
            assert_eq!(found, recording.truth.bursts(), "{}", recording.name);
        }
    }
}

#[test]
fn no_secret_is_told() {
    for recording in all_with_truth() {
        let mut analyzer = Analyzer::default();
        analyzer.push_chunk(&recording.payload).unwrap();
        let log = replay::read_log(&recording.payload).unwrap();
        for (what, json) in [
            ("summary", serde_json::to_string(&summary(&recording))),
            ("timeline", serde_json::to_string(&analyzer.timeline())),
            ("log", serde_json::to_string(&log)),
        ] {
            let json = json.unwrap();
            for secret in recording.truth.secrets() {
                let name = &recording.name;
                assert!(!json.contains(&secret), "{name}: a secret is in the {what}");
            }
        }
    }
}
