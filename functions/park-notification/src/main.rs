//! The worker of the webhooks' dead-letter queue on Lambda.

use std::process::ExitCode;

use notification::TopicQueues;
use park_notification::State;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Secrets};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let services = aws::services(&environment, Patience::WORKER)?;
    let secrets = Secrets::read(&services, &environment).await?;
    let state = &State {
        store: wiring::store(&services, &environment, &secrets)?,
        queues: TopicQueues::of_environment(&services, &environment)?,
        watched: TopicQueues::watched(&services, &environment)?,
        clock: Clock::system(),
    };
    runtime::events(|event| park_notification::handle(state, event)).await
}
