//! The worker of the queue `webhook-lead-added-email` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::lead_added_email;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start(Worker::LeadAddedEmail, lead_added_email::rule).await
}
