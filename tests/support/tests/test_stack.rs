//! The stack fails the test that leaves messages.

#![cfg(feature = "stack")]
#![allow(clippy::unwrap_used)] // All of it is tests.

use std::time::Duration;

use platform::queue::Queue;
use test_support::{QueueName, TestStack};

async fn with_a_message() -> TestStack {
    let stack = TestStack::start().await;
    let queue = stack.queues.get(QueueName::Erase);
    let later = Duration::from_secs(60);
    queue.send("now".to_owned(), Duration::ZERO).await.unwrap();
    queue.send("later".to_owned(), later).await.unwrap();
    stack
}

#[tokio::test]
#[should_panic = "the test has left messages on the queue Erase"]
async fn a_message_that_is_left_fails_the_test() {
    with_a_message().await;
}

#[tokio::test]
#[should_panic = "another reason"]
async fn a_test_that_fails_keeps_its_own_reason() {
    let _stack = with_a_message().await;
    panic!("another reason");
}

#[tokio::test]
#[should_panic = "the test has left messages on the queue Erase"]
async fn a_message_in_somebodys_hands_is_left_as_well() {
    let stack = TestStack::start().await;
    let queue = stack.queues.get(QueueName::Erase);
    queue.send("now".to_owned(), Duration::ZERO).await.unwrap();
    assert_eq!(queue.receive(1).unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_drains_the_queues_may_leave_messages() {
    let stack = with_a_message().await;
    assert_eq!(stack.queues.drain(), ["now"]);
}

#[tokio::test]
async fn what_was_taken_is_not_left() {
    let stack = TestStack::start().await;
    let queue = stack.queues.get(QueueName::Summarize);
    queue.send("now".to_owned(), Duration::ZERO).await.unwrap();
    assert_eq!(stack.queues.take(QueueName::Summarize), ["now"]);
}
