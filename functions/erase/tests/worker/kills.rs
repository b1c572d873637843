//! The worker dies between any two steps, things come too late meanwhile: nothing is left of whom it erases,
//! and nothing of anybody else is touched.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use fail::FailScenario;

use crate::world::{Late, World};

/// Every place in the sources where the worker may die.
const STEPS: [&str; 11] = [
    "erase::sweep_sent",
    "erase::entombed",
    "erase::objects_deleted",
    "erase::manifests_deleted",
    "erase::unlisted",
    "erase::emptied",
    "erase::unindexed",
    "erase::contacts_deleted",
    "erase::aliases_buried",
    "erase::links_deleted",
    "erase::second_sent",
];

/// Which time a step is taken the worker dies: at the first session, and later, when it goes over all of it
/// once more.
const TIMES: [usize; 3] = [1, 3, 6];

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_dies_and_whatever_comes_late_nothing_is_left_and_nobody_else_is_touched() {
    let expected = World::of_others().await.stack.everything().await;
    let scenario = FailScenario::setup();
    for (number, step) in STEPS.into_iter().enumerate() {
        for time in TIMES {
            let world = World::with_ada().await;
            world.ask().await;
            die_at(step, time);
            world.stack.work().await;
            fail::remove(step);
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
        let world = World::with_ada().await;
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

/// Has the worker panic, which ends its work on the message, when a step is taken for the nth time.
fn die_at(step: &str, time: usize) {
    let taken = AtomicUsize::new(0);
    let die = move || {
        let is_time = taken.fetch_add(1, Ordering::Relaxed) + 1 == time;
        assert!(!is_time, "the worker dies");
    };
    fail::cfg_callback(step, die).unwrap();
}

#[test]
fn no_step_of_the_sources_is_forgotten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = [
        root.join("src/run.rs"),
        root.join("../../shared/store/src/erasure/session.rs"),
        root.join("../../shared/store/src/erasure/forget.rs"),
    ];
    let mut steps = BTreeSet::new();
    for source in sources {
        let source = fs::read_to_string(source).unwrap();
        let calls = source.split("fail_point!(\"").skip(1);
        steps.extend(calls.map(|call| call.split('"').next().unwrap().to_owned()));
    }
    assert_eq!(steps, STEPS.map(str::to_owned).into());
}
