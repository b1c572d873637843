//! Any bytes as a chunk of a recording, and as a stored state.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[allow(clippy::unwrap_used)]
#[path = "../../tests/hostile/survival.rs"]
mod survival;

fuzz_target!(|bytes: &[u8]| {
    survival::assert_survived(bytes);
    // A damaged state is refused or taken up; it never panics.
    let _ = replay::Analyzer::from_state(bytes);
});
