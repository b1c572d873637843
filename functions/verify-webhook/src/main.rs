//! `/webhooks` on Lambda.

use std::process::ExitCode;

use notification::TopicQueues;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};
use verify_webhook::State;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let services = aws::services(&environment, Patience::DEADLINE)?;
    let clock = Clock::system();
    let state = &State {
        secrets: wiring::live_secrets(&services, &environment, Needs::Credentials, clock.now())
            .await?,
        queues: TopicQueues::of_environment(&services, &environment)?,
        clock,
    };
    runtime::http(|request| verify_webhook::handle(state, request)).await
}
