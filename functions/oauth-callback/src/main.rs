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
    let needs = Needs::KeysAndCredentials;
    let (secrets, store) = wiring::open(&services, &environment, needs, clock.now()).await?;
    let hosts = wiring::intercom(&environment)?;
    let state = &oauth_callback::State {
        store,
        secrets,
        intercom: Client::new(hosts.clone()),
        hosts,
        settings: Pages::of(&environment)?.settings,
        clock,
    };
    let check = || state.store.check_master_key();
    runtime::http_checked(check, |request| oauth_callback::handle(state, request)).await
}
