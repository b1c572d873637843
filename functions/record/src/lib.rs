//! `/v1/…`: recordings in, summaries out, people erased; and the recorder that sends to it.
//!
//! | route | key | module |
//! |---|---|---|
//! | `GET /recorder.js`, `GET /recorder.{hash}.js` | none | `script` |
//! | `POST /v1/sessions/{session_id}/chunks/{seq}` | write or secret | `chunks` |
//! | `POST /v1/sessions/{session_id}/identify` | write or secret | `identify` |
//! | `GET /v1/sessions/{session_id}` | secret | `read` |
//! | `DELETE /v1/people?{alias}={value}` | secret | `people` |
//! | `GET /v1/people/erasure-preview?{alias}={value}` | secret | `people` |
//! | `POST /v1/identity-tokens` | secret | `identity_tokens` |
//! | `GET /v1/identity-keys` | secret | `identity_keys` |
//!
//! The write key is public, and recorders run on the customers' sites. So the two `POST` routes of sessions
//! answer every origin, accept data from the origins that the organization allows, and can only add. The
//! routes that take the secret key alone are for backends and have no CORS headers.

mod body;
mod chunks;
mod error;
mod events;
mod identify;
mod identity_keys;
mod identity_tokens;
mod judgement;
mod masking;
mod people;
mod read;
mod route;
mod said;
mod script;

use std::sync::Arc;

use api::known_secrets::KnownSecrets;
use api::quotas::{QUOTA_EXCEEDED, Quotas};
use api::refusals::{Refusal, Refusals};
use api::{Keys, cors};
use jiff::SignedDuration;
use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use platform::clock::Clock;
use platform::http;
use platform::queue::Queue;
use store::{Grant, Recordings, Store};
use tracing::{Instrument, field};

pub use api::Error;
pub use api::quotas::Limits;
pub use route::ROUTES;
use route::{Endpoint, Route};

/// What the function keeps between requests.
pub struct State {
    store: Store,
    recordings: Recordings,
    queues: Queues,
    clock: Clock,
    keys: Keys,
    quotas: Quotas,
    identity_secrets: KnownSecrets,
}

/// Queues of other functions. Named fields, because two queues in a row are swapped unnoticed.
pub struct Queues {
    /// Of `summarize`.
    pub summarize: Arc<dyn Queue>,
    /// Of `erase`.
    pub erase: Arc<dyn Queue>,
}

impl State {
    /// The state of a function that has just started.
    pub fn new(recordings: Recordings, queues: Queues, clock: Clock) -> Self {
        let store = recordings.store().clone();
        Self {
            keys: Keys::new(store.clone(), clock.clone()),
            quotas: Quotas::new(store.clone(), Limits::DEFAULT),
            identity_secrets: KnownSecrets::default(),
            store,
            recordings,
            queues,
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

    /// What comes of a request above a limit: counted for the organization's admins.
    fn count_refusal(&self, grant: &Grant, error: Error) -> Error {
        if matches!(&error, Error::Refused(refused) if refused.code() == QUOTA_EXCEEDED) {
            let (organization, now) = (Some(&grant.organization), self.clock.now());
            let refusals = self.keys.refusals();
            refusals.count(organization, Refusal::Quota, now);
        }
        error
    }
}

/// Answers a request; failures are answers as well, and the ones on our side are logged. Nothing but the
/// recorder itself may be stored on the way.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    if let Some(answer) = script::answer(&request) {
        return answer;
    }
    let mut response = serve(state, request).await;
    http::forbid_storing(response.headers_mut());
    response
}

async fn serve(state: &State, request: Request) -> Response<Body> {
    match request.uri().path() {
        people::PATH => return people::handle(state, &request).await,
        identity_tokens::PATH => return identity_tokens::handle(state, &request).await,
        identity_keys::PATH => return identity_keys::handle(state, &request).await,
        people::PREVIEW_PATH => {
            // Boxed: asked for rarely, and by far the largest.
            return Box::pin(people::handle_preview(state, &request)).await;
        }
        _ => {}
    }
    let route = match Route::parse(request.uri().path()) {
        Ok(route) => route,
        Err(error) => return error.into_response(),
    };
    let allowed = route.endpoint.method();
    let public = allowed == Method::POST;
    if public && request.method() == Method::OPTIONS {
        return cors::preflight(&state.keys, &request).await;
    }
    let span = tracing::error_span!(
        "session",
        session.id = %route.session,
        organization.id = field::Empty
    );
    let answer = async {
        if request.method() == allowed {
            answer(state, &route, &request).await
        } else {
            Err(Error::wrong_method(&allowed))
        }
        .unwrap_or_else(Error::into_response)
    };
    let mut response = answer.instrument(span).await;
    if public {
        cors::allow_any_origin(&mut response);
    }
    response
}

async fn answer(state: &State, route: &Route, request: &Request) -> Result<Response<Body>, Error> {
    match route.endpoint {
        Endpoint::Chunk { seq } => chunks::add(state, &route.session, seq, request).await,
        Endpoint::Identify => identify::identify(state, &route.session, request).await,
        Endpoint::Session => read::summary(state, &route.session, request).await,
    }
}
