//! All sources of an organization, and the form for another one.

use askama::Template;
use futures::future::try_join_all;
use identity::SourceId;
use lambda_http::{Body, Response};
use outbox::DayCounts;
use pages::sign_in::SignedIn;
use platform::random;
use store::{Source, SourceKind};

use super::notice::Notice;
use super::route::{Action, PAGE};
use super::state::{HoldNotice, holds};
use super::{PostForm, page};
use crate::context::PageContext;
use crate::error::Error;
use crate::route;

/// The page.
#[derive(Template)]
#[template(path = "sources/list.html")]
struct ListPage {
    notice: Option<Notice>,
    holds: Vec<HoldNotice>,
    sources: Vec<Line>,
    create: PostForm,
    /// The id that the form gives the next source, so that one that is sent twice makes one.
    next_id: String,
    integration: &'static str,
}

/// One source.
struct Line {
    path: String,
    name: String,
    id: String,
    kind: &'static str,
    /// Today's events, by what became of them.
    counts: [(&'static str, u64); 4],
}

pub(super) async fn show(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    notice: Option<Notice>,
) -> Result<Response<Body>, Error> {
    let organization = &signed_in.connection.organization;
    let sources = context.store.of(organization).sources().list().await?;
    let outbox = context.state.outbox.of(organization);
    let counts = sources
        .iter()
        .map(|source| outbox.counts(&source.id, 1, context.now));
    let counts = try_join_all(counts).await?;
    let lines = sources.iter().zip(counts);
    let content = ListPage {
        notice,
        holds: holds(context, signed_in, &sources).await?,
        sources: lines
            .map(|(source, days)| Line::new(source, &days))
            .collect(),
        create: PostForm::new(context, signed_in, &Action::Create),
        next_id: SourceId::from_random(random::bytes()?).to_string(),
        integration: route::PAGE,
    };
    Ok(page(context, signed_in, "Sources").response(&content))
}

impl Line {
    fn new(source: &Source, days: &[DayCounts]) -> Self {
        let today = days.first();
        let of = |count: fn(&DayCounts) -> u64| today.map_or(0, count);
        Self {
            path: format!("{PAGE}/{}", source.id),
            name: source.name.clone(),
            id: source.id.to_string(),
            kind: kind(source.kind),
            counts: [
                ("Sent", of(|day| day.sent)),
                ("Waiting", of(|day| day.waiting)),
                ("Dropped", of(|day| day.dropped)),
                ("Failed", of(|day| day.failed)),
            ],
        }
    }
}

/// What a page calls a kind of source.
pub(super) fn kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Server => "Server",
        SourceKind::Browser => "Browser",
    }
}
