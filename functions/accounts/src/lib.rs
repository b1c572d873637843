//! `/problems`: what went wrong for how many people.
//!
//! | route | what it does | module | reads, after those of a sign-in |
//! |---|---|---|---|
//! | `GET /problems` | the most frequent, new or growing | `list` | 2 queries a day, 1 a problem, 7 rows |
//! | `GET /problems/{fingerprint}` | one of them, with its sessions | `problem` | 1 query |
//!
//! All of it is for admins who are signed in ([`pages::sign_in`]), and changes nothing.

mod choice;
mod context;
mod error;
mod list;
mod problem;
mod route;
mod view;

use lambda_http::{Body, Request, Response};
use pages::addresses::Pages;
use pages::sign_in::SignedIn;
use platform::clock::Clock;
use platform::secrets::LiveSecrets;
use store::Store;
use tracing::{Instrument, field};

use context::PageContext;
use error::Error;
pub use route::ROUTES;
use route::Route;

/// What the handler needs.
#[derive(Clone)]
pub struct State {
    /// The table.
    pub store: Store,
    /// What cookies are signed with.
    pub secrets: LiveSecrets,
    /// Where these pages are, if that is known here, and where admins sign in.
    pub pages: Pages,
    /// Tells whether a sign-in is still good.
    pub clock: Clock,
}

/// Answers a browser with a page.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    let span = tracing::error_span!("accounts", organization.id = field::Empty);
    respond(state, &request).instrument(span).await
}

async fn respond(state: &State, request: &Request) -> Response<Body> {
    let now = state.clock.now();
    let secrets = state.secrets.current(now).await;
    let context = match PageContext::open(state, request, &secrets, now) {
        Ok(context) => context,
        Err(error) => return error.into_page(None, None),
    };
    let admin = match context.admin().await {
        Ok(admin) => admin,
        Err(error) => return error.into_page(None, None),
    };
    match serve(&context, admin.as_ref()).await {
        Ok(response) => response,
        Err(error) => {
            let navigation = admin.map(|admin| context.navigation_below(&admin));
            error.into_page(navigation, context.way_to_sign_in().as_deref())
        }
    }
}

async fn serve(
    context: &PageContext<'_>,
    admin: Option<&SignedIn>,
) -> Result<Response<Body>, Error> {
    let route = Route::parse(context.request)?;
    let admin = admin.ok_or(Error::SignedOut)?;
    match route {
        Route::List => list::show(context, admin).await,
        Route::Problem(fingerprint) => problem::show(context, admin, fingerprint).await,
    }
}
