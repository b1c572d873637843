//! `/v1/…` on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};
use record::{Limits, Queues};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // Boxed: it carries the start of every service that it calls.
    runtime::start(env!("CARGO_PKG_NAME"), Box::pin(serve())).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let services = aws::services(&environment, Patience::REQUEST)?;
    let clock = Clock::system();
    let (_, store) = wiring::open(&services, &environment, Needs::Keys, clock.now()).await?;
    let recordings = wiring::recordings(&services, store.clone())?;
    let queues = Queues {
        summarize: Arc::new(aws::queue(&services, &environment, "SUMMARIZE_QUEUE_URL")?),
        erase: Arc::new(aws::queue(&services, &environment, "ERASE_QUEUE_URL")?),
    };
    let limits = Limits::from_environment(&environment)?;
    let state = &record::State::new(recordings, queues, clock).with_limits(limits);
    let check = || store.check_master_key();
    runtime::http_checked(check, |request| record::handle(state, request)).await
}
