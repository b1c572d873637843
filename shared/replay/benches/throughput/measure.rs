//! Time and memory.

use std::time::{Duration, Instant};

/// Seconds of the fastest run of each: interference only ever adds. They take turns, so that both see the
/// same machine; a turn is several runs, so that neither pays for what the other has left in the caches.
pub(crate) fn best_of_both(mut first: impl FnMut(), mut second: impl FnMut()) -> (f64, f64) {
    let mut best = (f64::MAX, f64::MAX);
    let until = Instant::now() + Duration::from_secs(3);
    while Instant::now() < until {
        best.0 = best.0.min(best_of_turn(&mut first));
        best.1 = best.1.min(best_of_turn(&mut second));
    }
    best
}

fn best_of_turn(run: &mut impl FnMut()) -> f64 {
    let until = Instant::now() + Duration::from_millis(20);
    let mut best = seconds(run);
    while Instant::now() < until {
        best = best.min(seconds(run));
    }
    best
}

fn seconds(run: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64()
}

/// Bytes of memory of this process, where Linux tells.
pub(crate) fn resident_bytes() -> Option<f64> {
    const PAGE_BYTES: f64 = 4_096.0;
    let sizes = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: f64 = sizes.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE_BYTES)
}
