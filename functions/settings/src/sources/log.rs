//! The last deliveries of a source: on its page, and again and again for the page's script.

use askama::Template;
use identity::SourceId;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use outbox::{Delivery, DeliveryPage, DeliveryQuery, Outcome};
use pages::sign_in::SignedIn;
use platform::http;
use serde_json::json;

use super::route::{Action, LogQuery, PAGE, Route};
use super::{PostForm, words};
use crate::context::PageContext;
use crate::error::Error;
use crate::view::Dates;

/// Deliveries on a page.
const SHOWN: usize = 20;

/// Longest id of a message that is shown whole, characters.
const SHOWN_ID_CHARS: usize = 60;

/// The list.
#[derive(Template)]
#[template(path = "sources/log.html")]
pub(super) struct Log {
    rows: Vec<Row>,
    resend: PostForm,
    /// The older ones, where there are any.
    older: Option<String>,
    /// Where the list begins again, on a page of older ones.
    latest: Option<String>,
    is_filtered: bool,
}

/// One delivery.
struct Row {
    message_id: String,
    shown_id: String,
    what: &'static str,
    outcome: &'static str,
    tone: &'static str,
    received: String,
    reason: Option<String>,
    warnings: Vec<String>,
    calls: Vec<String>,
    can_be_sent_again: bool,
}

/// Outcomes with what a page calls them; `None`: all of them.
pub(super) const FILTERS: [(Option<Outcome>, &str); 5] = [
    (None, "All"),
    (Some(Outcome::Sent), "Sent"),
    (Some(Outcome::Waiting), "Waiting"),
    (Some(Outcome::Dropped), "Dropped"),
    (Some(Outcome::Failed), "Failed"),
];

impl Log {
    /// The last deliveries that are asked for.
    pub(super) async fn read(
        context: &PageContext<'_>,
        signed_in: &SignedIn,
        (id, query): (&SourceId, &LogQuery),
    ) -> Result<Self, Error> {
        let outbox = context.state.outbox.of(&signed_in.connection.organization);
        let asked = DeliveryQuery {
            outcome: query.outcome,
            source: Some(id.clone()),
            since: None,
            limit: SHOWN,
            cursor: query.cursor.clone(),
        };
        let page = outbox.deliveries().list(&asked, context.now).await?;
        let resend = PostForm::new(context, signed_in, &Action::Resend(id.clone()));
        Ok(Self::new(
            page,
            &Dates::of(&signed_in.connection),
            (id, query),
            resend,
        ))
    }

    fn new(
        page: DeliveryPage,
        dates: &Dates,
        (id, query): (&SourceId, &LogQuery),
        resend: PostForm,
    ) -> Self {
        let address = |cursor| {
            let query = LogQuery {
                cursor,
                ..query.clone()
            };
            format!("{PAGE}/{id}{}", query.to_text())
        };
        let rows = page.deliveries.iter();
        Self {
            rows: rows.map(|delivery| Row::new(delivery, dates)).collect(),
            resend,
            older: page.next.map(|cursor| address(Some(cursor))),
            latest: query.cursor.is_some().then(|| address(None)),
            is_filtered: query.outcome.is_some(),
        }
    }
}

impl Row {
    fn new(delivery: &Delivery, dates: &Dates) -> Self {
        let calls = delivery.calls.iter().map(|call| {
            let answer = call
                .status
                .map_or("no answer".to_owned(), |status| status.to_string());
            format!("{} {} → {answer}", call.method, call.path)
        });
        let (outcome, tone) = match delivery.outcome {
            Outcome::Sent => ("Sent", "good"),
            Outcome::Waiting => ("Waiting", "warn"),
            Outcome::Dropped => ("Dropped", ""),
            Outcome::Failed => ("Failed", "bad"),
        };
        Self {
            message_id: delivery.message_id.clone(),
            shown_id: pages::format::clip(&delivery.message_id, SHOWN_ID_CHARS),
            what: delivery
                .event_type
                .map_or("unreadable", outbox::EventType::as_str),
            outcome,
            tone,
            received: dates.write(delivery.received_at),
            reason: delivery.reason.as_deref().map(words::reason),
            warnings: delivery
                .warnings
                .iter()
                .map(|text| words::warning(text))
                .collect(),
            calls: calls.collect(),
            can_be_sent_again: delivery.can_be_sent_again(),
        }
    }
}

/// `{"html": …}`: the list as it stands in the page.
pub(super) async fn answer(
    context: &PageContext<'_>,
    signed_in: &SignedIn,
    asked: (&SourceId, &LogQuery),
) -> Result<Response<Body>, Error> {
    let log = Log::read(context, signed_in, asked).await?;
    // What is in it cannot fail to be written.
    let html = log.render().unwrap_or_default();
    Ok(http::json(StatusCode::OK, &json!({ "html": html })))
}

/// To whoever is not signed in: a script is told so, anybody else shown the way.
pub(super) fn or_sign_in(
    context: &PageContext<'_>,
    route: &Route,
) -> Result<Response<Body>, Error> {
    match route {
        Route::Log { .. } => Ok(http::json(StatusCode::UNAUTHORIZED, &json!({}))),
        _ => context.sign_in_page(StatusCode::OK, None),
    }
}
