//! The worker of the webhooks' dead-letter queue on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use notification::{TopicQueues, Worker};
use park_notification::State;
use platform::aws::{self, Patience};
use platform::config::{ConfigError, Environment};
use platform::queue::Watched;
use platform::{clock::Clock, runtime, secrets::Secrets};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let sdk = aws::sdk_config(&environment, Patience::WORKER)?;
    let secrets = Secrets::read(&sdk, &environment).await?;
    let queue = aws::queues(&sdk, &environment);
    let watched = Worker::ALL.map(|worker| {
        let watched: Arc<dyn Watched> = Arc::new(queue(worker.queue_variable())?);
        Ok((worker, watched))
    });
    let state = &State {
        store: wiring::store(&sdk, &environment, &secrets)?,
        queues: TopicQueues::of_environment(&sdk, &environment)?,
        watched: watched.into_iter().collect::<Result<_, ConfigError>>()?,
        clock: Clock::system(),
    };
    runtime::events(|event| park_notification::handle(state, event)).await
}
