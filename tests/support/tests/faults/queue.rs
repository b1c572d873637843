//! Queues, which lose answers by the same plan.

use std::sync::Arc;
use std::time::Duration;

use platform::clock::Clock;
use platform::queue::{LocalQueue, Queue};
use test_support::{Faults, FaultyQueue, Loss};

#[tokio::test]
async fn a_message_is_there_twice_or_its_sender_is_told_of_an_error() {
    for (loss, is_answered, messages) in [(Loss::First, true, 2), (Loss::All, false, 1)] {
        let local = LocalQueue::in_memory(Clock::system()).unwrap();
        let (faults, local) = (Faults::default(), Arc::new(local));
        let queue = FaultyQueue::new(local.clone(), faults.clone());
        faults.lose_answer_of_write(0, loss);

        let sent = queue.send("x".to_owned(), Duration::ZERO).await;

        assert_eq!(sent.is_ok(), is_answered);
        assert_eq!(local.receive(10).unwrap().len(), messages);
        assert_eq!(faults.take_writes(), ["SQS send"]);
    }
}
