//! `/v1/…`: what an organization asks of its own data, with its secret key.
//!
//! | route | module |
//! |---|---|
//! | `GET /v1/problems` | `problems` |
//! | `GET /v1/problems/{fingerprint}` | `problems` |
//!
//! These routes are for backends, and have no CORS headers. Lists answer
//! `{"data":[…],"next_cursor":null|"…"}`.

mod problems;
mod query;
mod route;

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
    if request.method() != Method::GET {
        return Err(Error::wrong_method(&Method::GET));
    }
    let grant = state.keys.may_read(request).await?;
    match route {
        Route::Problems => problems::list(state, &grant, request).await,
        Route::Problem(fingerprint) => problems::show(state, &grant, fingerprint).await,
    }
}
