//! `/sessions` and `/people` on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use pages::addresses::Pages;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};
use sessions::LastChunk;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // Boxed: it carries the start of every service that it calls.
    runtime::start(env!("CARGO_PKG_NAME"), Box::pin(serve())).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let (services, clock) = (
        aws::services(&environment, Patience::REQUEST)?,
        Clock::system(),
    );
    let (secrets, store) = wiring::open(&services, &environment, Needs::Keys, clock.now()).await?;
    let state = &sessions::State {
        recordings: wiring::recordings(&services, store)?,
        secrets,
        erase_queue: Arc::new(aws::queue(&services, &environment, "ERASE_QUEUE_URL")?),
        pages: Pages::of(&environment)?,
        last_chunk: LastChunk::default(),
        clock,
    };
    runtime::http(|request| sessions::handle(state, request)).await
}
