//! `/sessions` and `/people`: recordings to look at, the list of all, a person's history.
//!
//! | route | what it does | module | reads, after those of `access` |
//! |---|---|---|---|
//! | `GET /sessions` | all sessions, filtered | `list` | 2 queries, 2 batches |
//! | `GET /sessions/{id}` | the page that plays one | `recording` | 2 rows; 2 queries for an admin |
//! | `GET /sessions/{id}/recording` | its index | `index` | 2 rows, 1 query |
//! | `GET /sessions/{id}/events/{seq}/{part}` | a piece of it | `events` | 1 row, 1 object of the bucket |
//! | `GET /sessions/{id}/timeline` | all that happened | `timeline` | 2 rows, 1 query, the analyzer's state |
//! | `GET /sessions/{id}/log` | what the page logged and asked for | `log` | 2 rows, 1 query |
//! | `POST /sessions/{id}/share` | makes a share link | `share` | 2 rows, 1 write |
//! | `GET /people/{id}` | one person's history | `person` | 3 queries, 4 batches, more for several people |
//! | `POST /people/{id}/erase` | has it erased | `erase` | none, 1 message |
//! | `GET /sessions/assets/{file}` | scripts and styles | `assets` | none |
//!
//! Who may look is decided once, in `access`. Whoever may not gets the same 404 as for what does not exist.
//! What opens a page stands in its address for one request: `exchange` makes a cookie of it.
//!
//! A recorded page is a stranger's: the page that plays it has a policy of its own (`recording`), and its
//! script builds what was recorded in a frame without scripts.

mod access;
mod assets;
mod chunks;
mod context;
mod encoding;
mod erase;
mod error;
mod events;
mod exchange;
mod filters;
mod index;
mod last_list;
mod list;
mod log;
mod media;
mod person;
mod recording;
mod route;
mod share;
mod share_link;
mod timeline;
mod view;
mod viewing_link;

use std::sync::Arc;

use lambda_http::{Body, Request, Response};
use pages::addresses::Pages;
use platform::clock::Clock;
use platform::queue::Queue;
use platform::secrets::LiveSecrets;
use store::Recordings;
use tracing::{Instrument, field};

use access::Viewer;
pub use chunks::LastChunk;
use context::PageContext;
use error::{Asked, Error};
pub use route::ROUTES;
use route::Route;

/// What the handler needs.
#[derive(Clone)]
pub struct State {
    /// The table and the bucket.
    pub recordings: Recordings,
    /// What cookies and links are signed with.
    pub secrets: LiveSecrets,
    /// Where `erase` takes its work from.
    pub erase_queue: Arc<dyn Queue>,
    /// Where these pages are, if that is known here, and where admins sign in.
    pub pages: Pages,
    /// What was read last of the bucket.
    pub last_chunk: LastChunk,
    /// Tells whether a link is still good.
    pub clock: Clock,
}

/// Answers a browser: with a page, or with what a page's script asks for.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    let span = tracing::error_span!(
        "sessions",
        organization.id = field::Empty,
        session.id = field::Empty
    );
    respond(state, &request).instrument(span).await
}

async fn respond(state: &State, request: &Request) -> Response<Body> {
    let settings = state.pages.settings.as_ref().map(|page| page.as_str());
    let route = Route::parse(request);
    // Anybody's: it says nothing of anybody.
    if let Ok(Route::Asset(file)) = &route {
        let shown = assets::show(request.headers(), file);
        return shown.unwrap_or_else(|error| error.into_page(Asked::Page, None, settings));
    }
    let asked = match &route {
        Ok(route) if route.session().is_some() => Asked::Recording,
        _ => Asked::Page,
    };
    let now = state.clock.now();
    let secrets = state.secrets.current(now).await;
    let context = match PageContext::open(state, request, &secrets, now) {
        Ok(context) => context,
        Err(error) => return error.into_page(asked, None, settings),
    };
    let (error, sign_in) = match route {
        Err(error) => (error, settings.map(str::to_owned)),
        Ok(route) => match serve(&context, &route).await {
            Ok(response) => return response,
            Err(error) if route.is_data() => return error.into_data(),
            Err(error) => (error, context.way_to_sign_in(&route)),
        },
    };
    let navigation = match error.is_callers() {
        true => view::navigation_of_failure(&context).await,
        false => None,
    };
    error.into_page(asked, navigation, sign_in.as_deref())
}

async fn serve(context: &PageContext<'_>, route: &Route) -> Result<Response<Body>, Error> {
    if let Some(response) = exchange::to_clean_address(context, route).await? {
        return Ok(response);
    }
    let viewer = Viewer::of(context, route).await?;
    match route {
        Route::List => list::show(context, &viewer).await,
        Route::Person(person) => person::show(context, &viewer, person).await,
        Route::Erase(person) => erase::begin(context, &viewer, person).await,
        // Boxed: what asks the table several things side by side is large.
        Route::Recording(session) => Box::pin(recording::show(context, &viewer, session)).await,
        Route::Share(session) => share::make(context, &viewer, session).await,
        Route::Index(session) => index::show(context, &viewer, session).await,
        Route::Timeline(session) => Box::pin(timeline::show(context, &viewer, session)).await,
        Route::Log(session) => Box::pin(log::show(context, &viewer, session)).await,
        Route::Events(piece) => events::show(context, &viewer, piece).await,
        Route::Asset(file) => assets::show(context.headers(), file),
    }
}
