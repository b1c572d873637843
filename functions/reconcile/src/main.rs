//! Reconciliation on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

use intercom::rest::Client;
use platform::aws::{self, Patience};
use platform::{addresses, clock::Clock, config::Environment, runtime, secrets::LiveSecrets};
use reconcile::{LIMITS, State};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let (sdk, clock) = (
        aws::sdk_config(&environment, Patience::WORKER)?,
        Clock::system(),
    );
    let secrets = LiveSecrets::read(&sdk, &environment, clock.now()).await?;
    let master_key = secrets.known().master_key()?;
    let state = &State {
        store: aws::store(&sdk, &environment, master_key)?,
        secrets,
        intercom: Client::with_limits(addresses::intercom(&environment)?, LIMITS),
        queue: Arc::new(aws::queue(&sdk, &environment, "RECONCILE_QUEUE_URL")?),
        clock,
    };
    runtime::events(|event| reconcile::handle(state, event)).await
}
