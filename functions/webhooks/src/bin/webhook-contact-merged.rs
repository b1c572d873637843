//! The worker of the queue `webhook-contact-merged` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::contact_merged;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start(Worker::ContactMerged, contact_merged::rule).await
}
