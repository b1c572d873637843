//! Events in: all that can be used is stored for good before the answer, event by event.

use std::time::Duration;

use api::quotas::{QUOTA_EXCEEDED, Quota};
use api::refusals::Refusal;
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use outbox::{Accepted, EventType, Keys, Lane, OrganizationOutbox, Refused, Trust};
use platform::http::ApiError;
use platform::metrics;
use store::{Grant, SourceKind};
use tasks::DeliverTask;
use tracking::{Batch, Call, DropReason, Entry, Envelope, SourceSettings, TrackedEvent};

use crate::known_sources::KnownSource;
use crate::{Error, State, answer, body, grant, trust};

/// The reason of events for which there is no workspace.
const NO_WORKSPACE: &str = "no_workspace";

pub(crate) async fn take(
    state: &State,
    call: Option<Call>,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let now = state.clock.now();
    let in_headers = grant::in_headers(state, request).await?;
    let payload = body::payload(request.headers(), request.body())?;
    let envelope = Envelope {
        call,
        received_at: now,
    };
    let read = tracking::read(&payload, envelope);
    let grant = match in_headers {
        Some(grant) => grant,
        None => {
            let batch = read.as_ref().ok();
            let in_body = batch.and_then(|batch| batch.write_key.as_deref());
            grant::in_body_or_address(state, in_body, request).await?
        }
    };
    let source = source_of(state, &grant, now).await?;
    let grant = match source.kind {
        SourceKind::Browser => state.keys.admit(grant, request.headers())?,
        SourceKind::Server => grant,
    };
    let batch = read.map_err(body::unreadable)?;
    let bytes = request.body().len();
    let admitted = admit(
        state,
        (&grant, source.kind),
        (batch.entries.len(), bytes),
        now,
    )
    .await;
    admitted.map_err(|error| count_refusal(state, &grant, error))?;
    Box::pin(store(state, (&grant, &source), batch, now)).await?;
    Ok(answer::success())
}

/// What is known of the source that the key is of.
async fn source_of(state: &State, grant: &Grant, now: Timestamp) -> Result<KnownSource, Error> {
    let organization = &grant.organization;
    let found = match &grant.source {
        Some(source) => {
            let sources = &state.sources;
            sources.get(&state.store, organization, source, now).await?
        }
        None => None,
    };
    found.ok_or_else(|| {
        let message =
            "The source of this key is not there any more. Make another one on the settings page.";
        ApiError::new(StatusCode::UNAUTHORIZED, "unknown_source", message).into()
    })
}

/// Whether the organization may send so much now: public keys are anybody's.
async fn admit(
    state: &State,
    (grant, kind): (&Grant, SourceKind),
    (events, bytes): (usize, usize),
    now: Timestamp,
) -> Result<(), Error> {
    let quota = match kind {
        SourceKind::Browser => Quota::BrowserEvents,
        SourceKind::Server => Quota::ServerEvents,
    };
    state.quotas.take(grant, quota, events as u64, now).await?;
    if kind == SourceKind::Browser {
        let taken = state.quotas.take(grant, Quota::Bytes, bytes as u64, now);
        taken.await?;
    }
    Ok(())
}

fn count_refusal(state: &State, grant: &Grant, error: Error) -> Error {
    if matches!(&error, Error::Refused(refused) if refused.code() == QUOTA_EXCEEDED) {
        let (organization, now) = (Some(&grant.organization), state.clock.now());
        state
            .keys
            .refusals()
            .count(organization, Refusal::Quota, now);
    }
    error
}

/// An event that is taken, with what its row holds of it.
struct Taken {
    event: TrackedEvent,
    trust: Trust,
    lane: Lane,
    body: Vec<u8>,
}

/// One that is not.
struct Dropped {
    message_id: String,
    call: Option<Call>,
    reason: &'static str,
}

/// Stores what can be delivered, notes what cannot, and has the worker come.
async fn store(
    state: &State,
    (grant, source): (&Grant, &KnownSource),
    batch: Batch,
    now: Timestamp,
) -> Result<(), Error> {
    let organization = &grant.organization;
    let Some(id) = &grant.source else {
        return Ok(());
    };
    let outbox = state.outbox.of(organization);
    let (mut taken, mut dropped) = (Vec::new(), Vec::new());
    for entry in batch.entries {
        match judge(state, (grant, source), &outbox, entry, now).await? {
            Ok(event) => taken.push(event),
            Err(event) => dropped.push(event),
        }
    }
    if let Some(workspace) = source.workspace.as_ref().filter(|_| !taken.is_empty()) {
        let accepted: Vec<_> = taken.iter().map(|event| event.accepted(id)).collect();
        let lanes = outbox.accept(workspace, &accepted, now).await?;
        let task = |lane| DeliverTask::new(organization, workspace, lane).to_body();
        let tasks = lanes.iter().map(task).collect();
        state.deliver.send_all(tasks, Duration::ZERO).await?;
        tracing::info!({ metrics::EVENTS_TAKEN } = taken.len(), "events taken");
    }
    if !dropped.is_empty() {
        let refused: Vec<_> = dropped.iter().map(|event| event.refused(id)).collect();
        outbox.refuse(&refused, now).await?;
        tracing::info!(
            { metrics::EVENTS_REFUSED } = refused.len(),
            "events refused"
        );
    }
    Ok(())
}

/// What is to become of one entry.
async fn judge(
    state: &State,
    (grant, source): (&Grant, &KnownSource),
    outbox: &OrganizationOutbox<'_>,
    entry: Entry,
    now: Timestamp,
) -> Result<Result<Taken, Dropped>, Error> {
    let mut event = match entry {
        Entry::Event(event) => event,
        Entry::Refused {
            message_id,
            call,
            reason,
        } => {
            let reason = reason.code();
            return Ok(Err(Dropped {
                message_id,
                call,
                reason,
            }));
        }
    };
    let trust = trust::of(state, (grant, source), &mut event, now).await?;
    let reason = match trust {
        Ok(_) if source.workspace.is_none() => NO_WORKSPACE,
        Ok(trust) => {
            if let Some(reason) = of_no_use(&event) {
                return Ok(Err(Dropped {
                    message_id: event.message_id,
                    call: Some(event.call),
                    reason: reason.code(),
                }));
            }
            let lane = outbox.lane(&Keys {
                user_id: event.user_id.as_deref(),
                email: event.email.as_deref(),
                anonymous_id: event.anonymous_id.as_deref(),
                message_id: &event.message_id,
            });
            let body = event.to_stored();
            return Ok(Ok(Taken {
                event,
                trust,
                lane,
                body,
            }));
        }
        Err(distrust) => distrust.reason(),
    };
    Ok(Err(Dropped {
        message_id: event.message_id,
        call: Some(event.call),
        reason,
    }))
}

/// Pages and screens come to nothing, whatever their source's settings say: nothing waits or is kept for one.
fn of_no_use(event: &TrackedEvent) -> Option<DropReason> {
    match event.call {
        Call::Page | Call::Screen => tracking::plan(event, &SourceSettings::default()).err(),
        Call::Identify | Call::Track | Call::Group | Call::Alias => None,
    }
}

impl Taken {
    fn accepted<'a>(&'a self, source: &'a identity::SourceId) -> Accepted<'a> {
        Accepted {
            source,
            trust: self.trust,
            event_type: event_type(self.event.call),
            message_id: &self.event.message_id,
            lane: &self.lane,
            timestamp: self.event.timestamp,
            body: &self.body,
        }
    }
}

impl Dropped {
    fn refused<'a>(&'a self, source: &'a identity::SourceId) -> Refused<'a> {
        Refused {
            source,
            event_type: self.call.map(event_type),
            message_id: &self.message_id,
            reason: self.reason,
        }
    }
}

fn event_type(call: Call) -> EventType {
    match call {
        Call::Identify => EventType::Identify,
        Call::Track => EventType::Track,
        Call::Page => EventType::Page,
        Call::Screen => EventType::Screen,
        Call::Group => EventType::Group,
        Call::Alias => EventType::Alias,
    }
}
