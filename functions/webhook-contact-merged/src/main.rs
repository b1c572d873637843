//! The worker of the queue `webhook-contact-merged` on Lambda.

use std::process::ExitCode;

use notification::State;
use platform::runtime;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let state = &State::of_process().await?;
    runtime::worker(|event| webhook_contact_merged::handle(state, event)).await
}
