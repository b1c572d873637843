//! `GET /problems/{fingerprint}`: one problem, with the sessions that had it.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::html::Page;
use pages::navigation::Section;
use pages::sign_in::SignedIn;
use replay::Fingerprint;
use store::{Days, MAX_DAYS};

use crate::context::PageContext;
use crate::error::{Error, Thing};
use crate::view::{ProblemPage, STYLES};

/// The page.
pub(crate) async fn show(
    context: &PageContext<'_>,
    admin: &SignedIn,
    fingerprint: Fingerprint,
) -> Result<Response<Body>, Error> {
    let days = Days::until(context.now, MAX_DAYS);
    let problems = context
        .state
        .store
        .of(&admin.sign_in.organization)
        .problems();
    let found = problems.find(fingerprint, days, context.now).await?;
    let found = found.ok_or(Error::NotFound(Thing::Problem))?;
    let page = ProblemPage::new(admin, &found);
    let response = Page::new(StatusCode::OK, "Problem")
        .navigation(context.navigation_below(admin, Section::Problems))
        .styles(STYLES);
    Ok(response.response(&page))
}
