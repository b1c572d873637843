//! The worker of the queue `webhook-event-created` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::event_created;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(Worker::EventCreated, event_created::rule).await
}
