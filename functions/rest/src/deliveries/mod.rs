//! `GET /v1/deliveries?outcome=&source_id=&since=&limit=&cursor=`: what became of tracked events.
//! `GET /v1/deliveries/{message_id}`: of one of them. `POST /v1/deliveries/{message_id}/resend`: once more.

mod query;

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use outbox::{Delivery, Resent};
use platform::http::{ApiError, json};
use serde::Serialize;
use serde_json::json as object;
use store::Grant;
use tasks::resending;

use api::Error;

use crate::State;

/// Deliveries on one page.
#[derive(Serialize)]
struct Listed<'a> {
    data: Vec<PublicDelivery<'a>>,
    next_cursor: Option<String>,
}

/// A delivery, as callers see it.
#[derive(Serialize)]
struct PublicDelivery<'a> {
    message_id: &'a str,
    source_id: &'a str,
    /// Null when that could not be read.
    r#type: Option<&'static str>,
    received_at: Timestamp,
    outcome: &'static str,
    /// Since when.
    outcome_at: Timestamp,
    reason: Option<&'a str>,
    warnings: &'a [String],
    workspace_id: Option<&'a str>,
    calls: Vec<PublicCall<'a>>,
}

#[derive(Serialize)]
struct PublicCall<'a> {
    method: &'a str,
    path: &'a str,
    /// Null when Intercom did not answer.
    status: Option<u16>,
}

pub(crate) async fn list(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let query = query::parse(request.uri().query().unwrap_or_default())?;
    let deliveries = state.outbox.of(&grant.organization).deliveries();
    let page = deliveries.list(&query, state.clock.now()).await?;
    tracing::info!("deliveries read");
    let listed = Listed {
        data: page.deliveries.iter().map(PublicDelivery::of).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_text()),
    };
    Ok(json(StatusCode::OK, &listed))
}

/// Where several sources have sent the same id, the one that the query names, or any of them.
pub(crate) async fn show(
    state: &State,
    grant: &Grant,
    message_id: &str,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let query = query::parse(request.uri().query().unwrap_or_default())?;
    let deliveries = state.outbox.of(&grant.organization).deliveries();
    let found = deliveries.get(message_id, state.clock.now()).await?;
    tracing::info!("delivery read");
    let is_wanted = |delivery: &&Delivery| {
        let source = query.source.as_ref();
        source.is_none_or(|source| *source == delivery.source)
    };
    let delivery = found.iter().find(is_wanted).ok_or_else(unknown_message)?;
    Ok(json(StatusCode::OK, &PublicDelivery::of(delivery)))
}

pub(crate) async fn resend(
    state: &State,
    grant: &Grant,
    message_id: &str,
) -> Result<Response<Body>, Error> {
    let (outbox, deliver) = (&state.outbox, state.deliver.as_ref());
    let now = state.clock.now();
    let resent =
        resending::send_again::<Error>(outbox, deliver, &grant.organization, message_id, now);
    match resent.await? {
        Resent::Waiting(_) => {
            tracing::info!("an event was asked for once more");
            let waiting = object!({ "message_id": message_id, "outcome": "waiting" });
            Ok(json(StatusCode::ACCEPTED, &waiting))
        }
        Resent::NotKept => Err(ApiError::new(
            StatusCode::CONFLICT,
            "nothing_to_send",
            "There is nothing to send: Intercom has been told, or the event was refused, erased, or is too old.",
        )
        .into()),
        Resent::Unknown => Err(unknown_message()),
    }
}

impl<'a> PublicDelivery<'a> {
    fn of(delivery: &'a Delivery) -> Self {
        Self {
            message_id: &delivery.message_id,
            source_id: delivery.source.as_str(),
            r#type: delivery.event_type.map(outbox::EventType::as_str),
            received_at: delivery.received_at,
            outcome: delivery.outcome.as_str(),
            outcome_at: delivery.known_at,
            reason: delivery.reason.as_deref(),
            warnings: &delivery.warnings,
            workspace_id: delivery
                .workspace
                .as_ref()
                .map(identity::WorkspaceId::as_str),
            calls: delivery.calls.iter().map(PublicCall::of).collect(),
        }
    }
}

impl<'a> PublicCall<'a> {
    fn of(call: &'a outbox::ApiCall) -> Self {
        Self {
            method: &call.method,
            path: &call.path,
            status: call.status,
        }
    }
}

fn unknown_message() -> Error {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_message",
        "No event with this message id came in the last 30 days, or it has only just come: ask again in a second.",
    )
    .into()
}
