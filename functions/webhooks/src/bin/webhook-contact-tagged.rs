//! The worker of the queue `webhook-contact-tagged` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::contact_tagged;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(Worker::ContactTagged, contact_tagged::rule).await
}
