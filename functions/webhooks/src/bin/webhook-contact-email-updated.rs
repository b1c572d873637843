//! The worker of the queue `webhook-contact-email-updated` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::contact_email_updated;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start(Worker::ContactEmailUpdated, contact_email_updated::rule).await
}
