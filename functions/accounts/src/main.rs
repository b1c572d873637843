//! Accounts to look at, on Lambda.

use std::process::ExitCode;

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
    let (secrets, store) = wiring::open(&services, &environment, Needs::Keys, clock.now()).await?;
    let mirror = wiring::mirror(&services, &environment, &secrets.known())?;
    let state = &accounts::State {
        store,
        mirror,
        hosts: wiring::intercom(&environment)?,
        secrets,
        pages: Pages::of(&environment)?,
        clock,
    };
    runtime::http(|request| accounts::handle(state, request)).await
}
