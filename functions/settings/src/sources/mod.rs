//! `/settings/sources`: where an organization's tracked events come from, and what becomes of them.
//!
//! | route | what it does | module |
//! |---|---|---|
//! | `GET …` | lists the sources | `list` |
//! | `GET …/{source_id}` | one of them: key, settings, deliveries, counts | `show` |
//! | `GET …/{source_id}/log` | its deliveries again, for the page's script | `log` |
//! | `POST …/create` | makes a source with its key | `actions` |
//! | `POST …/{source_id}/settings` | saves its name and settings | `actions` |
//! | `POST …/{source_id}/key` | makes or replaces its key | `actions` |
//! | `POST …/{source_id}/resend` | has an event told to Intercom once more | `actions` |

mod actions;
mod choices;
mod list;
mod log;
mod notice;
mod route;
mod show;
mod state;
mod words;

use lambda_http::{Body, Response};
use pages::csrf;
use pages::html;
use pages::sign_in::SignedIn;

use crate::context::PageContext;
use crate::error::Error;

pub(crate) use route::{PAGE, Route};

const STYLES: &str = include_str!("../../templates/sources.css");

/// Copies, and looks again at what was delivered. Without it both are done by hand.
const SCRIPT: &str = concat!(
    include_str!("../../templates/copy.js"),
    include_str!("../../templates/sources.js")
);

/// Answers a request below [`PAGE`].
pub(crate) async fn serve(
    context: &PageContext<'_>,
    route: &Route,
) -> Result<Response<Body>, Error> {
    if let Route::Action(action) = route {
        return actions::perform(context, action).await;
    }
    let Some(signed_in) = context.signed_in().await? else {
        return log::or_sign_in(context, route);
    };
    match route {
        Route::List { notice } => list::show(context, &signed_in, *notice).await,
        Route::One { id, notice, query } => {
            let said = show::Said {
                notice: *notice,
                ..show::Said::default()
            };
            show::show(context, &signed_in, (id, query), said).await
        }
        Route::Log { id, query } => log::answer(context, &signed_in, (id, query)).await,
        Route::Action(_) => Err(Error::NotFound),
    }
}

/// A form that is posted: where, and with which token.
struct PostForm {
    path: String,
    token: String,
}

impl PostForm {
    fn new(context: &PageContext<'_>, signed_in: &SignedIn, action: &route::Action) -> Self {
        Self {
            path: action.path(),
            token: csrf::token(&context.signer, &signed_in.sign_in, action.purpose()),
        }
    }
}

/// A page of these, without its content.
fn page<'a>(context: &PageContext<'_>, signed_in: &SignedIn, title: &'a str) -> html::Page<'a> {
    html::Page::new(lambda_http::http::StatusCode::OK, title)
        .navigation(context.navigation(signed_in))
        .styles(crate::page::STYLES)
        .styles(STYLES)
        .script(SCRIPT)
}
