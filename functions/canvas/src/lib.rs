//! `POST /canvas/initialize` and `POST /canvas/submit`: the panel in Intercom's Inbox.
//!
//! A request goes one way through here:
//!
//! 1. this file checks the signature and sees to it that the answer is a canvas, in time, whatever happens;
//! 2. `contact` and `beginning` turn Intercom's contact and conversation into what our store knows;
//! 3. `panel` decides what was asked for (`target`, `position`), finds the contact's people and has `reader`
//!    read their sessions: at most two round trips to the table, one after the other, and no write but for a
//!    share link, which is made when a teammate asks for one;
//! 4. `view` draws it.
//!
//! Initialize and submit take the same way: a click only adds the id of the clicked component. Nothing is
//! remembered between requests but the number of `views`. So a request that comes five times at once gets the
//! same answer each time.

mod beginning;
mod contact;
mod error;
mod panel;
mod position;
mod reader;
mod target;
mod view;
mod views;

use std::time::Duration;

use intercom::canvas::Canvas;
use intercom::request::CanvasRequest;
use lambda_http::http::header::CONTENT_TYPE;
use lambda_http::http::{HeaderValue, Method, StatusCode};
use lambda_http::{Body, Request, Response};
use pages::addresses::Pages;
use platform::clock::Clock;
use platform::fault::Fault;
use platform::metrics;
use platform::secrets::LiveSecrets;
use platform::telemetry::Chain;
use store::Store;
use tracing::{Instrument, field};
use wiring::signature;

use crate::error::Error;
use crate::position::Position;
use crate::view::states;
pub use crate::views::Views;

/// Longest wait for the table. Intercom is said to give up after ten seconds; a teammate does after three.
const DEADLINE: Duration = Duration::from_millis(2_500);

/// Largest request body that is read, bytes. A canvas comes back with every click, so 64 KB are usual.
const MAX_BODY_BYTES: usize = 1 << 20;

/// The last resort, should even the canvas that admits a failure fail to build.
const FAILED: &str = "Something failed on our side. Please reopen this conversation to try again.";

/// What the handler needs.
#[derive(Debug, Clone)]
pub struct State {
    /// Connections, people and sessions.
    pub store: Store,
    /// The Intercom app's secret, which requests are signed with.
    pub secrets: LiveSecrets,
    /// Where links lead.
    pub pages: Pages,
    /// Tells what is live now.
    pub clock: Clock,
    /// Counts the panels that are opened.
    pub views: Views,
}

/// Answers a request of Intercom's: 401 to a wrong signature, and a canvas to everything else.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    let span = tracing::error_span!(
        "canvas",
        workspace.id = field::Empty,
        organization.id = field::Empty
    );
    respond(state, request).instrument(span).await
}

async fn respond(state: &State, request: Request) -> Response<Body> {
    let path = request.uri().path();
    if !["/canvas/initialize", "/canvas/submit"]
        .iter()
        .any(|route| path.ends_with(route))
    {
        return status(StatusCode::NOT_FOUND);
    }
    if request.method() != Method::POST {
        return status(StatusCode::METHOD_NOT_ALLOWED);
    }
    let body: &[u8] = request.body();
    let signature = signature::verify_body(&state.secrets, &request, state.clock.now());
    if let Err(error) = signature.await {
        tracing::warn!({ metrics::SIGNATURE_REJECTED } = 1, %error, "signature rejected");
        return status(StatusCode::UNAUTHORIZED);
    }
    let canvas = answer(state, body).await;
    let mut response = Response::new(Body::Text(canvas.into()));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The canvas for a body that is Intercom's; one that admits a failure if need be.
async fn answer(state: &State, body: &[u8]) -> Canvas {
    let mut position = Position::default();
    let result = match read(body) {
        Ok(request) => {
            position = Position::of(&request.stored_data);
            draw(state, &request).await
        }
        Err(error) => Err(error),
    };
    match result {
        Ok(canvas) => {
            tracing::info!({ metrics::CANVAS_DRAWN } = 1, "canvas drawn");
            canvas
        }
        Err(error) => {
            tracing::error!(
                { metrics::CANVAS_FAILED } = 1,
                "error.type" = error.error_type(),
                retryable = error.is_transient(),
                error = %Chain(&error),
                "canvas failed"
            );
            states::failed(&position).unwrap_or_else(|_| Canvas::sentence(FAILED))
        }
    }
}

fn read(body: &[u8]) -> Result<CanvasRequest, Error> {
    if body.len() > MAX_BODY_BYTES {
        return Err(Error::TooLarge { bytes: body.len() });
    }
    Ok(CanvasRequest::parse(body)?)
}

async fn draw(state: &State, request: &CanvasRequest) -> Result<Canvas, Error> {
    let drawn = panel::draw(state, request);
    tokio::time::timeout(DEADLINE, drawn)
        .await
        .unwrap_or(Err(Error::Late))
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = status;
    response
}
