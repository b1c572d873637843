//! `/sessions` and `/people` on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use pages::addresses::Pages;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};
use sessions::LastChunk;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let (sdk, clock) = (
        aws::sdk_config(&environment, Patience::REQUEST)?,
        Clock::system(),
    );
    let secrets = wiring::live_secrets(&sdk, &environment, Needs::Keys, clock.now()).await?;
    let store = wiring::store(&sdk, &environment, &secrets.known())?;
    let state = &sessions::State {
        recordings: wiring::recordings(&environment, store, Patience::REQUEST)?,
        secrets,
        erase_queue: Arc::new(aws::queue(&sdk, &environment, "ERASE_QUEUE_URL")?),
        pages: Pages::of(&environment)?,
        last_chunk: LastChunk::default(),
        clock,
    };
    runtime::http(|request| sessions::handle(state, request)).await
}
