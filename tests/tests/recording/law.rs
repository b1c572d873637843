//! The law of the summary: however a recording is cut, in whatever order its chunks arrive, however often
//! each is sent and whenever runs happen in between, the summary is that of the whole.

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use std::io::Write;
use std::sync::LazyLock;

use crate::stack::{Stack, chunk_request, payload, recording};

static RECORDINGS: LazyLock<Vec<Vec<Value>>> = LazyLock::new(|| {
    [
        "spa-slow",
        "mousedown-menu",
        "shadow-dom",
        "forms",
        "busy-ticker",
    ]
    .map(recording)
    .into()
});

/// How a recording reaches us.
#[derive(Debug, Clone)]
struct Journey {
    recording: Index,
    cuts: Vec<Index>,
    /// Sent in this order; a number that is in here twice is sent twice.
    order: Vec<Index>,
    /// How each is packed.
    encodings: Vec<u8>,
    /// After how many chunks the queue is served, over and over.
    served_every: usize,
}

fn journey() -> impl Strategy<Value = Journey> {
    let indices = |most| prop::collection::vec(any::<Index>(), 0..most);
    (
        any::<Index>(),
        indices(12),
        indices(24),
        prop::collection::vec(0..4_u8, 1..8),
        1..8_usize,
    )
        .prop_map(
            |(recording, cuts, order, encodings, served_every)| Journey {
                recording,
                cuts,
                order,
                encodings,
                served_every,
            },
        )
}

impl Journey {
    fn events(&self) -> &'static [Value] {
        &RECORDINGS[self.recording.index(RECORDINGS.len())]
    }

    /// The chunks; some may be empty.
    fn chunks(&self) -> Vec<&'static [Value]> {
        let events = self.events();
        let mut bounds: Vec<usize> = self
            .cuts
            .iter()
            .map(|cut| cut.index(events.len()))
            .collect();
        bounds.extend([0, events.len()]);
        bounds.sort_unstable();
        bounds
            .windows(2)
            .map(|pair| &events[pair[0]..pair[1]])
            .collect()
    }

    /// The numbers in the order in which they are sent; each at least once.
    fn arrivals(&self, chunks: usize) -> Vec<usize> {
        let mut arrivals: Vec<usize> = self.order.iter().map(|index| index.index(chunks)).collect();
        let missing: Vec<usize> = (0..chunks).filter(|seq| !arrivals.contains(seq)).collect();
        arrivals.extend(missing.into_iter().rev());
        arrivals
    }
}

/// A payload as one of the encodings that recorders use.
fn packed(events: &[Value], encoding: u8) -> (Vec<u8>, Option<&'static str>) {
    match encoding {
        // No line at all is no chunk.
        1 if !events.is_empty() => {
            let lines: Vec<String> = events.iter().map(Value::to_string).collect();
            (lines.join("\n").into_bytes(), None)
        }
        2 => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&payload(events)).unwrap();
            (encoder.finish().unwrap(), Some("gzip"))
        }
        3 => (
            zstd::bulk::compress(&payload(events), 1).unwrap(),
            Some("zstd"),
        ),
        _ => (payload(events), None),
    }
}

async fn summary_after(journey: &Journey) -> Value {
    let stack = Stack::start().await;
    let chunks = journey.chunks();
    for (sent, seq) in journey.arrivals(chunks.len()).into_iter().enumerate() {
        // The same chunk is packed in the same way each time: other bytes would be another chunk.
        let encoding = journey.encodings[seq % journey.encodings.len()];
        let (body, encoding) = packed(chunks[seq], encoding);
        let answer = stack
            .send(chunk_request("s-1", seq as u32, body, encoding))
            .await;
        assert_eq!(answer.status, 202, "{answer:?}");
        if sent % journey.served_every == 0 {
            stack.serve().await;
        }
    }
    stack.settle().await;
    stack.below.queues.drain();
    stack.summary("s-1").await
}

fn expected(journey: &Journey) -> Value {
    let whole = replay::summarize(&payload(journey.events()))
        .unwrap()
        .unwrap();
    let mut expected = serde_json::to_value(whole).unwrap();
    expected["chunks"] = journey.chunks().len().into();
    expected["session_id"] = "s-1".into();
    expected["aliases"] = serde_json::json!({
        "email": null, "user_id": null, "anonymous_id": null, "visitor_id": null,
    });
    expected
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_summary_is_that_of_the_whole_recording(journey in journey()) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let summary = runtime.block_on(summary_after(&journey));
        prop_assert_eq!(summary, expected(&journey));
    }
}
