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
    let services = aws::services(&environment, Patience::WORKER)?;
    let secrets = Secrets::read(&services, &environment).await?;
    let store = wiring::checked_store(&services, &environment, &secrets).await?;
    let recordings = wiring::recordings(&services, store)?;
    let queue = aws::queue(&services, &environment, "SUMMARIZE_QUEUE_URL")?;
    let state = &summarize::State::new(recordings, Arc::new(queue), Clock::system());
    runtime::events(|event| summarize::respond(state, event)).await
}
