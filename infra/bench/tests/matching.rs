//! A small day of the benchmark of matching, with every test run.

#![allow(clippy::unwrap_used)] // All of it is tests.

#[path = "../benches/matching/clients.rs"]
mod clients;
#[path = "../benches/matching/day.rs"]
#[allow(dead_code)] // The benchmark shows more of it.
mod day;
#[path = "../benches/matching/site.rs"]
mod site;
#[path = "../benches/matching/tracks.rs"]
mod tracks;
#[path = "../benches/matching/truth.rs"]
mod truth;
#[path = "../benches/matching/world.rs"]
mod world;

use world::World;

const SEED: u64 = 7;
/// As many as a test without optimisation takes some seconds for; as dense as the benchmark's.
const VISITORS: usize = 300;

#[tokio::test]
async fn nothing_certain_is_wrong_and_next_to_nothing_possible_is() {
    let tally = day::live(&World::new(SEED, VISITORS)).await;
    assert_eq!(tally.exact_wrong, 0, "{tally:?}");
    assert!(tally.possible_precision() >= 0.98, "{tally:?}");
    assert!(tally.exact_recall() > 0.5, "{tally:?}");
    assert!(tally.possible_right >= 3, "{tally:?}");
}
