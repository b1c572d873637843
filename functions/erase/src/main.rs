//! The worker of the queue `erase` on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use erase::Queues;
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
    let store = wiring::store(&services, &environment, &secrets)?;
    let recordings = wiring::recordings(&services, store)?;
    let outbox = wiring::outbox(&services, &environment, &secrets)?;
    let queue = |name| aws::queue(&services, &environment, name).map(Arc::new);
    let queues = Queues {
        erase: queue("ERASE_QUEUE_URL")?,
        deliver: queue("DELIVER_QUEUE_URL")?,
    };
    let state = &erase::State::new((recordings, outbox), queues, Clock::system());
    runtime::worker(|event| erase::handle(state, event)).await
}
