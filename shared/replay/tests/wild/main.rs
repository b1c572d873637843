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
    ("recordings/auto-banner", "rage_clicks"),
    ("recordings/auto-banner", "dead_clicks"),
    ("recordings/auto-banner", "rage_burst_1"),
    ("recordings/broken-widget", "dead_clicks"),
    ("recordings/broken-widget", "error_clicks"),
    ("recordings/collector", "dead_clicks"),
    ("recordings/collector", "slow_clicks"),
    ("recordings/loop-video", "dead_clicks"),
    ("recordings/loop-video", "active_ms"),
    ("recordings/popover-menu", "dead_clicks"),
    ("recordings/rotator", "dead_clicks"),
    ("recordings/self-clicking", "clicks"),
    ("recordings/self-clicking", "active_ms"),
    ("recorders/amplitude-logging", "dead_clicks"),
    ("recorders/amplitude-logging", "failed_requests"),
    ("recorders/amplitude-logging", "pages"),
    ("recorders/amplitude", "console_errors"),
    ("recorders/amplitude", "console_warnings"),
    ("recorders/amplitude", "dead_clicks"),
    ("recorders/amplitude", "error_clicks"),
    ("recorders/amplitude", "failed_requests"),
    ("recorders/amplitude", "js_errors"),
    ("recorders/amplitude", "pages"),
    ("recorders/datadog", "refused"),
    ("recorders/highlight", "console_errors"),
    ("recorders/highlight", "console_warnings"),
    ("recorders/highlight", "dead_clicks"),
    ("recorders/highlight", "error_clicks"),
    ("recorders/highlight", "failed_requests"),
    ("recorders/highlight", "js_errors"),
    ("recorders/hyperdx", "console_errors"),
    ("recorders/hyperdx", "console_warnings"),
    ("recorders/hyperdx", "dead_clicks"),
    ("recorders/hyperdx", "error_clicks"),
    ("recorders/hyperdx", "failed_requests"),
    ("recorders/hyperdx", "js_errors"),
    ("recorders/newrelic", "console_errors"),
    ("recorders/newrelic", "console_warnings"),
    ("recorders/newrelic", "dead_clicks"),
    ("recorders/newrelic", "error_clicks"),
    ("recorders/newrelic", "failed_requests"),
    ("recorders/newrelic", "js_errors"),
    ("recorders/posthog-defaults", "pages"),
    ("recorders/requests-posthog-defaults", "failed_requests"),
    ("recorders/requests-rrweb-net", "failed_requests"),
    ("recorders/requests-rrweb-record", "failed_requests"),
    ("recorders/rollbar", "console_errors"),
    ("recorders/rollbar", "console_warnings"),
    ("recorders/rollbar", "dead_clicks"),
    ("recorders/rollbar", "error_clicks"),
    ("recorders/rollbar", "failed_requests"),
    ("recorders/rollbar", "js_errors"),
    ("recorders/rrweb-plain", "console_errors"),
    ("recorders/rrweb-plain", "console_warnings"),
    ("recorders/rrweb-plain", "dead_clicks"),
    ("recorders/rrweb-plain", "error_clicks"),
    ("recorders/rrweb-plain", "failed_requests"),
    ("recorders/rrweb-plain", "js_errors"),
    ("recorders/rrweb1", "dead_clicks"),
    ("recorders/rrweb1", "failed_requests"),
    ("recorders/rrweb22", "dead_clicks"),
    ("recorders/rrweb22", "failed_requests"),
    ("recorders/sentry-30", "clicks"),
    ("recorders/sentry-30", "console_errors"),
    ("recorders/sentry-30", "console_warnings"),
    ("recorders/sentry-30", "dead_clicks"),
    ("recorders/sentry-30", "error_clicks"),
    ("recorders/sentry-30", "fields_edited"),
    ("recorders/sentry-30", "js_errors"),
    ("recorders/sentry-30", "rage_clicks"),
    ("recorders/sentry-30", "scrolls"),
    ("recorders/sentry-30", "pages"),
    ("recorders/sentry", "dead_clicks"),
    ("recorders/sentry", "error_clicks"),
    ("recorders/sentry", "failed_requests"),
    ("recorders/sentry", "js_errors"),
    ("bodies/posthog.json", "taken"),
    ("bodies/amplitude.json", "taken"),
    ("bodies/rollbar.json", "taken"),
    ("bodies/highlight.json", "taken"),
    ("bodies/hyperdx.bin", "taken"),
    ("bodies/sentry.bin", "taken"),
    ("bodies/datadog.bin", "refused"),
    ("bodies/openreplay.bin", "refused"),
    ("bodies/clarity-js.json", "refused"),
    ("reports/custom-event-outbound-link", "pages"),
    ("reports/dead-anchor-href-hash", "dead_clicks"),
    ("reports/editable-typing", "fields_edited"),
    ("reports/editable-typing", "active_ms"),
    ("reports/enter-sends-form", "clicks"),
    ("reports/file-chooser-button", "dead_clicks"),
    ("reports/fullscreen", "dead_clicks"),
    ("reports/label-slow-handler", "clicks"),
    ("reports/looping-hero-video", "active_ms"),
    ("reports/looping-hero-video", "idle_rows"),
    ("reports/masked-quantity-stepper", "rage_clicks"),
    ("reports/masked-quantity-stepper", "dead_clicks"),
    ("reports/masked-quantity-stepper", "fields_edited"),
    ("reports/native-confirm-accept", "dead_clicks"),
    ("reports/native-confirm-accept", "slow_clicks"),
    ("reports/plain-rrweb-back-from-bfcache", "pages"),
    ("reports/popover-button", "dead_clicks"),
    ("reports/reload-recorder-started-after-load", "dead_clicks"),
    ("reports/reported-dom-exception", "console_warnings"),
    ("reports/reported-dom-exception", "error_rows_without_words"),
    ("reports/script-ticks-an-input", "active_ms"),
    ("reports/script-ticks-an-input", "fields_edited"),
    ("reports/sentry-sdk-real", "failed_requests"),
    ("reports/sentry-sdk-real", "dead_clicks"),
    ("reports/sentry-span-seconds", "failed_requests"),
    ("reports/sentry-span-seconds", "dead_clicks"),
    ("reports/uncaught-firefox", "js_errors"),
    ("reports/uncaught-firefox", "console_errors"),
    ("reports/uncaught-firefox", "error_clicks"),
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
