//! `/settings/import`: what is imported of Intercom, and how far that is.
//!
//! | route | what it does | module |
//! |---|---|---|
//! | `GET …` | shows what is chosen, how far it is, and the names of events | `show` |
//! | `GET …/check` | what would be in the way of it | `check` |
//! | `POST …/choices` | saves what is chosen, and begins | `actions` |
//! | `POST …/ignore` | ignores the events of a name | `actions` |
//! | `POST …/erase` | turns it off, and has everything forgotten | `actions` |

mod actions;
mod check;
mod show;

use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use mirror::Choices;
use store::Connection;
use tasks::importing;
use url::form_urlencoded;

use crate::context::PageContext;
use crate::error::Error;

/// The page.
pub(crate) const PAGE: &str = "/settings/import";

/// Below it: what would be in the way.
const CHECK: &str = "/check";

/// A request, parsed as far as that takes no sign-in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Route {
    Page { done: Option<Done> },
    Check,
    Action(Action),
}

/// What can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// What is imported is chosen, and begins.
    Choices,
    /// The events of a name are ignored.
    Ignore,
    /// The import is turned off, and what it brought is erased.
    Erase,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Saved,
    Ignored,
    Erased,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Choices, Self::Ignore, Self::Erase];

    fn name(self) -> &'static str {
        match self {
            Self::Choices => "choices",
            Self::Ignore => "ignore",
            Self::Erase => "erase",
        }
    }

    /// What tokens of its forms are for.
    fn purpose(self) -> &'static str {
        match self {
            Self::Choices => "import-choices",
            Self::Ignore => "import-ignore",
            Self::Erase => "import-erase",
        }
    }

    /// Where its form is sent.
    #[must_use]
    pub fn path(self) -> String {
        format!("{PAGE}/{}", self.name())
    }
}

impl Done {
    const ALL: [Self; 3] = [Self::Saved, Self::Ignored, Self::Erased];

    fn word(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Ignored => "ignored",
            Self::Erased => "erased",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Saved => "Saved. What is chosen is being imported.",
            Self::Ignored => "Events of this name are passed over from now on.",
            Self::Erased => "The import is off. What was imported is erased within minutes.",
        }
    }
}

impl Route {
    /// Reads what stands below [`PAGE`].
    ///
    /// # Errors
    /// A page for a path that is none of ours, or for another method than it takes.
    pub(crate) fn parse(below: &str, request: &Request) -> Result<Self, Error> {
        let named = |action: &Action| below.strip_prefix('/') == Some(action.name());
        let action = Action::ALL.into_iter().find(named);
        match (below, action) {
            ("", _) if request.method() == Method::GET => Ok(Self::Page {
                done: done(request),
            }),
            (CHECK, _) if request.method() == Method::GET => Ok(Self::Check),
            (_, Some(action)) if request.method() == Method::POST => Ok(Self::Action(action)),
            // Somebody reloads what an action answered.
            (_, Some(_)) if request.method() == Method::GET => Ok(Self::Page { done: None }),
            ("" | CHECK, _) | (_, Some(_)) => Err(Error::WrongMethod),
            (_, None) => Err(Error::NotFound),
        }
    }
}

fn done(request: &Request) -> Option<Done> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let word = pairs.find_map(|(name, value)| (name == "done").then_some(value))?;
    Done::ALL.into_iter().find(|done| done.word() == word)
}

/// Answers a request below [`PAGE`].
pub(crate) async fn serve(
    context: &PageContext<'_>,
    route: &Route,
) -> Result<Response<Body>, Error> {
    match route {
        Route::Page { done } => show::show(context, *done).await,
        Route::Check => check::show(context).await,
        Route::Action(action) => actions::perform(context, *action).await,
    }
}

/// Imports nothing of a workspace any more, and has everything forgotten that was imported.
pub(crate) async fn forget(
    context: &PageContext<'_>,
    connection: &Connection,
) -> Result<(), Error> {
    let (organization, workspace) = (&connection.organization, &connection.workspace);
    let mirror = context.state.mirror.of(organization, workspace);
    if mirror.choices().await.map_err(ours)? == Choices::default() {
        return Ok(());
    }
    mirror.choose(&Choices::default()).await.map_err(ours)?;
    tracing::info!("an import is turned off");
    Ok(importing::forget(context.state.sync_queue.as_ref(), organization, workspace).await?)
}

/// The mirror stands in the same table as all else.
fn ours(error: mirror::Error) -> Error {
    match error {
        mirror::Error::Table(error) => store::Error::Table(error).into(),
    }
}
