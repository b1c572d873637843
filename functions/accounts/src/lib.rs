//! Accounts to look at: companies, conversations, and what went wrong for how many people.
//!
//! | route | what it does | module | reads, after those of a sign-in |
//! |---|---|---|---|
//! | `GET /companies` | Intercom's companies with our figures | `companies` | 1 query |
//! | `GET /companies/{id}` | one of them: people, time line | `company` | 1 row, 4 queries, 3 rows |
//! | `GET /conversations/{id}` | what was said | `conversation` | 3 rows, 1 query, 3 for each person |
//! | `GET /problems` | the most frequent, new or growing | `list` | 2 queries a day, 1 a problem, 7 rows |
//! | `GET /problems/{fingerprint}` | one of them, with its sessions | `problem` | 1 query |
//!
//! All of it is for admins who are signed in ([`pages::sign_in`]), and changes nothing.

mod choice;
mod companies;
mod company;
mod context;
mod conversation;
mod error;
mod list;
mod problem;
mod route;
mod view;

use intercom::Hosts;
use lambda_http::{Body, Request, Response};
use mirror::Mirror;
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
    /// Our copy of Intercom's data.
    pub mirror: Mirror,
    /// Where teammates see Intercom.
    pub hosts: Hosts,
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
            let navigation = admin.map(|admin| context.navigation_below(&admin, error.section()));
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
        Route::Companies => Box::pin(companies::show(context, admin)).await,
        Route::Company(id) => Box::pin(company::show(context, admin, &id)).await,
        Route::Conversation(id) => Box::pin(conversation::show(context, admin, &id)).await,
        Route::List => list::show(context, admin).await,
        Route::Problem(fingerprint) => problem::show(context, admin, fingerprint).await,
    }
}
