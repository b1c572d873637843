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
    let sdk = aws::sdk_config(&environment, Patience::WORKER)?;
    let secrets = Secrets::read(&sdk, &environment).await?;
    let state = &State {
        store: wiring::store(&sdk, &environment, &secrets)?,
        queues: TopicQueues::of_environment(&sdk, &environment)?,
        watched: TopicQueues::watched(&sdk, &environment)?,
        clock: Clock::system(),
    };
    runtime::events(|event| park_notification::handle(state, event)).await
}
