//! Calls that are done and whose answers are lost.

use crate::course;
use crate::created::CreatedStack;
use crate::deployment::Deployment;
use crate::faults::{Fault, Faults, Loss};
use crate::{parking, recording, rows};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_the_answer_of_every_write_is() {
    let undisturbed = tokio::spawn(rows_after_everything(None));
    let disturbed = tokio::spawn(rows_after_everything(Some(Fault::LoseAnswer(Loss::Closed))));
    let (Some(expected), Some(found)) = (undisturbed.await.unwrap(), disturbed.await.unwrap())
    else {
        return;
    };
    let (missing, added) = (beyond(&expected, &found), beyond(&found, &expected));
    assert!(
        missing.is_empty() && added.is_empty(),
        "{} rows, not {}. Missing: {missing:#?}. Added: {added:#?}",
        found.len(),
        expected.len()
    );
}

/// The rows that there are more often in the one than in the other.
fn beyond<'a>(one: &'a [String], other: &[String]) -> Vec<&'a String> {
    let mut left: Vec<&String> = other.iter().collect();
    let is_beyond = |row: &&String| {
        let place = left.iter().position(|left| left == row);
        place.map(|place| left.swap_remove(place)).is_none()
    };
    one.iter().filter(is_beyond).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_and_parked_notifications_survive_an_answer_that_is_lost() {
    let Some(stack) = CreatedStack::create() else {
        return;
    };
    let mut deployment = Deployment::with_faults(&stack, &Faults::default()).await;
    recording::a_chunk_is_summarized_whichever_answer_is_lost(&mut deployment).await;
    parking::what_failed_for_a_while_arrives_when_it_is_sent_again(&mut deployment).await;
}

/// What the table holds in the end; `None` when there is no stack to try it with.
async fn rows_after_everything(fault: Option<Fault>) -> Option<Vec<String>> {
    let stack = CreatedStack::create()?;
    let faults = Faults::default();
    let mut deployment = Deployment::with_faults(&stack, &faults).await;
    if let Some(fault) = fault {
        faults.everywhere(fault);
    }
    course::everything(&mut deployment).await;
    assert_eq!(faults.happened() > 0, fault.is_some());
    Some(rows::all(deployment.table, &deployment.table_name).await)
}
