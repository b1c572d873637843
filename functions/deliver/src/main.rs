//! The worker of the queue `deliver` on Lambda, and its schedule.

use std::process::ExitCode;
use std::sync::Arc;

use deliver::{LIMITS, State};
use intercom::rest::Client;
use platform::aws::{self, Patience};
use platform::{clock::Clock, config::Environment, runtime, secrets::Needs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    runtime::start(env!("CARGO_PKG_NAME"), Box::pin(serve())).await
}

async fn serve() -> Result<(), runtime::Error> {
    let environment = Environment::of_process();
    let (services, clock) = (
        aws::services(&environment, Patience::WORKER)?,
        Clock::system(),
    );
    let secrets = wiring::live_secrets(&services, &environment, Needs::Keys, clock.now()).await?;
    let known = secrets.known();
    let store = wiring::store(&services, &environment, &known)?;
    let outbox = wiring::outbox(&services, &environment, &known)?;
    let intercom = Client::with_limits(wiring::intercom(&environment)?, LIMITS);
    let queue = Arc::new(aws::queue(&services, &environment, "DELIVER_QUEUE_URL")?);
    let state = &State::new((store, outbox), secrets, intercom, queue, clock);
    runtime::events(|event| deliver::respond(state, event)).await
}
