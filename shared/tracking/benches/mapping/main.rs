//! What an event costs, from the bytes of a request to the bodies of calls of Intercom: microseconds of one
//! core, beside peers over the same events.
//!
//! rudder-transformer is not on npm. Its 11 us for an event that is parsed already were measured with
//! Node 22 on a machine of two AMD EPYC cores that others used too; so a ratio to it says no more than
//! the order of it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark that cannot go on stops"
)]

mod events;
mod peer;

use std::hint::black_box;
use std::time::{Duration, Instant};

use events::EVENTS;
use jiff::Timestamp;
use report::Row;
use serde_json::Value;
use tracking::{Entry, Envelope, SourceSettings, Step, TrackedEvent};

const RUDDER: &str = "rudder-transformer, elsewhere";
const RUDDER_MICROSECONDS: f64 = 11.0;
const SEGMENT: &str = "@segment/action-destinations";
/// How long each is run.
const RUN: Duration = Duration::from_secs(3);

fn main() {
    let settings = SourceSettings::default();
    let tracks = events::tracks();
    let parsed = events_of(&tracks);

    let from_bytes = microseconds(|| bodies(&events_of(&tracks), &settings));
    let from_parsed = microseconds(|| bodies(&parsed, &settings));
    let stored = microseconds(|| bodies(&stored_between(&tracks), &settings));
    let mut rows = vec![
        row(
            "track, bytes to call",
            from_bytes,
            RUDDER,
            RUDDER_MICROSECONDS,
        ),
        row(
            "track, parsed event to call",
            from_parsed,
            RUDDER,
            RUDDER_MICROSECONDS,
        ),
        row(
            "track, bytes to call, stored between",
            stored,
            RUDDER,
            RUDDER_MICROSECONDS,
        ),
    ];
    if let Some(segment) = peer::measure(&tracks) {
        check_same(&bodies(&parsed, &settings), &segment.calls);
        rows.push(row(
            "track, bytes to call, same run",
            from_bytes,
            SEGMENT,
            segment.microseconds,
        ));
    }
    let identifies = events::identifies();
    let identify = microseconds(|| bodies(&events_of(&identifies), &settings));
    rows.push(row(
        "identify with a company, bytes to calls",
        identify,
        "a track",
        from_bytes,
    ));
    report::publish(&rows);
}

fn row(name: &str, value: f64, baseline: &str, baseline_value: f64) -> Row {
    Row {
        name: name.to_owned(),
        value,
        unit: "us",
        baseline: baseline.to_owned(),
        baseline_value,
    }
}

fn events_of(body: &str) -> Vec<TrackedEvent> {
    let envelope = Envelope {
        call: None,
        received_at: Timestamp::from_second(1_795_216_000).unwrap(),
    };
    let batch = tracking::read(body.as_bytes(), envelope).unwrap();
    let events = batch.entries.into_iter().map(|entry| match entry {
        Entry::Event(event) => event,
        Entry::Refused { reason, .. } => panic!("{reason}"),
    });
    events.collect()
}

/// The same through the form in which they wait.
fn stored_between(body: &str) -> Vec<TrackedEvent> {
    let stored = events_of(body)
        .iter()
        .map(TrackedEvent::to_stored)
        .collect::<Vec<_>>();
    let read = stored
        .iter()
        .map(|bytes| TrackedEvent::from_stored(bytes).unwrap());
    read.collect()
}

/// What Intercom is told: the body of each call, as it is sent.
fn bodies(events: &[TrackedEvent], settings: &SourceSettings) -> Vec<Vec<u8>> {
    let mut bodies = Vec::with_capacity(events.len());
    for event in events {
        let plan = tracking::plan(event, settings).unwrap();
        for step in plan.steps {
            let body = match step {
                Step::Event(mut event) => {
                    event.user_id.clone_from(&plan.person.external_id);
                    serde_json::to_vec(&event)
                }
                Step::Contact(contact) => serde_json::to_vec(&contact),
                Step::Company { company, .. } => serde_json::to_vec(&company),
                Step::Alias { .. } => panic!("there is none"),
            };
            bodies.push(body.unwrap());
        }
    }
    bodies
}

/// Of an event in the best run: interference only ever adds.
fn microseconds(mut run: impl FnMut() -> Vec<Vec<u8>>) -> f64 {
    let mut best = f64::MAX;
    let until = Instant::now() + RUN;
    while Instant::now() < until {
        let start = Instant::now();
        black_box(run());
        best = best.min(start.elapsed().as_secs_f64());
    }
    #[allow(clippy::cast_precision_loss, reason = "it is a hundred")]
    let events = EVENTS as f64;
    best * 1e6 / events
}

/// Stops the benchmark unless both tell the same of each event, but for what is told in another form: only
/// then do they do the same work.
fn check_same(ours: &[Vec<u8>], theirs: &[String]) {
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        let ours: Value = serde_json::from_slice(ours).unwrap();
        let theirs: Value = serde_json::from_str(theirs).unwrap();
        for path in [
            "/event_name",
            "/created_at",
            "/user_id",
            // The currency is told in small letters, as Intercom writes it.
            "/metadata/price/amount",
            "/metadata/orderId",
        ] {
            assert_eq!(ours.pointer(path), theirs.pointer(path), "{path}");
        }
    }
}
