//! Events in: whatever client sends them, all that can be used is stored before the answer.

use std::time::Duration;

use api::quotas::Quota;
use identity::WorkspaceId;
use jiff::Timestamp;
use lambda_http::{Body, Request, Response};
use outbox::{Accepted, EventType, Keys, Lane, Refused, Trust};
use platform::metrics;
use store::{Grant, SourceKind};
use tasks::DeliverTask;
use tracking::{Batch, Call, Entry, Envelope, TrackedEvent};

use crate::{Error, State, answer, body, grant, trust};

pub(crate) async fn take(
    state: &State,
    call: Option<Call>,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let now = state.clock.now();
    let known = grant::in_headers(state, request).await?;
    let payload = body::payload(request.headers(), request.body())?;
    let envelope = Envelope {
        call,
        received_at: now,
    };
    let read = tracking::read(&payload, envelope);
    let grant = match known {
        Some(grant) => grant,
        None => {
            let in_body = read.as_ref().ok().and_then(|batch| batch.write_key.as_deref());
            grant::in_body_or_address(state, in_body, request).await?
        }
    };
    let batch = read.map_err(body::unreadable)?;
    Ok(answer::success())
}
