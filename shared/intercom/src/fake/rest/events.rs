//! Data events: taken at once, kept once.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::contact_write::time;
use super::declined::Declined;
use super::search::same_text;
use super::{looked, with_rate_limit};
use crate::fake::{Directory, FakeContact, FakeEvent, FakeIntercom, Role, Standing};
use crate::write::Metadata;

/// Keys of an event that are kept: the first ones.
const KEPT_KEYS: usize = 10;

/// Names of events in a workspace, as old documentation of Intercom's has it.
const MAX_NAMES: usize = 120;

pub(super) fn routes() -> Router<FakeIntercom> {
    Router::new().route("/events", get(read).post(send))
}

/// An event as it is sent. What it is said with keeps its order.
#[derive(Deserialize)]
struct Sent {
    event_name: Option<String>,
    created_at: Option<Value>,
    id: Option<String>,
    user_id: Option<String>,
    email: Option<String>,
    #[serde(default)]
    metadata: Metadata,
}

async fn send(State(intercom): State<FakeIntercom>, headers: HeaderMap, body: Bytes) -> Response {
    with_rate_limit(&intercom, &headers, |workspace| {
        let Ok(sent) = serde_json::from_slice::<Sent>(&body) else {
            return Declined::new(400, "bad_request", "bad event").into_response();
        };
        let written = intercom.write(&workspace.id, |directory| take(directory, sent));
        match written {
            Some(Ok(())) => StatusCode::ACCEPTED.into_response(),
            Some(Err(declined)) => declined.into_response(),
            None => Declined::no_contact().into_response(),
        }
    })
}

fn take(directory: &mut Directory, sent: Sent) -> Result<(), Declined> {
    let missing = |said| Declined::new(400, "parameter_not_found", said);
    let name = sent.event_name.as_deref().map(name).unwrap_or_default();
    if name.is_empty() {
        return Err(missing("event_name is required"));
    }
    let created_at = time("created_at", &sent.created_at.clone().unwrap_or_default())?;
    let created_at = created_at.ok_or_else(|| missing("created_at is required"))?;
    let contact = whose(directory, &sent)?.id.clone();
    let metadata = metadata(sent.metadata)?;
    let is_same = |event: &FakeEvent| event.name == name && event.created_at == created_at;
    if directory.events_of(&contact).any(is_same) {
        return Ok(());
    }
    // Nearly always it is among the first.
    let is_known = directory.events().any(|event| event.name == name);
    if !is_known && names(directory) >= MAX_NAMES {
        let said = "the workspace has 120 names of events";
        return Err(Declined::new(422, "data_invalid", said));
    }
    directory.add_event(FakeEvent {
        contact,
        name,
        created_at,
        metadata,
    });
    Ok(())
}

/// How many names there are.
fn names(directory: &Directory) -> usize {
    let names: BTreeSet<&str> = directory
        .events()
        .map(|event| event.name.as_str())
        .collect();
    names.len()
}

/// Names know no case, and no `.` or `$`.
fn name(sent: &str) -> String {
    sent.trim().to_lowercase().replace(['.', '$'], "-")
}

/// The one whom an event names: by id anybody, else a user.
fn whose<'a>(directory: &'a Directory, sent: &Sent) -> Result<&'a FakeContact, Declined> {
    let present = || {
        let all = directory.every_contact();
        all.filter(|contact| contact.standing == Standing::Present)
    };
    let users = || present().filter(|contact| contact.role == Role::User);
    let found = match (&sent.id, &sent.user_id, &sent.email) {
        (Some(id), _, _) => present().find(|contact| contact.id == *id),
        (None, Some(id), _) => users().find(|contact| contact.external_id.as_ref() == Some(id)),
        (None, None, Some(email)) => {
            users().find(|contact| same_text(contact.email.as_deref(), email))
        }
        (None, None, None) => {
            let said = "id, user_id or email is required";
            return Err(Declined::new(400, "parameter_not_found", said));
        }
    };
    found.ok_or_else(Declined::no_contact)
}

fn metadata(sent: Metadata) -> Result<Metadata, Declined> {
    let kept: Metadata = sent.0.into_iter().take(KEPT_KEYS).collect();
    let is_flat = |value: &Value| match value {
        Value::Object(fields) => is_rich_link(fields) || is_price(fields),
        Value::Array(_) => false,
        _ => true,
    };
    match kept.0.iter().find(|(_, value)| !is_flat(value)) {
        Some((key, _)) => Err(Declined::invalid(format!("metadata '{key}' is nested"))),
        None => Ok(kept),
    }
}

fn is_rich_link(fields: &Map<String, Value>) -> bool {
    fields.get("url").is_some_and(Value::is_string) && fields.contains_key("value")
}

/// Cents, which are whole.
fn is_price(fields: &Map<String, Value>) -> bool {
    fields.get("amount").is_some_and(Value::is_i64)
        && fields.get("currency").is_some_and(Value::is_string)
}

#[derive(Deserialize)]
struct Asked {
    user_id: Option<String>,
    intercom_user_id: Option<String>,
    email: Option<String>,
    summary: Option<bool>,
    per_page: Option<usize>,
    before: Option<i64>,
}

/// Most events of a page.
const LARGEST_PAGE: usize = 100;

/// How long events are shown.
const SHOWN: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What a contact did: each of it, the latest first, or by name.
async fn read(
    State(intercom): State<FakeIntercom>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    if asked.summary == Some(false) || asked.per_page.is_some() {
        return list(&intercom, &asked, &headers);
    }
    summary(&intercom, &asked, &headers)
}

/// The next page begins before the second of the last event of this one: events of the same second stay
/// together.
fn list(intercom: &FakeIntercom, asked: &Asked, headers: &HeaderMap) -> Response {
    let oldest = intercom.now() - SHOWN;
    let size = asked.per_page.unwrap_or(50).clamp(1, LARGEST_PAGE);
    let size = size.min(intercom.options().largest_page);
    looked(intercom, headers, |_, directory| {
        let contact = whose(directory, &asked.whose())?;
        let mut events: Vec<&FakeEvent> = directory.events_of(&contact.id).collect();
        events.retain(|event| event.created_at >= oldest);
        events.retain(|event| {
            let before = asked.before;
            before.is_none_or(|before| event.created_at.as_second() < before)
        });
        events.sort_by_key(|event| Reverse(event.created_at));
        let last = events.get(size - 1).map(|event| event.created_at);
        let rest = last.and_then(|last| events.iter().position(|event| event.created_at < last));
        let mut pages = json!({});
        if let (Some(last), Some(rest)) = (last, rest) {
            events.truncate(rest);
            let (contact, last) = (&contact.id, last.as_second());
            pages["next"] = json!(format!(
                "https://api.intercom.test/events?type=user&intercom_user_id={contact}&per_page={size}&before={last}"
            ));
        }
        let shown = events.into_iter().map(|event| event.json(contact));
        Ok(json!({ "type": "event.list", "events": shown.collect::<Vec<_>>(), "pages": pages }))
    })
}

impl Asked {
    fn whose(&self) -> Sent {
        Sent {
            event_name: None,
            created_at: None,
            id: self.intercom_user_id.clone(),
            user_id: self.user_id.clone(),
            email: self.email.clone(),
            metadata: Metadata::default(),
        }
    }
}

/// How often a contact did what.
fn summary(intercom: &FakeIntercom, asked: &Asked, headers: &HeaderMap) -> Response {
    looked(intercom, headers, |_, directory| {
        let contact = whose(directory, &asked.whose())?;
        let events: Vec<&FakeEvent> = directory.events_of(&contact.id).collect();
        let names: BTreeSet<&str> = events.iter().map(|event| event.name.as_str()).collect();
        let summaries = names.into_iter().map(|name| {
            let times = events.iter().filter(|event| event.name == name);
            let times: BTreeSet<Timestamp> = times.map(|event| event.created_at).collect();
            let text = |at: Option<&Timestamp>| at.map(|at| format!("{at:.3}").replace('Z', "+00:00"));
            json!({
                "name": name, "count": times.len(), "first": text(times.first()), "last": text(times.last()),
            })
        });
        Ok(json!({
            "type": "event.summary", "email": contact.email.as_deref().unwrap_or_default(),
            "intercom_user_id": contact.id, "user_id": contact.external_id.as_deref().unwrap_or_default(),
            "events": summaries.collect::<Vec<_>>(),
        }))
    })
}
