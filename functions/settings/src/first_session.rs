//! `GET …/first-session`: whether a session has arrived, for whoever has just put the tag on their site.
//!
//! The page's script asks every few seconds, and not for ever; without it the page says the same when it is
//! loaded again.

use identity::{OrganizationId, SessionId};
use jiff::Span;
use jiff::tz::TimeZone;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Response};
use platform::http;
use serde_json::json;

use crate::context::PageContext;
use crate::error::Error;

/// Days that are looked through, today included. Whoever has recorded nothing for so long is shown how to
/// record.
const DAYS: i64 = 7;

/// Of those the page's script asks for: what came before, the page has found.
const DAYS_ASKED_FOR: i64 = 2;

/// The last session of a week, if there is one.
pub(crate) async fn find(
    context: &PageContext<'_>,
    organization: &OrganizationId,
) -> Result<Option<SessionId>, Error> {
    within(context, organization, DAYS).await
}

/// The last session of so many days, if there is one: a query for each day that has none.
async fn within(
    context: &PageContext<'_>,
    organization: &OrganizationId,
    days: i64,
) -> Result<Option<SessionId>, Error> {
    let today = context.now.to_zoned(TimeZone::UTC).date();
    let since = today.saturating_sub(Span::new().days(days - 1));
    let store = context.store.of(organization);
    Ok(store.sessions().latest_since(since, context.now).await?)
}

/// `{"has_arrived": true, "page": "/sessions/…"}`; the page is null where it is on another host.
pub(crate) async fn answer(context: &PageContext<'_>) -> Result<Response<Body>, Error> {
    let Some(signed_in) = context.signed_in().await? else {
        return Ok(http::json(StatusCode::UNAUTHORIZED, &json!({})));
    };
    let organization = &signed_in.connection.organization;
    let found = within(context, organization, DAYS_ASKED_FOR).await?;
    let sessions = context.state.addresses.sessions();
    let page = found.as_ref().zip(sessions);
    let page = page.map(|(session, sessions)| format!("{sessions}/{session}"));
    let answer = json!({ "has_arrived": found.is_some(), "page": page });
    Ok(http::json(StatusCode::OK, &answer))
}
