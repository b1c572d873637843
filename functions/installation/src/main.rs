//! `/uninstall` and `/health` on Lambda.

use std::process::ExitCode;

use installation::{LIMITS, State};
use intercom::rest::Client;
use platform::addresses::{self, Pages};
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::LiveSecrets};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let sdk = aws::sdk_config(&environment, Patience::REQUEST)?;
    let clock = Clock::system();
    let secrets = LiveSecrets::read(&sdk, &environment, clock.now()).await?;
    let master_key = secrets.known().master_key()?;
    let state = &State {
        store: aws::store(&sdk, &environment, master_key)?,
        secrets,
        intercom: Client::with_limits(addresses::intercom(&environment)?, LIMITS),
        settings: Pages::of(&environment)?.settings,
        clock,
    };
    runtime::http(|request| installation::handle(state, request)).await
}
