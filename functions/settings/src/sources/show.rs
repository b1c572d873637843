//! One source: its key, its settings, what was delivered, and how much.

use askama::Template;
use identity::SourceId;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use outbox::DayCounts;
use pages::sign_in::SignedIn;
use store::{KEY_OVERLAP, KeySummary, SecretText, SourceKind};

use super::choices::Choices;
use super::log::{FILTERS, Log};
use super::notice::Notice;
use super::route::{Action, LogQuery, PAGE};
use super::state::{HoldNotice, holds};
use super::{PostForm, list, page};
use crate::context::PageContext;
use crate::error::Error;
use crate::route;
use crate::view::{Dates, masked};

/// Days whose counts are shown, today included.
const DAYS: u8 = 7;

/// What the page says once, besides what is stored.
#[derive(Default)]
pub(super) struct Said {
    pub(super) notice: Option<Notice>,
    /// Shown this once.
    pub(super) new_key: Option<SecretText>,
    /// Settings as somebody wrote them, with what is wrong with them.
    pub(super) refused: Option<Choices>,
}

/// The page.
#[derive(Template)]
#[template(path = "sources/show.html")]
struct SourcePage<'a> {
    notice: Option<Notice>,
    holds: Vec<HoldNotice>,
    new_key: Option<SecretText>,
    name: &'a str,
    id: &'a str,
    kind: &'static str,
    is_site: bool,
    is_server: bool,
    /// Where clients send.
    api: &'a str,
    key: Option<Key>,
    ending: Vec<Key>,
    /// What the form calls the key that it replaces.
    replaces: String,
    key_form: PostForm,
    overlap_hours: i64,
    filters: Vec<Filter>,
    log: Log,
    ask: String,
    days: Vec<DayCounts>,
    choices: Choices,
    settings_form: PostForm,
    delete_form: PostForm,
    sources: &'static str,
    integration: &'static str,
    timezone: String,
}

/// A key, as far as it is shown.
struct Key {
    text: String,
    since: String,
}

/// A link to the deliveries of one outcome.
struct Filter {
    label: &'static str,
    path: String,
    is_current: bool,
}

pub(super) async fn show(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    (id, query): (&SourceId, &LogQuery),
    said: Said,
) -> Result<Response<Body>, Error> {
    let organization = &signed_in.connection.organization;
    let store = context.store.of(organization);
    let source = store.sources().get(id).await?.ok_or(Error::NotFound)?;
    let outbox = context.state.outbox.of(organization);
    let (keys, log) = (
        store.api_keys().list(context.now).await?,
        Log::read(context, signed_in, (id, query)).await?,
    );
    let days = outbox.counts(id, DAYS, context.now).await?;
    let own: Vec<&KeySummary> = keys
        .iter()
        .filter(|key| key.source.as_ref() == Some(id))
        .collect();
    let dates = Dates::of(&signed_in.connection);
    let (current, ending): (Vec<&KeySummary>, Vec<&KeySummary>) =
        own.into_iter().partition(|key| key.expires_at.is_none());
    let filters = FILTERS.map(|(outcome, label)| {
        let wanted = LogQuery {
            outcome,
            cursor: None,
        };
        Filter {
            label,
            path: format!("{PAGE}/{id}{}", wanted.to_text()),
            is_current: outcome == query.outcome,
        }
    });
    let is_refused = said.refused.is_some();
    let content = SourcePage {
        notice: said.notice,
        holds: holds(context, signed_in, std::slice::from_ref(&source)).await?,
        new_key: said.new_key,
        name: &source.name,
        id: id.as_str(),
        kind: list::kind(source.kind),
        is_site: id.is_site(),
        is_server: source.kind == SourceKind::Server,
        api: context.state.addresses.recordings(),
        key: current.first().map(|key| Key::current(key, &dates)),
        ending: ending.iter().map(|key| Key::ending(key, &dates)).collect(),
        replaces: key_name(current.first().copied()),
        key_form: PostForm::new(context, signed_in, &Action::Key(id.clone())),
        overlap_hours: KEY_OVERLAP.as_hours(),
        filters: filters.into(),
        log,
        ask: format!("{PAGE}/{id}/log{}", query.to_text()),
        days,
        choices: said.refused.unwrap_or_else(|| Choices::stored(&source)),
        settings_form: PostForm::new(context, signed_in, &Action::Settings(id.clone())),
        delete_form: PostForm::new(context, signed_in, &Action::Delete(id.clone())),
        sources: PAGE,
        integration: route::PAGE,
        timezone: signed_in.connection.timezone.as_str().to_owned(),
    };
    let mut response = page(context, signed_in, &source.name).response(&content);
    if is_refused && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

impl Key {
    fn current(key: &KeySummary, dates: &Dates) -> Self {
        let since = key
            .created_at
            .map(|at| format!("Made on {}", dates.write(at)));
        Self {
            text: masked(key),
            since: since.unwrap_or_else(|| "Set by the server's configuration".to_owned()),
        }
    }

    fn ending(key: &KeySummary, dates: &Dates) -> Self {
        let at = key.expires_at.map(|at| dates.write(at));
        Self {
            text: masked(key),
            since: format!("stops working on {}", at.unwrap_or_default()),
        }
    }
}

/// What a form calls the key that it replaces: as good as unique among a source's, and no secret.
pub(super) fn key_name(current: Option<&KeySummary>) -> String {
    let Some(key) = current else {
        return "none".to_owned();
    };
    let created_at = key.created_at.map_or(0, |at| at.as_millisecond());
    format!("{created_at}-{}", key.last4.as_deref().unwrap_or_default())
}
