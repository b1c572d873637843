//! The worker of the queue `webhook-company-updated` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::company_updated;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(Worker::CompanyUpdated, company_updated::rule).await
}
