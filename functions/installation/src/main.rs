//! `/uninstall` and `/health` on Lambda.

use std::process::ExitCode;

use installation::{LIMITS, State};
use intercom::rest::Client;
use pages::addresses::Pages;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // Boxed: it carries the start of every service that it calls.
    runtime::start(env!("CARGO_PKG_NAME"), Box::pin(serve())).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let services = aws::services(&environment, Patience::REQUEST)?;
    let clock = Clock::system();
    let needs = Needs::KeysAndCredentials;
    let (secrets, store) = wiring::open(&services, &environment, needs, clock.now()).await?;
    let state = &State {
        store,
        secrets,
        intercom: Client::with_limits(wiring::intercom(&environment)?, LIMITS),
        settings: Pages::of(&environment)?.settings,
        clock,
    };
    runtime::http(|request| installation::handle(state, request)).await
}
