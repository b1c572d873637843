//! The worker of the queue `webhook-contact-archived` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::contact_archived;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start(Worker::ContactArchived, contact_archived::rule).await
}
