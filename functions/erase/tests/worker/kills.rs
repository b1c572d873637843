//! The worker dies between any two steps, things come too late meanwhile: nothing is left of whom it erases,
//! and nothing of anybody else is touched.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fail::FailScenario;

use crate::world::{Late, World};

/// Every step between which the worker may die.
fn steps() -> impl Iterator<Item = &'static str> {
    let of_store = store::steps::OF_ERASING;
    erase::steps::ALL.into_iter().chain(of_store)
}

/// Which time a step is taken the worker dies: at the first session, and later, when it goes over all of it
/// once more.
const TIMES: [usize; 3] = [1, 3, 6];

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_dies_and_whatever_comes_late_nothing_is_left_and_nobody_else_is_touched() {
    let expected = World::of_others().await.stack.everything().await;
    let scenario = FailScenario::setup();
    for (number, step) in steps().enumerate() {
        for time in TIMES {
            let world = Box::pin(World::with_ada()).await;
            world.ask().await;
            let taken = die_at(step, time);
            world.stack.work().await;
            fail::remove(step);
            // Some steps are not taken that often, but each is taken.
            let taken = taken.load(Ordering::Relaxed);
            assert!(taken > 0, "{step} is not reached");
            for late in order(number + time) {
                world.come(late).await;
                world.stack.work().await;
            }
            world.stack.settle().await;
            let left = world.stack.everything().await;
            let differ: Vec<_> = left.symmetric_difference(&expected).collect();
            assert!(differ.is_empty(), "{step} {time}: {differ:#?}");
        }
    }
    scenario.teardown();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_while_it_is_asked_for_is_gone_as_well() {
    let expected = World::of_others().await.stack.everything().await;
    for first in 0..Late::ALL.len() {
        let world = Box::pin(World::with_ada()).await;
        world.ask().await;
        // Before the worker has begun, all of it is taken as usual.
        for late in order(first) {
            world.come(late).await;
        }
        world.stack.settle().await;
        // Delivered twice, and asked for again.
        world.ask().await;
        world.ask().await;
        world.stack.settle().await;
        let left = world.stack.everything().await;
        let differ: Vec<_> = left.symmetric_difference(&expected).collect();
        assert!(differ.is_empty(), "{first}: {differ:#?}");
    }
}

/// What comes late in one of its orders.
fn order(number: usize) -> [Late; 4] {
    let mut order = Late::ALL;
    order.rotate_left(number % 4);
    if number.is_multiple_of(2) {
        order.reverse();
    }
    order
}

/// Has the worker panic, which ends its work on the message, when a step is taken for the nth time. How often
/// it is taken is counted.
fn die_at(step: &str, time: usize) -> Arc<AtomicUsize> {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let die = move || {
        let is_time = counter.fetch_add(1, Ordering::Relaxed) + 1 == time;
        assert!(!is_time, "the worker dies");
    };
    fail::cfg_callback(step, die).unwrap();
    taken
}
