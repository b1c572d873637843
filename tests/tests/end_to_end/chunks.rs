//! Chunks as recorders send them.

use std::io::Write;

use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

/// A chunk's body and how it is packed.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    pub(crate) body: Vec<u8>,
    pub(crate) encoding: Option<&'static str>,
}

impl Chunk {
    /// The events as a JSON array.
    pub(crate) fn plain(events: &[Value]) -> Self {
        Self::of(serde_json::to_vec(events).unwrap(), None)
    }

    pub(crate) fn gzip(events: &[Value]) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        serde_json::to_writer(&mut encoder, events).unwrap();
        encoder.flush().unwrap();
        Self::of(encoder.finish().unwrap(), Some("gzip"))
    }

    pub(crate) fn zstd(events: &[Value]) -> Self {
        let payload = serde_json::to_vec(events).unwrap();
        Self::of(zstd::bulk::compress(&payload, 1).unwrap(), Some("zstd"))
    }

    pub(crate) fn of(body: Vec<u8>, encoding: Option<&'static str>) -> Self {
        Self { body, encoding }
    }

    /// Packed in any way.
    fn any(events: &[Value], random: &mut Rng) -> Self {
        match random.u8(..3) {
            0 => Self::plain(events),
            1 => Self::gzip(events),
            _ => Self::zstd(events),
        }
    }
}

/// A recording cut at so many random places; no chunk is larger than a request may be.
pub(crate) fn cut(events: &[Value], cuts: usize, random: &mut Rng) -> Vec<Chunk> {
    let mut bounds: Vec<usize> = (0..cuts).map(|_| random.usize(1..events.len())).collect();
    bounds.extend([0, events.len()]);
    bounds.sort_unstable();
    bounds.dedup();
    let parts = bounds
        .windows(2)
        .map(|bounds| &events[bounds[0]..bounds[1]]);
    parts.map(|part| packed(part, random)).collect()
}

/// A single event can be larger than the limit as it is; packed it is not.
fn packed(events: &[Value], random: &mut Rng) -> Chunk {
    // What Lambda hands to a function in base64.
    const LIMIT: usize = 4_500_000;
    let chunk = Chunk::any(events, random);
    match chunk.body.len() {
        0..=LIMIT => chunk,
        _ => Chunk::zstd(events),
    }
}

/// The order in which chunks are sent: shuffled, half of them twice.
pub(crate) fn arrivals(chunks: usize, random: &mut Rng) -> Vec<usize> {
    let again = random.choose_multiple(0..chunks, chunks / 2);
    let mut arrivals: Vec<usize> = (0..chunks).chain(again).collect();
    random.shuffle(&mut arrivals);
    arrivals
}
