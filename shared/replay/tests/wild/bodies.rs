//! One body of each vendor: what is in it, counted by other means.

use crate::figure::Right::{Is, Within};
use crate::inputs::Outcome;

/// The file and what becomes of it.
type Body = (&'static str, fn() -> Outcome);

/// What there is.
pub(crate) const BODIES: &[Body] = &[
    ("posthog.json", || taken(27, 1)),
    ("amplitude.json", || taken(5, 0)),
    ("mixpanel.json", || taken(31, 2)),
    ("newrelic.json", || taken(2, 0)),
    ("rollbar.json", || taken(38, 2)),
    ("highlight.json", || taken(5, 0)),
    ("hyperdx.bin", || taken(20, 2)),
    ("sentry.bin", || taken(21, 0)),
    ("datadog.bin", || Outcome::Refused("Datadog")),
    ("openreplay.bin", || Outcome::Refused("OpenReplay")),
    ("clarity-js.json", || Outcome::Refused("Clarity")),
];

/// At least these events, for some bodies hold more than rrweb's; exactly these clicks.
fn taken(events: u64, clicks: u64) -> Outcome {
    Outcome::Figures(vec![
        ("events".into(), Within(events, events + 20)),
        ("clicks".into(), Is(clicks)),
    ])
}
