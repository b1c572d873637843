//! What a worker keeps between batches.

use std::time::Duration;

use intercom::rest::{self, Client};
use platform::aws::{Patience, Services};
use platform::clock::Clock;
use platform::config::Environment;
use platform::secrets::{LiveSecrets, Needs};
use platform::{aws, runtime};
use store::Store;

/// How long Intercom is asked about a contact: without its answer, nobody is matched and nothing else is
/// lost.
pub const LIMITS: rest::Limits = rest::Limits {
    connect: Duration::from_secs(1),
    call: Duration::from_secs(3),
    rate_limit_wait: Duration::ZERO,
};

/// What a worker keeps between batches.
#[derive(Clone)]
pub struct State {
    /// Where contacts and people are kept.
    pub store: Store,
    /// What workspaces' tokens are sealed with.
    pub secrets: LiveSecrets,
    /// Calls to Intercom, within [`LIMITS`].
    pub intercom: Client,
    /// Tells when a notification was processed.
    pub clock: Clock,
}

impl State {
    /// The state of a worker that starts on Lambda.
    ///
    /// # Errors
    /// When the environment lacks something, or the secret cannot be read.
    pub async fn of_process() -> Result<Self, runtime::Error> {
        let environment = Environment::of_process();
        let services = aws::services(&environment, Patience::WORKER)?;
        Self::of(&services, &environment).await
    }

    /// The same for one that needs more of its environment.
    ///
    /// # Errors
    /// When the environment lacks something, or the secret cannot be read.
    pub async fn of(
        services: &Services,
        environment: &Environment,
    ) -> Result<Self, runtime::Error> {
        let clock = Clock::system();
        let secrets = wiring::live_secrets(services, environment, Needs::Keys, clock.now()).await?;
        Ok(Self {
            store: wiring::store(services, environment, &secrets.known())?,
            secrets,
            intercom: Client::with_limits(wiring::intercom(environment)?, LIMITS),
            clock,
        })
    }
}
