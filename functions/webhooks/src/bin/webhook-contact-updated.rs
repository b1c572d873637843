//! The worker of the queue `webhook-contact-updated` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::contact_updated;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(Worker::ContactUpdated, contact_updated::rule).await
}
