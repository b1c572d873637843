//! The worker of the queue `webhook-company-deleted` on Lambda.

use std::process::ExitCode;

use notification::Worker;
use webhooks::rules::company_deleted;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    webhooks::start_mirrored(Worker::CompanyDeleted, company_deleted::rule).await
}
