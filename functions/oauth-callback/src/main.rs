//! `/install` and `/oauth/callback` on Lambda.

use std::process::ExitCode;

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
    let secrets = wiring::live_secrets(
        &services,
        &environment,
        Needs::KeysAndCredentials,
        clock.now(),
    )
    .await?;
    let hosts = wiring::intercom(&environment)?;
    let state = &oauth_callback::State {
        store: wiring::checked_store(&services, &environment, &secrets.known()).await?,
        secrets,
        intercom: Client::new(hosts.clone()),
        hosts,
        settings: Pages::of(&environment)?.settings,
        clock,
    };
    runtime::http(|request| oauth_callback::handle(state, request)).await
}
