//! `GET /problems?show=&days=&kind=&from=`: the problems that most people had, the new ones, or those that
//! more people have than before.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::html::Page;
use pages::navigation::Section;
use pages::sign_in::SignedIn;
use store::{Days, MAX_LISTED, ProblemQuery};

use crate::choice::{Choice, Show};
use crate::context::PageContext;
use crate::error::Error;
use crate::view::{ListPage, STYLES};

/// Problems on one page.
const PROBLEMS_PER_PAGE: usize = 25;

/// Of so many that most people had those are shown that are growing.
const LOOKED_THROUGH: usize = 100;

/// The list. Reads for each day its most frequent problems, and each problem that it shows.
pub(crate) async fn show(
    context: &PageContext<'_>,
    admin: &SignedIn,
) -> Result<Response<Body>, Error> {
    let choice = Choice::of(context);
    let days = Days::until(context.now, choice.days);
    let query = ProblemQuery {
        days,
        kind: choice.kind,
        only_new: choice.show == Show::New,
        skip: choice.skip,
        limit: match choice.show {
            Show::Growing => LOOKED_THROUGH,
            Show::All | Show::New => PROBLEMS_PER_PAGE,
        },
    };
    let problems = context
        .state
        .store
        .of(&admin.sign_in.organization)
        .problems();
    let listed = problems.list(query, context.now);
    let (mut list, uncounted) = tokio::try_join!(listed, problems.uncounted(days))?;
    if choice.show == Show::Growing {
        list.problems.retain(|problem| problem.is_growing(days));
        list.problems.truncate(PROBLEMS_PER_PAGE);
        list.has_more = false;
    }
    let next = (choice.skip + PROBLEMS_PER_PAGE).min(MAX_LISTED);
    let page = ListPage::new(admin, (choice, days), (&list, uncounted), next);
    let response = Page::new(StatusCode::OK, "Problems")
        .navigation(context.navigation_at(admin, Section::Problems))
        .styles(STYLES);
    Ok(response.response(&page))
}
