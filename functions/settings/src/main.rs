//! `/settings/…` on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use intercom::rest;
use notification::TopicQueues;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};
use settings::Addresses;

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
    let outbox = wiring::outbox(&services, &environment, &secrets.known())?;
    let addresses = Addresses::from_environment(&environment)?;
    let state = &settings::State {
        store,
        secrets,
        intercom: rest::Client::new(addresses.intercom().clone()),
        queues: TopicQueues::of_environment(&services, &environment)?,
        erase_queue: Arc::new(aws::queue(&services, &environment, "ERASE_QUEUE_URL")?),
        outbox,
        deliver_queue: Arc::new(aws::queue(&services, &environment, "DELIVER_QUEUE_URL")?),
        addresses,
        clock,
    };
    let check = || state.store.check_master_key();
    runtime::http_checked(check, |request| settings::handle(state, request)).await
}
