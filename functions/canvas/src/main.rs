//! `/canvas/…` on Lambda.

use std::process::ExitCode;

use canvas::Views;
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
    let services = aws::services(&environment, Patience::DEADLINE)?;
    let clock = Clock::system();
    let needs = Needs::KeysAndCredentials;
    let (secrets, store) = wiring::open(&services, &environment, needs, clock.now()).await?;
    let state = &canvas::State {
        views: Views::counted(store.clone(), Views::WRITE_INTERVAL),
        store,
        secrets,
        pages: Pages::of(&environment)?,
        clock,
    };
    runtime::http(|request| canvas::handle(state, request)).await
}
