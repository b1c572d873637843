//! `/install` and `/oauth/callback` on Lambda.

use std::process::ExitCode;

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
    let hosts = addresses::intercom(&environment)?;
    let state = &oauth_callback::State {
        store: aws::store(&sdk, &environment, secrets.known().master_key()?)?,
        secrets,
        intercom: Client::new(hosts.clone()),
        hosts,
        settings: Pages::of(&environment)?.settings,
        clock,
    };
    runtime::http(|request| oauth_callback::handle(state, request)).await
}
