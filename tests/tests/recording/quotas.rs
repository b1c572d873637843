//! What one organization may send, and that the others are served whatever it does.

use std::num::NonZeroU32;

use identity::{OrganizationId, SessionId};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use lambda_http::Body;
use lambda_http::http::Method;
use lambda_http::http::header::RETRY_AFTER;
use record::Limits;
use serde_json::json;
use store::{DayCounts, NewChunk, RetentionDays};

use crate::stack::{Answer, Stack, WRITE_KEY, payload, recording, request};

const RIVAL: &str = "rival-write-key";

fn positive(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

/// The first chunks of a recording that is as small as they come.
fn tiny() -> Vec<u8> {
    payload(&recording("forms")[..2])
}

async fn chunk(stack: &Stack, key: &str, session: &str, seq: u32) -> Answer {
    let path = format!("/v1/sessions/{session}/chunks/{seq}");
    let body = Body::Binary(tiny());
    stack.send(request(Method::POST, &path, key, body)).await
}

async fn identify(stack: &Stack, session: &str) -> Answer {
    let path = format!("/v1/sessions/{session}/identify");
    let body = Body::Text(json!({"user_id": "7"}).to_string());
    stack
        .send(request(Method::POST, &path, WRITE_KEY, body))
        .await
}

fn assert_refused(answer: &Answer, within: u64) {
    assert_eq!((answer.status, answer.code()), (429, "quota_exceeded"));
    let wait = answer.headers[RETRY_AFTER].to_str().unwrap();
    let wait: u64 = wait.parse().unwrap();
    assert!((1..=within).contains(&wait), "{wait}");
}

async fn organization(stack: &Stack) -> OrganizationId {
    let grant = stack.store.authenticate(WRITE_KEY, stack.clock.now()).await;
    grant.unwrap().unwrap().organization
}

async fn counts(stack: &Stack) -> DayCounts {
    let today = stack.clock.now().to_zoned(TimeZone::UTC).date();
    let organization = organization(stack).await;
    // What is written behind the answers.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let sessions = stack.store.of(&organization).sessions();
    sessions.day_counts(today).await.unwrap()
}

#[tokio::test]
async fn of_six_hundred_and_one_new_sessions_in_a_minute_one_is_refused_and_everybody_else_is_served()
 {
    let stack = Stack::start().await.limited(Limits::DEFAULT);
    for number in 0..600 {
        let answer = chunk(&stack, WRITE_KEY, &format!("s-{number}"), 0).await;
        assert_eq!(answer.status, 202, "{number}: {answer:?}");
    }
    stack.table_calls.take();
    let before = stack.bucket_bytes().await;
    assert_refused(&chunk(&stack, WRITE_KEY, "s-600", 0).await, 60);
    assert_refused(&chunk(&stack, WRITE_KEY, "s-601", 5).await, 60);
    assert_refused(&identify(&stack, "s-602").await, 60);
    assert_eq!(stack.bucket_bytes().await, before, "nothing was stored");

    // Sessions that are there go on, and so does another organization.
    assert_eq!(chunk(&stack, WRITE_KEY, "s-7", 1).await.status, 202);
    assert_eq!(identify(&stack, "s-8").await.status, 202);
    assert_eq!(chunk(&stack, RIVAL, "s-600", 0).await.status, 202);

    stack.clock.advance(SignedDuration::from_secs(60));
    assert_eq!(chunk(&stack, WRITE_KEY, "s-600", 0).await.status, 202);
    assert_eq!(counts(&stack).await.refused_quotas, 3);
    stack.below.queues.drain();
}

#[tokio::test]
async fn however_a_session_begins_it_counts_once() {
    let limits = Limits {
        new_sessions_a_minute: positive(3),
        ..Limits::DEFAULT
    };
    let stack = Stack::start().await.limited(limits);
    for (session, seq) in [("a", 0), ("a", 0), ("a", 1), ("b", 5), ("b", 0)] {
        let answer = chunk(&stack, WRITE_KEY, session, seq).await;
        assert_eq!(answer.status, 202, "{session} {seq}");
    }
    for _ in 0..2 {
        assert_eq!(identify(&stack, "c").await.status, 202);
    }
    assert_eq!(chunk(&stack, WRITE_KEY, "c", 0).await.status, 202);
    assert_refused(&chunk(&stack, WRITE_KEY, "d", 9).await, 60);
    assert_refused(&chunk(&stack, WRITE_KEY, "e", 0).await, 60);
    stack.below.queues.drain();
}

#[tokio::test]
async fn an_instance_that_has_not_seen_a_session_lets_it_go_on_when_no_other_may_begin() {
    let limits = Limits {
        new_sessions_a_minute: positive(1),
        ..Limits::DEFAULT
    };
    let stack = Stack::start().await;
    assert_eq!(chunk(&stack, WRITE_KEY, "old", 0).await.status, 202);
    // Another instance, which has seen nothing and hears of the first one's count.
    let stack = stack.limited(limits);
    assert_eq!(chunk(&stack, WRITE_KEY, "new", 0).await.status, 202);
    assert_eq!(chunk(&stack, WRITE_KEY, "old", 1).await.status, 202);
    assert_refused(&chunk(&stack, WRITE_KEY, "newer", 0).await, 60);
    stack.below.queues.drain();
}

#[tokio::test]
async fn what_other_instances_have_let_pass_counts() {
    let limits = Limits {
        new_sessions_a_minute: positive(10),
        ..Limits::DEFAULT
    };
    let mut stack = Stack::start().await;
    let mut passed = 0;
    for instance in 0..3 {
        // Nothing of what the one before has in memory.
        stack = stack.limited(limits);
        for number in 0..10 {
            let session = format!("s-{instance}-{number}");
            let answer = chunk(&stack, WRITE_KEY, &session, 0).await;
            passed += u32::from(answer.status == 202);
        }
    }
    // Each lets one pass before it has heard of the others.
    assert_eq!(passed, 10 + 1 + 1);
    stack.below.queues.drain();
}

#[tokio::test]
async fn an_operator_gives_an_organization_more() {
    let limits = Limits {
        new_sessions_a_minute: positive(2),
        ..Limits::DEFAULT
    };
    let stack = Stack::start().await.limited(limits);
    let organization = organization(&stack).await;
    let keys = stack.store.of(&organization).api_keys();
    keys.set_new_sessions_a_minute(Some(positive(5)))
        .await
        .unwrap();
    for number in 0..5 {
        let answer = chunk(&stack, WRITE_KEY, &format!("s-{number}"), 0).await;
        assert_eq!(answer.status, 202, "{number}");
    }
    assert_refused(&chunk(&stack, WRITE_KEY, "s-5", 0).await, 60);
    for number in 0..2 {
        let answer = chunk(&stack, RIVAL, &format!("s-{number}"), 0).await;
        assert_eq!(answer.status, 202, "{number}");
    }
    assert_refused(&chunk(&stack, RIVAL, "s-2", 0).await, 60);
    stack.below.queues.drain();
}

#[tokio::test]
async fn identifications_and_bytes_are_limited() {
    let limits = Limits {
        identifications_a_minute: positive(5),
        session_identifications_a_minute: positive(3),
        megabytes_a_day: positive(1),
        ..Limits::DEFAULT
    };
    let stack = Stack::start().await.limited(limits);
    for _ in 0..3 {
        assert_eq!(identify(&stack, "a").await.status, 202);
    }
    assert_refused(&identify(&stack, "a").await, 60);
    for _ in 0..2 {
        assert_eq!(identify(&stack, "b").await.status, 202);
    }
    assert_refused(&identify(&stack, "c").await, 60);

    let mut sent = 0;
    let large =
        json!([{"type": 5, "timestamp": 1, "data": {"tag": "x", "payload": "x".repeat(300_000)}}]);
    let refused = loop {
        let answer = stack.chunk("a", sent, large.to_string().as_bytes()).await;
        if answer.status != 202 {
            break answer;
        }
        sent += 1;
    };
    assert_eq!(sent, 3);
    assert_refused(&refused, 86_400);
    stack.below.queues.drain();
}

#[tokio::test]
async fn a_number_far_beyond_the_highest_is_refused_and_a_long_session_goes_on() {
    let stack = Stack::start().await;
    assert_eq!(chunk(&stack, WRITE_KEY, "a", 0).await.status, 202);
    for seq in [1_001, 5_000, 19_999] {
        let answer = chunk(&stack, WRITE_KEY, "a", seq).await;
        assert_eq!(
            (answer.status, answer.code()),
            (409, "sequence_too_far"),
            "{seq}"
        );
    }
    for seq in [20_000, 99_999] {
        let answer = chunk(&stack, WRITE_KEY, "a", seq).await;
        assert_eq!(
            (answer.status, answer.code()),
            (409, "session_full"),
            "{seq}"
        );
    }
    // As another instance has stored it meanwhile.
    let organization = organization(&stack).await;
    let session = SessionId::parse("a").unwrap();
    let payload = tiny();
    let stored = NewChunk {
        seq: 1_500,
        sent: &payload,
        payload: &payload,
        is_masked: false,
        is_unsure: false,
        editables: None,
        facts: &replay::inspect_chunk(&payload).unwrap(),
    };
    let recordings = stack.below.recordings.of(&organization);
    let now = stack.clock.now();
    let accepted = recordings.accept_chunk(&session, &stored, RetentionDays::DEFAULT, now);
    accepted.await.unwrap();
    for seq in [1_501, 2_500] {
        let answer = chunk(&stack, WRITE_KEY, "a", seq).await;
        assert_eq!(answer.status, 202, "{seq}");
    }
    stack.below.queues.drain();
}

#[tokio::test]
async fn refused_keys_are_counted_for_whom_they_are_of() {
    let stack = Stack::start().await.limited(Limits::DEFAULT);
    let path = "/v1/sessions/a";
    for key in [WRITE_KEY, WRITE_KEY, "guessed"] {
        let read = request(Method::GET, path, key, Body::Empty);
        assert_eq!(stack.send(read).await.status, 401);
    }
    let counts = counts(&stack).await;
    assert_eq!(
        (
            counts.refused_keys,
            counts.refused_origins,
            counts.refused_quotas
        ),
        (2, 0, 0)
    );
}
