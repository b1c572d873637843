//! Calls that DynamoDB does not do, for now or ever, and batches that it does in part.

use crate::connection;
use crate::course;
use crate::created::CreatedStack;
use crate::deployment::Deployment;
use crate::faults::{Fault, Faults, Refusal, Which};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_for_now_or_done_in_part_is_asked_for_again() {
    let Some(stack) = CreatedStack::create() else {
        return;
    };
    let faults = Faults::default();
    let mut deployment = Deployment::with_faults(&stack, &faults).await;
    faults.everywhere(Fault::Refuse(Refusal::Conflict));
    faults.everywhere(Fault::LeaveUnprocessed);
    course::everything(&mut deployment).await;
    assert!(faults.happened() > 0);
    faults.end();

    for passing in [
        Refusal::Conflict,
        Refusal::Throttled,
        Refusal::Exceeded,
        Refusal::Failed,
    ] {
        faults.at(
            Which::Operation("TransactWriteItems"),
            0,
            2,
            Fault::Refuse(passing),
        );
        let before = faults.happened();
        connection::connect(&mut deployment, 303);
        assert_eq!(faults.happened() - before, 2, "{passing:?}");
    }

    // What can never be done is asked for once.
    let before = faults.happened();
    faults.at(
        Which::Operation("TransactWriteItems"),
        0,
        usize::MAX,
        Fault::Refuse(Refusal::Invalid),
    );
    connection::authorize(&mut deployment, 500);
    assert_eq!(faults.happened() - before, 1);
}
