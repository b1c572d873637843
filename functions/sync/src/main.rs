//! Reconciliation on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use intercom::rest::Client;
use pages::addresses::Pages;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};
use sync::{LIMITS, State};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let (services, clock) = (
        aws::services(&environment, Patience::WORKER)?,
        Clock::system(),
    );
    let secrets = wiring::live_secrets(&services, &environment, Needs::Keys, clock.now()).await?;
    let known = secrets.known();
    let state = &State {
        mirror: wiring::mirror(&services, &environment, &known)?,
        outbox: wiring::outbox(&services, &environment, &known)?,
        allowances: Arc::default(),
        store: wiring::store(&services, &environment, &known)?,
        secrets,
        intercom: Client::with_limits(wiring::intercom(&environment)?, LIMITS),
        pages: Pages::of(&environment)?,
        queue: Arc::new(aws::queue(&services, &environment, "SYNC_QUEUE_URL")?),
        clock,
    };
    runtime::events(|event| sync::handle(state, event)).await
}
