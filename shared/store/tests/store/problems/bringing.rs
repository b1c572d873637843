//! What a session brings, run by run.

use replay::{MomentKind, Problem};

use crate::problems::world::{World, exactly, problem};

#[tokio::test]
async fn a_noisy_beginning_does_not_shut_out_what_is_worse() {
    let world = World::start().await;
    let noise = |number| Problem {
        kind: MomentKind::ConsoleError,
        ..problem(number)
    };
    let mut told: Vec<Problem> = (100..120).map(noise).collect();
    world.run("s1", &told).await;
    assert_eq!(world.tally(111).await, exactly(1, 1));
    assert_eq!(world.tally(112).await, exactly(0, 0));
    told.insert(0, problem(1));
    world.run("s1", &told).await;
    assert_eq!(world.tally(1).await, exactly(1, 1));
}

#[tokio::test]
async fn what_left_the_summary_before_it_was_counted_is_counted_when_it_comes_back() {
    let world = World::start().await;
    let fixture = &world.fixture;
    let progress = fixture.begin(&world.organization, "s1").await;
    let advance = world.advance(&progress, world.summary(&[problem(1)]));
    let saved = fixture
        .recordings
        .save_summary(&progress, &advance, fixture.now);
    saved.await.unwrap();
    // That run died, and the next one's summary has no room for it.
    world.run("s1", &[problem(2)]).await;
    assert_eq!(world.tally(1).await, exactly(0, 0));
    world.run("s1", &[problem(1), problem(2)]).await;
    assert_eq!(world.tally(1).await, exactly(1, 1));
    assert_eq!(world.tally(2).await, exactly(1, 1));
}
