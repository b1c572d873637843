//! `/v1/…` of backends on Lambda.

use std::process::ExitCode;
use std::sync::Arc;

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
    let outbox = wiring::outbox(&services, &environment, &secrets.known())?;
    let mirror = wiring::mirror(&services, &environment, &secrets.known())?;
    let deliver = Arc::new(aws::queue(&services, &environment, "DELIVER_QUEUE_URL")?);
    let hosts = wiring::intercom(&environment)?;
    let state = &rest::State::new((store.clone(), outbox, mirror), deliver, hosts, clock);
    let check = || store.check_master_key();
    runtime::http_checked(check, |request| rest::handle(state, request)).await
}
