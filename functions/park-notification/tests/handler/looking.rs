//! Notifications that nobody takes.

use jiff::SignedDuration;
use notification::Worker;
use park_notification::{LookAnswer, look};

use crate::fixture::Fixture;

#[tokio::test]
async fn a_queue_is_noticed_while_its_messages_wait_and_nobody_is_at_work() {
    let fixture = Fixture::start().await;
    let untaken = async || look(&fixture.state.watched).await.unwrap();
    assert_eq!(untaken().await, LookAnswer { untaken: 0 });

    let queues = &fixture.state.queues;
    queues.send(Worker::LeadCreated, "one").await.unwrap();
    queues.send(Worker::LeadCreated, "two").await.unwrap();
    queues.send(Worker::ContactMerged, "three").await.unwrap();
    assert_eq!(untaken().await, LookAnswer { untaken: 2 });

    // Somebody is at work: what else waits has its turn afterwards.
    let taken = fixture.stack.queues.topic(Worker::LeadCreated);
    assert_eq!(taken.receive(1).unwrap().len(), 1);
    assert_eq!(untaken().await, LookAnswer { untaken: 1 });

    // Whoever took it is gone.
    fixture.state.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(untaken().await, LookAnswer { untaken: 2 });
    fixture.stack.queues.drain();
}
