//! `GET /sessions/{id}`: the page that plays a recording.
//!
//! What it shows is a stranger's page, so its policy allows what a recorded page is drawn with (styles in
//! the page, pictures, fonts and sounds of the sites that `media` names) and nothing that could run, load a
//! document, or send anything anywhere. Nothing of it is inline but what rrweb itself sets.

use identity::SessionId;
use lambda_http::http::header::REFERRER_POLICY;
use lambda_http::http::{HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use pages::html::{Files, Page};
use store::{Neighbours, StoredSession};

use crate::access::Viewer;
use crate::assets;
use crate::context::PageContext;
use crate::error::Error;
use crate::media::MediaSources;
use crate::view::{RecordingPage, navigation_below};

/// `'unsafe-inline'` styles are the recorded page's. Its frame has no address, so none may be loaded into
/// any.
fn policy(sources: &MediaSources) -> String {
    let sources = sources.as_str();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data: blob: {sources}; \
         font-src data: {sources}; media-src data: blob: {sources}; connect-src 'self'; frame-src 'none'; \
         worker-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// What else a browser is told of the page. The recorded site learns nothing of its address.
const HEADERS: [(HeaderName, &str); 5] = [
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "fullscreen=(self), clipboard-write=(self), camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("x-dns-prefetch-control"), "off"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

/// The page. Reads two rows, and the connection unless an admin asks; for an admin, two queries besides.
pub(crate) async fn show(
    context: &PageContext<'_>,
    viewer: &Viewer,
    session: &SessionId,
) -> Result<Response<Body>, Error> {
    let stored = context
        .store()
        .of(viewer.organization())
        .sessions()
        .read(session, context.now)
        .await?
        .ok_or(Error::NotFound)?;
    let neighbours = neighbours(context, viewer, &stored).await?;
    let sources = MediaSources::of(viewer);
    let page = RecordingPage::new(context, viewer, session, &stored, neighbours, &sources);
    let (styles, script) = (assets::styles(), assets::script());
    let files = Files {
        styles: &styles,
        script: &script,
        policy: &policy(&sources),
    };
    let mut response = Page::new(StatusCode::OK, &page.title())
        .navigation(navigation_below(context, viewer))
        .files(files)
        .response(&page);
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// What an admin can go on to: links open one recording each.
async fn neighbours(
    context: &PageContext<'_>,
    viewer: &Viewer,
    stored: &StoredSession,
) -> Result<Neighbours, Error> {
    let Some(person) = stored.person.as_ref().filter(|_| viewer.sees_all()) else {
        return Ok(Neighbours::default());
    };
    let sessions = context.store().of(viewer.organization()).sessions();
    let found = sessions.neighbours(person, &stored.place, context.now);
    Ok(found.await?)
}
