//! `GET /people/{id}`: one person's aliases and history.

use identity::PersonId;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::html::Page;
use store::{ListCursor, SessionFilter};

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;
use crate::view::{LIST_STYLES, PersonPage, navigation_below};

/// Sessions on one page.
const SESSIONS_PER_PAGE: usize = 25;

/// The page. Reads the people linked with the person, then each one's latest sessions, whose rows hold their
/// aliases, then the sessions of this page: one query for each of the people, and two batches.
pub(crate) async fn show(
    context: &PageContext<'_>,
    viewer: &Viewer,
    person: &PersonId,
) -> Result<Response<Body>, Error> {
    let organization = viewer.organization();
    let profile = context
        .store()
        .of(organization)
        .people()
        .profile(person, context.now)
        .await?
        .ok_or(Error::NotFound)?;
    let mut people = profile.people.clone();
    if let Some(opened) = viewer.as_link() {
        people.retain(|person| opened.people().contains(person));
    }
    let filter = SessionFilter {
        people: Some(people),
        ..SessionFilter::default()
    };
    let before = context.parameter("before");
    let before = before.and_then(|text| ListCursor::parse(&text).ok());
    let list = context
        .store()
        .of(organization)
        .sessions()
        .list(&filter, before.as_ref(), SESSIONS_PER_PAGE, context.now)
        .await?;
    let page = PersonPage::new(context, viewer, person, &profile, &list);
    let response = Page::new(StatusCode::OK, "Person")
        .navigation(navigation_below(context, viewer))
        .styles(LIST_STYLES);
    Ok(response.response(&page))
}
