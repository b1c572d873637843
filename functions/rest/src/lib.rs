//! `/v1/…`: what an organization asks of its own data, with its secret key.
//!
//! | route | module |
//! |---|---|
//! | `GET /v1/companies`, `GET /v1/companies/{company_id}[/people]` | `companies` |
//! | `GET /v1/conversations`, `GET /v1/conversations/{conversation_id}` | `conversations` |
//! | `GET /v1/deliveries`, `GET /v1/deliveries/{message_id}` | `deliveries` |
//! | `POST /v1/deliveries/{message_id}/resend` | `deliveries` |
//! | `GET /v1/events` | `events` |
//! | `GET /v1/links` | `links` |
//! | `GET /v1/problems` | `problems` |
//! | `GET /v1/problems/{fingerprint}` | `problems` |
//! | `GET`, `POST /v1/sources` | `sources` |
//! | `GET`, `PUT /v1/sources/{source_id}` | `sources` |
//! | `POST /v1/sources/{source_id}/keys` | `sources` |
//!
//! These routes are for backends, and have no CORS headers. Lists answer
//! `{"data":[…],"next_cursor":null|"…"}`.

mod companies;
mod conversations;
mod deliveries;
mod events;
mod links;
mod listing;
mod problems;
mod query;
mod route;
mod sources;
mod workspace;

use std::sync::Arc;

use api::{Error, Keys};
use intercom::Hosts;
use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use mirror::Mirror;
use outbox::Outbox;
use platform::clock::Clock;
use platform::queue::Queue;
use store::Store;
use tracing::{Instrument, field};

pub use route::ROUTES;
use route::Route;

/// What the function keeps between requests.
pub struct State {
    store: Store,
    outbox: Outbox,
    mirror: Mirror,
    deliver: Arc<dyn Queue>,
    hosts: Hosts,
    keys: Keys,
    clock: Clock,
}

impl State {
    /// The state of a function that has just started. `deliver`: the queue of the function of that name;
    /// `hosts`: where teammates see Intercom.
    pub fn new(
        (store, outbox, mirror): (Store, Outbox, Mirror),
        deliver: Arc<dyn Queue>,
        hosts: Hosts,
        clock: Clock,
    ) -> Self {
        Self {
            keys: Keys::new(store.clone(), clock.clone()),
            store,
            outbox,
            mirror,
            deliver,
            hosts,
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
        Route::Companies => companies::list(state, &grant, request).await,
        Route::Company(id) => Box::pin(companies::show(state, &grant, &id, request)).await,
        Route::CompanyPeople(id) => Box::pin(companies::people(state, &grant, &id, request)).await,
        Route::Conversations => Box::pin(conversations::list(state, &grant, request)).await,
        Route::Conversation(id) => Box::pin(conversations::show(state, &grant, &id, request)).await,
        Route::Events => Box::pin(events::list(state, &grant, request)).await,
        Route::Deliveries => deliveries::list(state, &grant, request).await,
        Route::Delivery(id) => deliveries::show(state, &grant, &id, request).await,
        Route::Resend(id) => deliveries::resend(state, &grant, &id).await,
        Route::Links => links::show(state, &grant, request).await,
        Route::Problems => problems::list(state, &grant, request).await,
        Route::Problem(fingerprint) => problems::show(state, &grant, fingerprint).await,
        Route::Sources if changes => Box::pin(sources::create(state, &grant, request)).await,
        Route::Sources => sources::list(state, &grant).await,
        Route::Source(id) if *request.method() == Method::DELETE => {
            sources::delete(state, &grant, &id).await
        }
        Route::Source(id) if changes => sources::update(state, &grant, &id, request).await,
        Route::Source(id) => sources::show(state, &grant, &id).await,
        Route::SourceKeys(id) => Box::pin(sources::new_key(state, &grant, &id)).await,
    }
}
