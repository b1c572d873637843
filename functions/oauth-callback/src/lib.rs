//! `GET /install` and `GET /oauth/callback`: a workspace is connected, and an admin signs in.
//!
//! ```text
//! /install ──303, cookie──▶ Intercom: Allow or Deny ──303──▶ /oauth/callback ──303──▶ the settings page
//! ```
//!
//! 1. `install` makes a random `state`, gives it to Intercom, and to the browser in an authentic cookie
//!    (`attempt`);
//! 2. `callback` lets nobody in who does not bring back both, equal and for the first time: before that
//!    nothing is asked of Intercom;
//! 3. `connect` exchanges the code, asks whose token it is, and stores the connection;
//! 4. a one-time token in the address takes the browser over to the settings page, which is another function.
//!
//! A failure (`failure`) is explained on a page (`explanation`, `endings`). It leaves nothing behind: the
//! connection and its token are written together, last. Trying again completes what a failing table cut
//! short.

mod attempt;
mod callback;
mod connect;
mod endings;
mod explanation;
mod failure;
mod install;

use intercom::oauth::App;
use intercom::{Hosts, HttpsUrl, rest};
use lambda_http::http::{Method, StatusCode};
use lambda_http::{Body, Request, Response};
use platform::clock::Clock;
use platform::edge;
use platform::secrets::{LiveSecrets, Secrets};
use store::Store;
use tracing::{Instrument, field};

use crate::failure::Failure;

/// What the handler needs.
#[derive(Clone)]
pub struct State {
    /// Where connections are kept.
    pub store: Store,
    /// The app's credentials and our own keys.
    pub secrets: LiveSecrets,
    /// Calls to Intercom.
    pub intercom: rest::Client,
    /// Where browsers are sent to.
    pub hosts: Hosts,
    /// Where they end. Without it they do where they were sent from or, when nobody says, on a page of our
    /// own.
    pub settings: Option<HttpsUrl>,
    /// Tells when an attempt ends.
    pub clock: Clock,
}

/// Answers a browser: with a redirect, or a page.
pub async fn handle(state: &State, request: Request) -> Response<Body> {
    let span = tracing::error_span!(
        "oauth",
        workspace.id = field::Empty,
        organization.id = field::Empty
    );
    let answer = async {
        match (request.uri().path(), request.method()) {
            // What a GET would answer is known when the code is spent, which is good once.
            ("/oauth/callback", &Method::GET) if edge::is_head(&request) => status(StatusCode::OK),
            ("/install", &Method::GET) => install::begin(state, &request).await,
            ("/oauth/callback", &Method::GET) => callback::finish(state, &request).await,
            ("/install" | "/oauth/callback", _) => status(StatusCode::METHOD_NOT_ALLOWED),
            _ => status(StatusCode::NOT_FOUND),
        }
    };
    answer.instrument(span).await
}

/// The Intercom app that we are, which an operator has to have told us.
fn app(secrets: &Secrets) -> Result<App, Failure> {
    let client_secret = secrets.client_secret()?;
    Ok(App::new(secrets.client_id()?, client_secret.expose())?)
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = status;
    response
}
