//! Reconciliation on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use intercom::rest::Client;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};
use reconcile::{LIMITS, State};

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
    let state = &State {
        store: wiring::store(&services, &environment, &secrets.known())?,
        secrets,
        intercom: Client::with_limits(wiring::intercom(&environment)?, LIMITS),
        queue: Arc::new(aws::queue(&services, &environment, "RECONCILE_QUEUE_URL")?),
        clock,
    };
    runtime::events(|event| reconcile::handle(state, event)).await
}
