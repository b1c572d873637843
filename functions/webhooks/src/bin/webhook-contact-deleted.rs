//! The worker of the queue `webhook-contact-deleted` on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use platform::aws::{self, Patience};
use platform::{config::Environment, runtime};
use webhooks::State;
use webhooks::rules::contact_deleted;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_BIN_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let services = aws::services(&environment, Patience::WORKER)?;
    let state = &State {
        notification: notification::State::of(&services, &environment).await?,
        erase_queue: Arc::new(aws::queue(&services, &environment, "ERASE_QUEUE_URL")?),
    };
    runtime::worker(|event| contact_deleted::handle(state, event)).await
}
