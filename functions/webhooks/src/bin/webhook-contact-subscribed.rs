//! The worker of the queue `webhook-contact-subscribed` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::contact_subscribed;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(Worker::ContactSubscribed, contact_subscribed::rule).await
}
