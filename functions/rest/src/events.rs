//! `GET /v1/events?contact_id=&name=&since=&limit=&cursor=`: Intercom's data events as they arrived.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use mirror::{DataEvent, EventPlace, EventQuery};
use platform::http::json;
use serde::Serialize;
use serde_json::{Map, Value};
use store::Grant;

use api::Error;

use crate::listing::{Listed, Listing, bad_cursor};
use crate::{State, workspace};

/// An event, as callers see it.
#[derive(Serialize)]
struct PublicEvent<'a> {
    id: &'a str,
    name: &'a str,
    created_at: Option<Timestamp>,
    contact_id: Option<&'a str>,
    metadata: &'a Map<String, Value>,
}

impl<'a> PublicEvent<'a> {
    fn of(event: &'a DataEvent) -> Self {
        Self {
            id: &event.id,
            name: &event.name,
            created_at: event.created_at,
            contact_id: event.contact.as_deref(),
            metadata: &event.metadata,
        }
    }
}

pub(crate) async fn list(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let names = ["contact_id", "name", "since"];
    let asked = Listing::parse(request.uri().query().unwrap_or_default(), &names)?;
    let connection = workspace::connected(state, grant, asked.workspace.as_deref()).await?;
    let now = state.clock.now();
    let cursor = asked.cursor.as_deref();
    let after = cursor.map(|cursor| EventPlace::parse(cursor).ok_or_else(bad_cursor));
    let query = EventQuery {
        name: asked.get("name").map(str::to_owned),
        contact: asked.get("contact_id").map(str::to_owned),
        since: asked.since,
        limit: asked.limit,
        after: after.transpose()?,
    };
    let mirror = state.mirror.of(&grant.organization, &connection.workspace);
    let page = mirror.events().list(&query, now).await?;
    tracing::info!("events read");
    let data = page.events.iter().map(PublicEvent::of).collect();
    Ok(json(
        StatusCode::OK,
        &Listed {
            data,
            next_cursor: page.next.map(|place| place.to_text()),
        },
    ))
}
