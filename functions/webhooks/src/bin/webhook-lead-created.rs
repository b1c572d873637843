//! The worker of the queue `webhook-lead-created` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::lead_created;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start(Worker::LeadCreated, lead_created::rule).await
}
