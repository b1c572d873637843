//! What analytics clients send: tracked events in, and what browsers ask before they start.
//!
//! | route | module |
//! |---|---|
//! | `POST /v1/{identify,track,page,screen,group,alias,batch,import}`, `/v1/{i,t,p,s,g,a,b}` | `take` |
//! | `POST /beacon/v1/batch`, `/sdk/batch`, `/api/s/{call}`, `/api/s/s2s/{call}` | `take` |
//! | `POST /v1/m` | answered, and forgotten |
//! | `GET /v1/projects/{write_key}/settings`, `/projects/{write_key}/settings` | `settings` |
//! | `GET /sourceConfig` | `settings` |
//!
//! Clients insist on much (`answer`, `cors`): exactly 200 and a JSON object, or they send again; and
//! some take a 4xx for the end of their process. So whatever somebody can use is 200, and what is
//! refused of a batch is a dropped delivery, which the organization's admins see.

mod address;
mod answer;
mod body;
mod cors;
mod grant;
mod key;
mod known_sources;
mod route;
mod settings;
mod take;
mod trust;

use std::sync::Arc;

use api::Keys;
use api::known_secrets::KnownSecrets;
use api::quotas::{Limits, Quotas};
use api::refusals::Refusals;
use jiff::SignedDuration;
use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use outbox::Outbox;
use platform::clock::Clock;
use platform::queue::Queue;
use store::Store;
use tracing::{Instrument, field};

pub use address::PublicAddress;
pub use api::Error;
pub use route::ROUTES;

use known_sources::KnownSources;
use route::Route;

/// What the function keeps between requests.
pub struct State {
    store: Store,
    outbox: Outbox,
    deliver: Arc<dyn Queue>,
    address: PublicAddress,
    clock: Clock,
    keys: Keys,
    quotas: Quotas,
    identity_secrets: KnownSecrets,
    sources: KnownSources,
}

impl State {
    /// The state of a function that has just started. `deliver`: the queue of the function of that name.
    pub fn new(
        store: Store,
        outbox: Outbox,
        deliver: Arc<dyn Queue>,
        address: PublicAddress,
        clock: Clock,
    ) -> Self {
        Self {
            keys: Keys::new(store.clone(), clock.clone()),
            quotas: Quotas::new(store.clone(), Limits::DEFAULT),
            identity_secrets: KnownSecrets::default(),
            sources: KnownSources::default(),
            store,
            outbox,
            deliver,
            address,
            clock,
        }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        let quotas = Quotas::new(self.store.clone(), limits);
        Self { quotas, ..self }
    }

    /// The same, which writes down what it refuses at once: where an admin looks at the same moment.
    #[must_use]
    pub fn counting_at_once(self) -> Self {
        let refusals = Refusals::counted(self.store.clone(), SignedDuration::ZERO);
        let keys = self.keys.with_refusals(refusals);
        Self { keys, ..self }
    }
}

/// Answers a request; failures are answers as well, and the ones on our side are logged.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    if request.method() == Method::OPTIONS {
        return cors::preflight();
    }
    let span = tracing::error_span!("collect", organization.id = field::Empty);
    let answered = answer(state, &request).instrument(span).await;
    let mut response = answered.unwrap_or_else(answer::failure);
    if !cors::is_better_unread(response.status(), &request) {
        cors::allow(response.headers_mut());
    }
    response
}

async fn answer(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    let route = Route::parse(request.uri().path())?;
    let allowed = match route.is_question() {
        true => Method::GET,
        false => Method::POST,
    };
    if request.method() != allowed {
        return Err(Error::wrong_method(&allowed));
    }
    match route {
        Route::Events(call) => take::take(state, call, request).await,
        Route::Metrics => Ok(answer::success()),
        Route::Settings { write_key } => settings::of_segment(state, &write_key, request).await,
        Route::SourceConfig => settings::of_rudderstack(state, request).await,
    }
}
