//! `/v1/…`: what an organization asks of its own data, with its secret key.
//!
//! | route | module |
//! |---|---|
//! | `GET /v1/problems` | `problems` |
//! | `GET /v1/problems/{fingerprint}` | `problems` |
//! | `GET`, `POST /v1/sources` | `sources` |
//! | `GET`, `PUT /v1/sources/{source_id}` | `sources` |
//! | `POST /v1/sources/{source_id}/keys` | `sources` |
//!
//! These routes are for backends, and have no CORS headers. Lists answer
//! `{"data":[…],"next_cursor":null|"…"}`.

mod problems;
mod query;
mod route;
mod sources;

use api::{Error, Keys};
use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use platform::clock::Clock;
use store::Store;
use tracing::{Instrument, field};

pub use route::ROUTES;
use route::Route;

/// What the function keeps between requests.
pub struct State {
    store: Store,
    keys: Keys,
    clock: Clock,
}

impl State {
    /// The state of a function that has just started.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            keys: Keys::new(store.clone(), clock.clone()),
            store,
            clock,
        }
    }
}

/// Answers a request; failures are answers as well, and the ones on our side are logged.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    let span = tracing::error_span!("rest", organization.id = field::Empty);
    let answer = answer(state, &request).instrument(span);
    answer.await.unwrap_or_else(Error::into_response)
}

async fn answer(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    let route = Route::parse(request.uri().path())?;
    let methods = route.methods();
    if !methods.contains(request.method()) {
        return Err(Error::wrong_method_of(methods));
    }
    let grant = state.keys.may_read(request).await?;
    let changes = *request.method() != Method::GET;
    match route {
        Route::Problems => problems::list(state, &grant, request).await,
        Route::Problem(fingerprint) => problems::show(state, &grant, fingerprint).await,
        Route::Sources if changes => Box::pin(sources::create(state, &grant, request)).await,
        Route::Sources => sources::list(state, &grant).await,
        Route::Source(id) if changes => sources::update(state, &grant, &id, request).await,
        Route::Source(id) => sources::show(state, &grant, &id).await,
        Route::SourceKeys(id) => Box::pin(sources::new_key(state, &grant, &id)).await,
    }
}
