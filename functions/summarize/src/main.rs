//! The worker of the queue `summarize` on Lambda, and its schedule.

use std::process::ExitCode;
use std::sync::Arc;

use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Secrets};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // Boxed: it carries the start of every service that it calls.
    runtime::start(env!("CARGO_PKG_NAME"), Box::pin(serve())).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let sdk = aws::sdk_config(&environment, Patience::WORKER)?;
    let secrets = Secrets::read(&sdk, &environment).await?;
    let store = wiring::checked_store(&sdk, &environment, &secrets).await?;
    let recordings = wiring::recordings(&environment, store, Patience::WORKER)?;
    let queue = aws::queue(&sdk, &environment, "SUMMARIZE_QUEUE_URL")?;
    let state = &summarize::State::new(recordings, Arc::new(queue), Clock::system());
    runtime::events(|event| summarize::respond(state, event)).await
}
