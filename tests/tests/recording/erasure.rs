//! Somebody is erased by the organization's backend.

use lambda_http::Body;
use lambda_http::http::Method;
use lambda_http::http::header::ALLOW;
use serde_json::json;

use crate::stack::{
    OTHER_SECRET_KEY, SECRET_KEY, Stack, WRITE_KEY, chunk_request, cut, moved, padded, recording,
    request,
};

const ADA: &str = "/v1/people?email=ada%40shop.example";

fn erase(path: &str, key: &str) -> lambda_http::Request {
    request(Method::DELETE, path, key, Body::Empty)
}

#[tokio::test]
async fn nothing_is_left_and_what_comes_later_is_told_to_begin_anew() {
    let stack = Stack::start().await;
    let before = stack.table_bytes().await;
    let chunks = cut(&recording("forms"), 2);
    // One in the bucket, with the analyzer's state after it, and one in its row.
    stack.upload("s-1", 0, &padded(&chunks[0])).await;
    stack.upload("s-1", 1, &moved(stack.clock.now())).await;
    stack
        .identify(
            "s-1",
            &json!({ "email": "ada@shop.example", "user_id": "7" }),
        )
        .await;
    stack.settle().await;
    assert!(stack.bucket_bytes().await > 0);

    let mut answers = Vec::new();
    for path in [ADA, ADA, "/v1/people?user_id=7", "/v1/people?user_id=8"] {
        let answer = stack.send(erase(path, SECRET_KEY)).await;
        assert_eq!(answer.status, 202, "{answer:?}");
        answers.push(answer.json);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[2], answers[3], "it does not say who is known");
    stack.erase_all().await;
    assert_eq!(stack.read("s-1").await.status, 404);
    assert_eq!(stack.bucket_bytes().await, 0);

    for (seq, late) in [
        (2, chunks[1].clone()),
        (3, padded(&chunks[1])),
        (4, moved(stack.clock.now())),
    ] {
        let late = stack.chunk("s-1", seq, &late).await;
        assert_eq!((late.status, late.code()), (409, "session_erased"));
    }
    let path = "/v1/sessions/s-1/identify";
    let body = Body::Text(r#"{"email":"ada@shop.example"}"#.to_owned());
    let late = stack
        .send(request(Method::POST, path, WRITE_KEY, body))
        .await;
    assert_eq!((late.status, late.code()), (409, "session_erased"));
    stack.settle().await;
    stack.erase_all().await;
    assert_eq!(stack.bucket_bytes().await, 0);
    // Tombstones: of the session, of its two aliases, and of the one that was never known; of both names in
    // the workspace, so that Intercom is not told what was said before. And the count of the day.
    let left = stack.table_bytes().await - before;
    assert!(left < 2_000, "{left} bytes");

    stack.upload("s-2", 0, &chunks[0]).await;
    stack
        .identify("s-2", &json!({ "email": "ada@shop.example" }))
        .await;
    stack.settle().await;
    assert_eq!(stack.summary("s-2").await["chunks"], 1);
}

#[tokio::test]
async fn erasing_takes_the_secret_key_and_stays_within_its_organization() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("forms"), 1);
    stack.upload("s-1", 0, &chunks[0]).await;
    stack
        .identify("s-1", &json!({ "email": "ada@shop.example" }))
        .await;
    stack.settle().await;

    let refused = stack.send(erase(ADA, WRITE_KEY)).await;
    assert_eq!((refused.status, refused.code()), (401, "secret_key_needed"));
    let refused = stack.send(erase(ADA, "guessed")).await;
    assert_eq!((refused.status, refused.code()), (401, "unknown_key"));
    for path in ["/v1/people", "/v1/people?email=ada", "/v1/people?name=ada"] {
        assert_eq!(stack.send(erase(path, SECRET_KEY)).await.status, 400);
    }
    for method in [Method::GET, Method::POST, Method::OPTIONS] {
        let wrong = stack.send(request(method, ADA, SECRET_KEY, Body::Empty));
        let wrong = wrong.await;
        assert_eq!(
            (wrong.status, &wrong.headers[ALLOW]),
            (405, &"DELETE".parse().unwrap())
        );
    }
    assert_eq!(stack.send(erase(ADA, OTHER_SECRET_KEY)).await.status, 202);
    stack.erase_all().await;
    assert_eq!(stack.summary("s-1").await["chunks"], 1);
}

#[tokio::test]
async fn when_the_queue_does_not_answer_the_caller_is_told_to_ask_again() {
    let stack = Stack::start().await;
    stack.erase_queue.fail_next(1);
    assert_eq!(stack.send(erase(ADA, SECRET_KEY)).await.status, 503);
    assert_eq!(stack.send(erase(ADA, SECRET_KEY)).await.status, 202);
    stack.below.queues.drain();
}

#[tokio::test]
async fn a_chunk_of_an_erased_session_is_discarded_although_the_table_fails_in_between() {
    let stack = Stack::start().await;
    let chunks = cut(&recording("forms"), 3);
    stack.upload("s-1", 0, &chunks[0]).await;
    stack
        .identify("s-1", &json!({ "email": "ada@shop.example" }))
        .await;
    stack.send(erase(ADA, SECRET_KEY)).await;
    stack.erase_all().await;
    stack.table_calls.fail_next("BatchWriteItem");
    let failed = stack.chunk("s-1", 1, &chunks[1]).await;
    assert_eq!(failed.status, 503);
    let again = chunk_request("s-1", 1, chunks[1].clone(), None);
    assert_eq!(stack.send(again).await.status, 409);
    assert_eq!(stack.bucket_bytes().await, 0);
    stack.below.queues.drain();
}
