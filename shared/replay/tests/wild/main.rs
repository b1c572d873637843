//! The summaries of what real sites, browsers and other recorders do, against what is right.
//!
//! The inputs stand in the reference material beside the project. Where it is not there, they are said to be
//! skipped.

#![allow(clippy::unwrap_used, clippy::expect_used)] // All of it is tests.

mod bodies;
mod figure;
mod inputs;
#[path = "../recordings/mod.rs"]
mod recordings;
mod reports;

use std::collections::BTreeSet;

use inputs::all;

/// Figures that are known to be wrong today: the input, the figure. One that has become right must go.
const NOT_YET: &[(&str, &str)] = &[
    ("recordings/rotator", "dead_clicks"),
    ("recorders/amplitude", "dead_clicks"),
    ("recorders/highlight", "dead_clicks"),
    ("recorders/hyperdx", "dead_clicks"),
    ("recorders/newrelic", "dead_clicks"),
    ("recorders/posthog-defaults", "pages"),
    ("recorders/rollbar", "dead_clicks"),
    ("recorders/rrweb-plain", "dead_clicks"),
    ("recorders/rrweb1", "dead_clicks"),
    ("recorders/rrweb22", "dead_clicks"),
    ("recorders/sentry-30", "dead_clicks"),
    ("recorders/sentry", "dead_clicks"),
    ("reports/looping-hero-video", "idle_rows"),
];

#[test]
fn every_figure_is_right() {
    let inputs = all();
    let mut wrong = Vec::new();
    let mut forgiven = BTreeSet::new();
    for input in &inputs {
        for (figure, what) in input.wrong() {
            let known = (input.name.as_str(), figure.as_str());
            match NOT_YET.iter().find(|entry| **entry == known) {
                Some(entry) => _ = forgiven.insert(entry),
                None => wrong.push(format!("{}: {figure}: {what}", input.name)),
            }
        }
    }
    let stale = NOT_YET.iter().filter(|entry| !forgiven.contains(entry));
    let stale = stale.filter(|_| !inputs.is_empty());
    wrong.extend(stale.map(|(input, figure)| format!("{input}: {figure}: is right by now")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_secret_is_told() {
    for input in all() {
        let told = input.summary().unwrap_or_default().to_string();
        for secret in &input.secrets {
            assert!(
                !told.contains(secret),
                "{}: a secret is in the summary",
                input.name
            );
        }
    }
}
