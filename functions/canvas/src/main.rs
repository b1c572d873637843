//! `/canvas/…` on Lambda.

use std::process::ExitCode;

use canvas::Pages;
use intercom::{HttpsUrl, signature::ClientSecret};
use platform::{aws, clock::Clock, config::Environment, runtime, secrets::Secrets};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let sdk = aws::sdk_config(&environment)?;
    let secrets = Secrets::read(&sdk, &environment).await?;
    let state = &canvas::State {
        store: aws::store(&sdk, &environment, secrets.master_key()?)?,
        client_secret: ClientSecret::parse(secrets.client_secret()?.expose())?,
        pages: pages(&environment)?,
        clock: Clock::system(),
    };
    runtime::http(|request| canvas::handle(state, request)).await
}

/// Without `PUBLIC_URL`, the https address of our pages, nothing is linked to.
fn pages(environment: &Environment) -> Result<Pages, runtime::Error> {
    let Some(url) = environment.optional("PUBLIC_URL") else {
        return Ok(Pages::default());
    };
    let host = HttpsUrl::parse(url).map_err(|error| format!("PUBLIC_URL: {error}"))?;
    Ok(Pages::on(&host))
}
