//! `/v1/…` on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Secrets};
use record::{Limits, Queues};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // Boxed: it carries the start of every service that it calls.
    runtime::start(env!("CARGO_PKG_NAME"), Box::pin(serve())).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let services = aws::services(&environment, Patience::REQUEST)?;
    let secrets = Secrets::read(&services, &environment).await?;
    let store = wiring::checked_store(&services, &environment, &secrets).await?;
    let recordings = wiring::recordings(&services, store)?;
    let queues = Queues {
        summarize: Arc::new(aws::queue(&services, &environment, "SUMMARIZE_QUEUE_URL")?),
        erase: Arc::new(aws::queue(&services, &environment, "ERASE_QUEUE_URL")?),
    };
    let limits = Limits::from_environment(&environment)?;
    let state = &record::State::new(recordings, queues, Clock::system()).with_limits(limits);
    runtime::http(|request| record::handle(state, request)).await
}
