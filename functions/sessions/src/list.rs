//! `GET /sessions`: all sessions of the organization, newest first.

use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use pages::html::Page;

use crate::access::Viewer;
use crate::context::PageContext;
use crate::error::Error;
use crate::filters::Filters;
use crate::last_list;
use crate::view::{LIST_STYLES, ListPage, navigation};

/// Sessions on one page.
const SESSIONS_PER_PAGE: usize = 25;

/// The list. Reads the index of the days it goes through (one query when the first has enough), and in two
/// batches the rows of the sessions; with a person in the filter also the rows of four aliases, and the
/// people's lists for the index.
pub(crate) async fn show(
    context: &PageContext<'_>,
    viewer: &Viewer,
) -> Result<Response<Body>, Error> {
    let organization = viewer.organization();
    let filters = Filters::of(context);
    let filter = filters.resolve(context, viewer).await?;
    let list = context
        .store()
        .of(organization)
        .sessions()
        .list(
            &filter,
            filters.before.as_ref(),
            SESSIONS_PER_PAGE,
            context.now,
        )
        .await?;
    let page = ListPage::new(context, viewer, &filters, &list);
    let response = Page::new(StatusCode::OK, "Sessions")
        .navigation(navigation(context, viewer))
        .styles(LIST_STYLES);
    last_list::remember(context, &filters, response.response(&page))
}
