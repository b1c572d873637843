//! `/canvas/…` on Lambda.

use std::process::ExitCode;

use canvas::{Pages, Views};
use intercom::HttpsUrl;
use platform::{aws, clock::Clock, config::Environment, runtime, secrets::LiveSecrets};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), serve()).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let sdk = aws::sdk_config(&environment)?;
    let clock = Clock::system();
    let secrets = LiveSecrets::read(&sdk, &environment, clock.now()).await?;
    let store = aws::store(&sdk, &environment, secrets.known().master_key()?)?;
    let state = &canvas::State {
        views: Views::counted(store.clone(), Views::EVERY),
        store,
        secrets,
        pages: pages(&environment)?,
        clock,
    };
    runtime::http(|request| canvas::handle(state, request)).await
}

/// All pages are on `PUBLIC_URL`. Without it there is the settings page at most, at `SETTINGS_URL`, which connects as well.
fn pages(environment: &Environment) -> Result<Pages, runtime::Error> {
    let url = |name| {
        let url = environment.optional(name).map(HttpsUrl::parse).transpose();
        url.map_err(|error| format!("{name}: {error}"))
    };
    if let Some(host) = url("PUBLIC_URL")? {
        return Ok(Pages::on(&host));
    }
    let settings = url("SETTINGS_URL")?;
    Ok(Pages {
        sessions: None,
        install: settings.clone(),
        settings,
    })
}
