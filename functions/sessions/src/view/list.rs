//! The list of all sessions.

use askama::Template;
use store::SessionListPage;

use super::frame::{self, Frame};
use super::sessions::SessionRow;
use crate::access::Viewer;
use crate::context::PageContext;
use crate::filters::Filters;

/// The page.
#[derive(Template)]
#[template(path = "list.html")]
pub(crate) struct ListPage<'a> {
    frame: Frame,
    filters: &'a Filters,
    rows: Vec<SessionRow>,
    older: Option<String>,
    newest: Option<String>,
    settings: Option<String>,
}

impl<'a> ListPage<'a> {
    pub(crate) fn new(
        context: &PageContext<'_>,
        viewer: &Viewer,
        filters: &'a Filters,
        list: &SessionListPage,
    ) -> Self {
        let frame = Frame::of(viewer);
        let rows = list.sessions.iter();
        let rows = rows.map(|session| {
            let link = frame::link_to_session(context, viewer, &session.session_id);
            SessionRow::new(session, link, &frame, context.now)
        });
        let older = list.next.as_ref().map(|next| {
            let next = next.to_string();
            let mut parameters = filters.parameters();
            parameters.push(("before", next.into()));
            frame::link("/sessions", &parameters)
        });
        let newest = filters.before.as_ref();
        let newest = newest.map(|_| filters.address());
        let settings = context.state.pages.settings.as_ref();
        Self {
            rows: rows.collect(),
            older,
            newest,
            settings: viewer
                .as_admin()
                .and(settings)
                .map(|page| page.as_str().to_owned()),
            filters,
            frame,
        }
    }
}
