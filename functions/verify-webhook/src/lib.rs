//! `HEAD /webhooks` and `POST /webhooks`: Intercom's notifications.
//!
//! Intercom waits five seconds, sends a notification once more, and then forgets it. Receivers that take half
//! a second are served last. So this function only verifies the signature, puts the notification unchanged on
//! its worker's queue, and says 200. It reads no table: the worker checks whether we know the workspace.
//!
//! | answer | to |
//! |---|---|
//! | 200 | what is on its queue; what nobody here deals with, such as a `ping`; Intercom's `HEAD` |
//! | 400, 401, 404, 405, 413 | what is no notification of Intercom's |
//! | 503 | what no queue took in time: Intercom sends it again after a minute |
//!
//! Never 410 and never 429: Intercom would end or throttle the notifications of all workspaces.

mod error;
pub mod steps;

use std::borrow::Cow;
use std::time::Duration;

use intercom::webhook::Envelope;
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use notification::{TopicQueues, Worker};
use platform::clock::Clock;
use platform::edge;
use platform::http;
use platform::metrics;
use platform::secrets::LiveSecrets;
use serde_json::json;
use tracing::{Instrument, Span, field};
use wiring::signature;

use crate::error::Error;

/// Largest notification, bytes: what an SQS message takes. Intercom's have a few thousand.
pub const MAX_BODY_BYTES: usize = 1 << 20;

/// Longest wait for the queue, half of what Intercom waits for us.
const DEADLINE: Duration = Duration::from_millis(2_500);

/// What the handler needs.
#[derive(Clone)]
pub struct State {
    /// The Intercom app's secret, which notifications are signed with.
    pub secrets: LiveSecrets,
    /// Where notifications are left.
    pub queues: TopicQueues,
    /// Tells how old the secrets are.
    pub clock: Clock,
}

/// Answers a request of Intercom's.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    let span = tracing::error_span!(
        "verify_webhook",
        workspace.id = field::Empty,
        notification.id = field::Empty,
        worker = field::Empty,
    );
    respond(state, &request)
        .instrument(span)
        .await
        .unwrap_or_else(Error::into_response)
}

async fn respond(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    if request.uri().path() != "/webhooks" {
        return Err(Error::refused(
            StatusCode::NOT_FOUND,
            "unknown_route",
            "There is nothing here.",
        ));
    }
    match *request.method() {
        Method::POST => receive(state, request).await,
        // Not signed: Intercom asks so before it saves the address. A GET would have nothing to show.
        _ if edge::is_head(request) => Ok(Response::new(Body::Empty)),
        _ => Err(Error::refused(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "This route answers HEAD and POST only.",
        )),
    }
}

async fn receive(state: &State, request: &Request) -> Result<Response<Body>, Error> {
    verify(state, request).await?;
    fail::fail_point!(crate::steps::VERIFIED);
    if let Some((worker, notification)) = read(request.body())? {
        enqueue(state, worker, &notification).await?;
        fail::fail_point!(crate::steps::QUEUED);
    }
    Ok(http::json(StatusCode::OK, &json!({})))
}

/// Whether it is a request of Intercom's. Nothing of the body is read before.
async fn verify(state: &State, request: &Request) -> Result<(), Error> {
    if request.body().len() > MAX_BODY_BYTES {
        return Err(Error::refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            format!("Send at most {MAX_BODY_BYTES} bytes."),
        ));
    }
    let verdict = signature::verify_hub(&state.secrets, request, state.clock.now()).await;
    verdict.map_err(|error| {
        tracing::warn!({ metrics::SIGNATURE_REJECTED } = 1, %error, "signature rejected");
        Error::refused(StatusCode::UNAUTHORIZED, "bad_signature", error.to_string())
    })
}

/// The notification and who deals with it; `None` when nobody does.
fn read(body: &[u8]) -> Result<Option<(Worker, Cow<'_, str>)>, Error> {
    let envelope = Envelope::parse(body)?;
    let span = Span::current();
    span.record("workspace.id", &envelope.app_id);
    span.record("notification.id", &envelope.id);
    let Some(topic) = envelope.subscribed_topic()? else {
        tracing::debug!("nobody deals with this notification");
        return Ok(None);
    };
    let worker = Worker::of(topic);
    span.record("worker", worker.function_name());
    // JSON is UTF-8: nothing is lost.
    Ok(Some((worker, String::from_utf8_lossy(body))))
}

async fn enqueue(state: &State, worker: Worker, notification: &str) -> Result<(), Error> {
    let sent = state.queues.send(worker, notification);
    tokio::time::timeout(DEADLINE, sent)
        .await
        .map_err(|_| Error::Late)??;
    tracing::info!({ metrics::NOTIFICATION_QUEUED } = 1, "notification queued");
    Ok(())
}
