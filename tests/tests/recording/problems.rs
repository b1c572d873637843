//! Problems counted by runs, whatever goes wrong.

use identity::OrganizationId;
use serde_json::json;
use store::{Days, ProblemQuery};

use crate::stack::{Stack, another_page, padded, payload, recording};

#[tokio::test]
async fn what_is_beyond_a_gap_is_waited_for_though_problems_could_not_be_counted() {
    let stack = Stack::start().await;
    let broken = payload(&recording("broken-widget"));
    stack.upload("s-1", 0, &broken).await;
    let beyond = another_page(stack.clock.now());
    stack.upload("s-1", 2, &beyond).await;
    stack.queue.take_sent();
    // Of all that a run does only counting reads a row.
    stack.table_calls.fail_next("GetItem");
    stack.serve().await;
    assert_eq!(stack.queue.take_sent(), 1, "a look at the gap");
    assert_eq!(people(&stack).await, 0);
    stack.settle().await;
    assert_eq!(people(&stack).await, 1);
    // The look at the gap is due in half an hour.
    stack.below.queues.drain();
}

#[tokio::test]
async fn sessions_that_are_identified_after_their_last_chunk_count_as_one_person() {
    let stack = Stack::start().await;
    let broken = payload(&recording("broken-widget"));
    for session in ["s-1", "s-2"] {
        stack.upload(session, 0, &broken).await;
    }
    // After a large one there is nothing to take up but a state.
    stack.upload("s-3", 0, &padded(&broken)).await;
    stack.settle().await;
    assert_eq!(people(&stack).await, 3);
    for session in ["s-1", "s-2", "s-3"] {
        stack.identify(session, &json!({ "user_id": "u-1" })).await;
    }
    stack.settle().await;
    assert_eq!(people(&stack).await, 1);
    stack.queue.take_sent();
    stack.identify("s-1", &json!({ "user_id": "u-1" })).await;
    assert_eq!(stack.queue.take_sent(), 0, "it is counted");
}

/// How many people have the most frequent problem of the day.
async fn people(stack: &Stack) -> u64 {
    let now = stack.clock.now();
    let query = ProblemQuery {
        days: Days::until(now, 2),
        kind: None,
        only_new: false,
        skip: 0,
        limit: 1,
    };
    let organization = OrganizationId::parse("org_acme").unwrap();
    let problems = stack.store.of(&organization).problems();
    let list = problems.list(query, now).await.unwrap();
    let first = list.problems.first();
    first.map_or(0, |problem| problem.total.people)
}
