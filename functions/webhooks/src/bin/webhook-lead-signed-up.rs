//! The worker of the queue `webhook-lead-signed-up` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::lead_signed_up;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start(Worker::LeadSignedUp, lead_signed_up::rule).await
}
