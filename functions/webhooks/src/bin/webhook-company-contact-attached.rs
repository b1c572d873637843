//! The worker of the queue `webhook-company-contact-attached` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::company_contact_attached;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(
        Worker::CompanyContactAttached,
        company_contact_attached::rule,
    )
    .await
}
