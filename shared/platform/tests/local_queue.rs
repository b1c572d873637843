//! The local queue delivers as SQS does.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::cell::RefCell;
use std::sync::Mutex;
use std::time::Duration;

use aws_lambda_events::event::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use jiff::{SignedDuration, Timestamp};
use platform::clock::Clock;
use platform::queue::dispatch::{drain, drain_dead_letters, run};
use platform::queue::{LocalQueue, MAX_RECEIVES, Queue, QueueError};
use platform::worker::{self, process_batch};
use platform::xray::{self, TraceHeader};

const NOW: Duration = Duration::ZERO;

fn standing_clock() -> Clock {
    Clock::fixed(Timestamp::from_second(1_800_000_000).unwrap())
}

fn queue(clock: &Clock) -> LocalQueue {
    LocalQueue::in_memory(clock.clone())
        .unwrap()
        .with_visibility_timeout(Duration::from_secs(30))
}

async fn send(queue: &LocalQueue, body: &str, delay: Duration) {
    queue.send(body.to_owned(), delay).await.unwrap();
}

fn bodies(messages: &[SqsMessage]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| message.body.as_deref().unwrap())
        .collect()
}

fn failing(event: &SqsEvent, fails: impl Fn(&str) -> bool) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for record in &event.records {
        if fails(record.body.as_deref().unwrap()) {
            response.add_failure(record.message_id.clone().unwrap());
        }
    }
    response
}

#[tokio::test]
async fn a_message_is_delivered_when_its_delay_is_over_and_not_before() {
    let clock = standing_clock();
    let queue = queue(&clock);
    send(&queue, "later", Duration::from_millis(3_500)).await;
    send(&queue, "now", NOW).await;

    assert_eq!(bodies(&queue.receive(10).unwrap()), ["now"]);
    clock.advance(SignedDuration::from_millis(3_999));
    assert_eq!(bodies(&queue.receive(10).unwrap()), [""; 0]);
    clock.advance(SignedDuration::from_millis(1));
    assert_eq!(bodies(&queue.receive(10).unwrap()), ["later"]);
}

#[tokio::test]
async fn a_message_that_is_not_deleted_in_time_comes_again_and_its_old_receipt_is_void() {
    let clock = standing_clock();
    let queue = queue(&clock);
    send(&queue, "task", NOW).await;

    let first = queue.receive(10).unwrap().remove(0);
    assert_eq!(first.attributes["ApproximateReceiveCount"], "1");
    assert_eq!(first.attributes["SentTimestamp"], "1800000000000");
    assert!(queue.receive(10).unwrap().is_empty(), "it is hidden");

    clock.advance(SignedDuration::from_secs(30));
    let second = queue.receive(10).unwrap().remove(0);
    assert_eq!(second.attributes["ApproximateReceiveCount"], "2");
    assert_eq!(second.message_id, first.message_id);

    queue.delete(&first.receipt_handle.unwrap()).unwrap();
    assert!(queue.next_visible_at().unwrap().is_some(), "still there");
    queue.delete(&second.receipt_handle.unwrap()).unwrap();
    assert_eq!(queue.next_visible_at().unwrap(), None);
}

#[tokio::test]
async fn only_what_failed_is_delivered_again() {
    let clock = standing_clock();
    let queue = queue(&clock);
    for body in ["good", "bad", "fine"] {
        send(&queue, body, NOW).await;
    }
    let seen = RefCell::new(Vec::new());
    let handler = async |event: SqsEvent| {
        let bodies = bodies(&event.records).join(" ");
        seen.borrow_mut().push(bodies);
        failing(&event, |body| body == "bad")
    };

    drain(&queue, handler).await.unwrap();
    clock.advance(SignedDuration::from_secs(30));
    drain(&queue, handler).await.unwrap();

    assert_eq!(*seen.borrow(), ["good bad fine", "bad"]);
}

#[tokio::test]
async fn a_failure_that_names_no_message_fails_the_whole_batch() {
    let clock = standing_clock();
    let queue = queue(&clock);
    send(&queue, "task", NOW).await;
    let handler = async |_: SqsEvent| {
        let mut response = SqsBatchResponse::default();
        response.add_failure("");
        response
    };

    drain(&queue, handler).await.unwrap();

    clock.advance(SignedDuration::from_secs(30));
    assert_eq!(bodies(&queue.receive(10).unwrap()), ["task"]);
}

#[tokio::test]
async fn a_message_that_keeps_failing_is_parked_and_can_be_sent_back() {
    let clock = standing_clock();
    let queue = queue(&clock);
    send(&queue, "poison", NOW).await;
    let deliveries = RefCell::new(0);
    let handler = async |event: SqsEvent| {
        *deliveries.borrow_mut() += 1;
        failing(&event, |_| true)
    };

    for _ in 0..10 {
        drain(&queue, handler).await.unwrap();
        clock.advance(SignedDuration::from_secs(30));
    }

    assert_eq!(deliveries.take(), MAX_RECEIVES);
    let dead = queue.dead_letters().unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!((dead[0].body.as_str(), dead[0].receives), ("poison", 5));

    assert_eq!(queue.redrive().unwrap(), 1);
    assert!(queue.dead_letters().unwrap().is_empty());
    drain(&queue, async |_| SqsBatchResponse::default())
        .await
        .unwrap();
    assert_eq!(queue.next_visible_at().unwrap(), None);
}

#[tokio::test]
async fn dead_letters_are_served_until_somebody_takes_them() {
    let clock = standing_clock();
    let queue = queue(&clock);
    send(&queue, "poison", NOW).await;
    let fail_all = async |event: SqsEvent| failing(&event, |_| true);
    for _ in 0..=MAX_RECEIVES {
        drain(&queue, fail_all).await.unwrap();
        clock.advance(SignedDuration::from_secs(30));
    }

    assert_eq!(drain_dead_letters(&queue, fail_all).await.unwrap(), 1);
    assert_eq!(
        drain_dead_letters(&queue, fail_all).await.unwrap(),
        0,
        "it is in hand"
    );
    clock.advance(SignedDuration::from_secs(30));
    let attempts = Mutex::new(Vec::new());
    let take = async |event: SqsEvent| {
        attempts
            .lock()
            .unwrap()
            .extend(event.records.iter().map(worker::attempt));
        SqsBatchResponse::default()
    };
    assert_eq!(drain_dead_letters(&queue, take).await.unwrap(), 1);
    assert_eq!(attempts.into_inner().unwrap(), [MAX_RECEIVES + 2]);
    assert_eq!(queue.dead_letters().unwrap(), []);
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("summarize.sqlite");
    let clock = standing_clock();
    {
        let queue = LocalQueue::open(&path, clock.clone()).unwrap();
        send(&queue, "in hand", NOW).await;
        queue.receive(1).unwrap();
        send(&queue, "waiting", NOW).await;
    }

    let queue = LocalQueue::open(&path, clock.clone()).unwrap();
    assert_eq!(bodies(&queue.receive(10).unwrap()), ["waiting"]);
    clock.advance(SignedDuration::from_secs(30));
    assert_eq!(bodies(&queue.receive(10).unwrap()), ["in hand", "waiting"]);
}

#[tokio::test]
async fn a_message_carries_the_trace_that_it_was_sent_in_and_so_does_what_its_worker_sends() {
    let clock = standing_clock();
    let queue = queue(&clock);
    let trace = TraceHeader::parse("Root=1-a;Parent=b;Sampled=1");
    xray::scope(trace.clone(), send(&queue, "1", NOW)).await;
    send(&queue, "10", NOW).await;
    let seen = Mutex::new(Vec::new());
    let process = async |number: u64| {
        seen.lock().unwrap().push((number, xray::current()));
        if number < 3 {
            send(&queue, &(number + 1).to_string(), NOW).await;
        }
        Ok::<_, QueueError>(())
    };

    drain(&queue, |event| process_batch(event, 1, process))
        .await
        .unwrap();

    let seen = seen.into_inner().unwrap();
    let expected = [
        (1, trace.clone()),
        (10, None),
        (2, trace.clone()),
        (3, trace),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_file_of_an_older_version_is_taken_over_with_its_messages() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue.sqlite");
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch(
            "CREATE TABLE messages (
                 id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, sent_at INTEGER NOT NULL,
                 visible_at INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0, receipt TEXT UNIQUE,
                 dead INTEGER NOT NULL DEFAULT 0) STRICT;
             INSERT INTO messages (body, sent_at, visible_at) VALUES ('old', 0, 0);",
        )
        .unwrap();
    for expected in [&["old"][..], &[]] {
        let queue = LocalQueue::open(&path, standing_clock()).unwrap();
        assert_eq!(bodies(&queue.receive(10).unwrap()), expected);
    }
}

#[tokio::test]
async fn a_file_that_is_no_queue_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queue.sqlite");
    std::fs::write(
        &path,
        "not a database, but long enough to be taken for one".repeat(100),
    )
    .unwrap();
    assert!(LocalQueue::open(&path, Clock::system()).is_err());
}

#[tokio::test]
async fn a_sent_message_wakes_the_worker_at_once() {
    let queue = LocalQueue::in_memory(Clock::system()).unwrap();
    let (done, mut arrived) = tokio::sync::mpsc::unbounded_channel();
    let handler = async |_: SqsEvent| {
        done.send(std::time::Instant::now()).unwrap();
        SqsBatchResponse::default()
    };
    let scenario = async {
        // The loop is asleep by now: it found nothing and looks again after a second.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let sent = std::time::Instant::now();
        send(&queue, "task", NOW).await;
        arrived.recv().await.unwrap().duration_since(sent)
    };

    let took = tokio::select! {
        () = run(&queue, handler) => unreachable!("the loop never ends"),
        took = scenario => took,
    };

    assert!(took < Duration::from_millis(500), "{took:?}");
}
