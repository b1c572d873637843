//! From the bytes of a request to the bodies of calls of Intercom: microseconds an event, on one core.

mod events;

use std::hint::black_box;
use std::time::{Duration, Instant};

use events::EVENTS;
use tracking::{Entry, Envelope, SourceSettings, Step, TrackedEvent};

fn main() {
    let envelope = Envelope {
        call: None,
        received_at: "2026-11-20T23:06:00Z".parse().unwrap(),
    };
    for (name, body) in [
        ("track", events::batch_of_tracks()),
        ("identify", events::batch_of_identifies()),
    ] {
        println!("{name}: {} bytes an event", body.len() / EVENTS);
        let events = events_of(&body, envelope);
        let stored: Vec<Vec<u8>> = events.iter().map(TrackedEvent::to_stored).collect();
        println!("stored {} bytes", stored[0].len());
        let settings = SourceSettings::default();
        micro("read", || {
            black_box(tracking::read(body.as_bytes(), envelope).unwrap());
        });
        micro("to_stored", || {
            for e in &events {
                black_box(e.to_stored());
            }
        });
        micro("from_stored", || {
            for s in &stored {
                black_box(TrackedEvent::from_stored(s).unwrap());
            }
        });
        micro("plan", || {
            for e in &events {
                black_box(tracking::plan(e, &settings).unwrap());
            }
        });
        micro("plan+write", || {
            for e in &events {
                black_box(written(e, &settings));
            }
        });
        micro("read+plan+write", || {
            for e in &events_of(&body, envelope) {
                black_box(written(e, &settings));
            }
        });
        micro("all", || {
            for e in &events_of(&body, envelope) {
                let e = TrackedEvent::from_stored(&e.to_stored()).unwrap();
                black_box(written(&e, &settings));
            }
        });
    }
}

fn events_of(body: &str, envelope: Envelope) -> Vec<TrackedEvent> {
    let batch = tracking::read(body.as_bytes(), envelope).unwrap();
    batch
        .entries
        .into_iter()
        .map(|e| match e {
            Entry::Event(e) => e,
            Entry::Refused { .. } => panic!(),
        })
        .collect()
}

fn written(event: &TrackedEvent, settings: &SourceSettings) -> Vec<u8> {
    let plan = tracking::plan(event, settings).unwrap();
    let mut body = Vec::with_capacity(256);
    for step in plan.steps {
        match step {
            Step::Event(mut e) => {
                e.user_id = plan.person.external_id.clone();
                serde_json::to_writer(&mut body, &e)
            }
            Step::Contact(c) => serde_json::to_writer(&mut body, &c),
            Step::Company { company, .. } => serde_json::to_writer(&mut body, &company),
            Step::Alias { .. } => Ok(()),
        }
        .unwrap();
    }
    body
}

fn micro(name: &str, mut run: impl FnMut()) {
    let mut best = f64::MAX;
    let until = Instant::now() + Duration::from_secs(1);
    while Instant::now() < until {
        let t = Instant::now();
        for _ in 0..10 {
            run();
        }
        best = best.min(t.elapsed().as_secs_f64() / 10.0);
    }
    println!("{name:20} {:.3} us", best * 1e6 / EVENTS as f64);
}
