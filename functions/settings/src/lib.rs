//! `/settings/…`: the pages on which an admin sees to the connection, and to where tracked events come from.
//!
//! `/settings/integrations/intercom`:
//!
//! | route | what it does | module |
//! |---|---|---|
//! | `GET …` | shows the page, or how to sign in | `page` |
//! | `GET …?handover=…` | begins a sign-in: `oauth-callback` sends the browser there | `handover` |
//! | `GET …/first-session` | whether a session has arrived, for the page's script | `first_session` |
//! | `POST …/disconnect` | revokes our access, keeps everything else | `actions::disconnect` |
//! | `POST …/reconnect` | authorizes again | `actions::reconnect` |
//! | `POST …/preferences` | what teammates see, how long sessions are kept | `actions::preferences` |
//! | `POST …/keys` | makes or replaces a key | `actions::keys` |
//! | `POST …/identity` | what names are signed with, and whether they must be | `actions::identity` |
//! | `POST …/parked` | sends notifications again that failed for good | `actions::parked` |
//! | `POST …/share-links` | ends a link to a recording | `actions::share_links` |
//! | `POST …/switch` | signs in to another organization, once somebody has said so | `handover` |
//! | `POST …/sign-out` | ends this sign-in, or all of them | `actions::sign_out` |
//!
//! `/settings/sources`: see `sources`.
//!
//! Nothing of a workspace is shown or done without a sign-in ([`pages::sign_in`]): a signed cookie
//! that names the workspace and ends with the connection's epoch. What changes something also needs the token
//! of the form that it is sent with ([`pages::csrf`]).

mod actions;
mod addresses;
mod context;
mod error;
mod first_session;
mod handover;
mod notice;
mod page;
mod route;
mod sources;
mod view;

use std::sync::Arc;

use intercom::rest;
use lambda_http::{Body, Request, Response};
use notification::TopicQueues;
use outbox::Outbox;
use platform::clock::Clock;
use platform::queue::Queue;
use platform::secrets::LiveSecrets;
use store::Store;
use tracing::{Instrument, field};

pub use addresses::Addresses;
use context::PageContext;
use error::Error;
pub use route::Action;
use route::Route;

/// What the handler needs.
#[derive(Clone)]
pub struct State {
    /// Connections, keys, counters.
    pub store: Store,
    /// What cookies are signed with, and tokens sealed.
    pub secrets: LiveSecrets,
    /// Where access is revoked.
    pub intercom: rest::Client,
    /// Where notifications are sent again.
    pub queues: TopicQueues,
    /// Where `erase` takes its work from.
    pub erase_queue: Arc<dyn Queue>,
    /// What Intercom is to be told.
    pub outbox: Outbox,
    /// Where `deliver` takes its work from.
    pub deliver_queue: Arc<dyn Queue>,
    /// Where browsers are sent.
    pub addresses: Addresses,
    /// Tells how old a sign-in is.
    pub clock: Clock,
}

/// Answers a browser: with a page, or with the way to one.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    let span = tracing::error_span!(
        "settings",
        workspace.id = field::Empty,
        organization.id = field::Empty
    );
    // Boxed: with all that it calls it is nearly as deep as the compiler looks.
    let answer = Box::pin(respond(state, &request));
    answer.instrument(span).await
}

async fn respond(state: &State, request: &Request) -> Response<Body> {
    let now = state.clock.now();
    let secrets = state.secrets.current(now).await;
    let context = match PageContext::open(state, request, &secrets, now) {
        Ok(context) => context,
        Err(error) => return error.into_page(None),
    };
    match answer(&context).await {
        Ok(response) => response,
        Err(error) => {
            let navigation = match error.is_callers() {
                true => context.signed_in().await.ok().flatten(),
                false => None,
            };
            let navigation = navigation.map(|signed_in| context.navigation(&signed_in));
            error.into_page(navigation)
        }
    }
}

async fn answer(context: &PageContext<'_>) -> Result<Response<Body>, Error> {
    let PageContext { state, request, .. } = context;
    let route = Route::parse(request)?;
    match serve(context, &route).await {
        // The keys were changed since they were last read.
        Err(Error::Store(store::Error::Table(table::Error::UnknownKey { .. }))) => {
            let secrets = state.secrets.renewed(context.now).await;
            // Boxed: hardly ever needed, and not to be carried by every request.
            Box::pin(serve(
                &PageContext::open(state, request, &secrets, context.now)?,
                &route,
            ))
            .await
        }
        answer => answer,
    }
}

async fn serve(context: &PageContext<'_>, route: &Route) -> Result<Response<Body>, Error> {
    match route {
        Route::Page { notice } => page::show(context, *notice).await,
        Route::Handover { token } => handover::take(context, token).await,
        Route::FirstSession => first_session::answer(context).await,
        // Boxed, as the rarest and by far the largest.
        Route::Sources(route) => Box::pin(sources::serve(context, route)).await,
        Route::Action(action) => Box::pin(actions::perform(context, *action)).await,
    }
}
