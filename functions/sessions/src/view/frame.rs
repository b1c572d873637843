//! What every page needs to know of whoever looks: what their links open, and which clock they read.

use identity::SessionId;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pages::format;
use pages::navigation::{Navigation, Section};
use pages::viewing;

use crate::access::Viewer;
use crate::context::PageContext;
use crate::viewing_link::OpenedViewingLink;

/// The list of all sessions.
pub(crate) const LIST: &str = "/sessions";

/// The surroundings of a page.
pub(crate) struct Frame {
    timezone: TimeZone,
    /// Whether the pages of the list and of people open.
    pub(crate) sees_all: bool,
}

impl Frame {
    /// An admin reads the workspace's clock; of others nobody knows where they are.
    pub(crate) fn of(viewer: &Viewer) -> Self {
        let zone = viewer.as_admin().map(|admin| &admin.connection.timezone);
        Self {
            timezone: zone.map_or(TimeZone::UTC, |timezone| timezone.zone()),
            sees_all: viewer.sees_all(),
        }
    }

    pub(crate) fn date(&self, at: Timestamp) -> String {
        format::date_and_time(at, &self.timezone)
    }
}

/// Where else an admin can go from the list of all sessions.
pub(crate) fn navigation(context: &PageContext<'_>, viewer: &Viewer) -> Option<Navigation> {
    let admin = viewer.as_admin()?;
    let section = Section::Sessions;
    Some(Navigation::at(&context.signer, &admin.sign_in, section))
}

/// The same from a page that the list leads to.
pub(crate) fn navigation_below(context: &PageContext<'_>, viewer: &Viewer) -> Option<Navigation> {
    let admin = viewer.as_admin()?;
    let section = Section::Sessions;
    Some(Navigation::below(&context.signer, &admin.sign_in, section))
}

/// The same from a page that says what did not work, for whoever is signed in all the same.
pub(crate) async fn navigation_of_failure(context: &PageContext<'_>) -> Option<Navigation> {
    let viewer = Viewer::admin(context).await.ok()??;
    navigation_below(context, &viewer)
}

/// The address of one of our pages. It opens nothing by itself.
pub(crate) fn link(path: &str, parameters: &[(&str, impl AsRef<str>)]) -> String {
    match query(parameters) {
        empty if empty.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The query of such an address.
pub(crate) fn query(parameters: &[(&str, impl AsRef<str>)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    query.finish()
}

/// The address of a recording in a list. Whoever sees the list by a link gets one to that recording alone,
/// which ends when theirs does.
pub(super) fn link_to_session(
    context: &PageContext<'_>,
    viewer: &Viewer,
    session: &SessionId,
) -> String {
    let path = format!("/sessions/{session}");
    let key = |opened: &OpenedViewingLink| {
        let link = opened.link.to_session(session);
        link.sign_until(&context.signer, opened.until).ok()
    };
    match viewer.as_link().and_then(key) {
        Some(key) => link(&path, &[(viewing::PARAMETER, &key)]),
        None => path,
    }
}
