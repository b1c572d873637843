//! Whoever copies dies between any two steps: started again, the copy is the same. A program of its own: fail
//! points are the process's.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)] // All of it is tests.

#[path = "../handler/fixture.rs"]
#[allow(dead_code)] // Others use the rest.
mod fixture;
#[path = "../handler/workspace.rs"]
mod workspace;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use fail::FailScenario;
use intercom::rest::Model;
use mirror::Choices;

use crate::fixture::Fixture;
use crate::workspace::{ALL, copied, seed};

/// Which time a step is taken it is killed.
const TIMES: [usize; 3] = [1, 2, 4];

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_dies_the_copy_is_the_same() {
    let scenario = FailScenario::setup();
    for step in sync::steps::ALL {
        for time in TIMES {
            let fixture = Fixture::with_pages(2).await;
            seed(&fixture);
            let choices = Choices {
                write_back: true,
                ..Choices::everything()
            };
            fixture.choose(&choices).await;
            fixture.visited("u-1", "session-1", 60).await;
            fixture.schedule().await;
            let taken = die_at(step, time);
            fixture.settle().await;
            fail::remove(step);
            assert!(taken.load(Ordering::Relaxed) > 0, "{step} is not reached");
            // What nobody goes on with is taken up by the schedule.
            fixture.later(60);
            fixture.schedule().await;
            fixture.settle().await;
            assert_eq!(copied(&fixture).await, ALL, "{step} {time}");
            for (model, id, name) in [
                (Model::Company, "c-1", "Recapt Sessions 30d"),
                (Model::Contact, "u-1", "Recapt Person sessions 30d"),
            ] {
                let written = fixture.attributes(model, id);
                assert_eq!(written[name], 1, "{step} {time} {id}");
            }
        }
    }
    scenario.teardown();
}

/// Has the step panic when it is taken for the nth time. How often it is taken is counted.
fn die_at(step: &str, time: usize) -> Arc<AtomicUsize> {
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&taken);
    let die = move || {
        let is_time = counter.fetch_add(1, Ordering::Relaxed) + 1 == time;
        assert!(!is_time, "it dies");
    };
    fail::cfg_callback(step, die).unwrap();
    taken
}
