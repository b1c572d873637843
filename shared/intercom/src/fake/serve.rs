//! The fake Intercom over HTTP: every call is noted, and goes wrong where that is planned.

use std::io;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use futures::stream;
use http::header::DATE;
use http::{HeaderValue, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::net::TcpListener;
use url::Url;

use super::{FakeIntercom, Fault, rest};

/// The path below which a fake Intercom of its own serves, so that who loses the path of an address is found.
const BELOW: &str = "/below";

impl FakeIntercom {
    /// The API, to be a part of another server.
    pub fn routes(&self) -> Router {
        self.watched(rest::routes(self.clone()))
    }

    /// Serves the API on a free port of this machine until the runtime ends; where that is.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn serve(&self) -> io::Result<Url> {
        let api = self.watched(rest::routes(self.clone()).fallback(rest::nowhere));
        let app = Router::new().nest(BELOW, api);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}{BELOW}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Url::parse(&url).map_err(io::Error::other)
    }

    fn watched(&self, routes: Router) -> Router {
        routes.layer(middleware::from_fn_with_state(self.clone(), answer))
    }
}

async fn answer(State(intercom): State<FakeIntercom>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let fault = intercom.plan().take(head.uri.path());
    let noted = http::Request::from_parts(head.clone(), body.clone());
    let number = intercom.journal().asked(noted);
    let request = Request::from_parts(head, Body::from(body));
    let response = match fault {
        None => next.run(request).await,
        Some(Fault::Answer(answer)) => answer.map(Body::from),
        Some(Fault::Slow(delay)) => {
            let response = next.run(request).await;
            tokio::time::sleep(delay).await;
            response
        }
        Some(Fault::Silent) => std::future::pending().await,
        Some(Fault::CutOffBefore) => return cut_off(),
        Some(Fault::CutOffAfter) => {
            next.run(request).await;
            return cut_off();
        }
    };
    intercom.journal().answered(number, response.status());
    dated(response, intercom.now())
}

/// An answer of which nothing is sent: its body fails before its head has left, and the connection is closed.
fn cut_off() -> Response {
    let broken: Result<Bytes, io::Error> = Err(io::ErrorKind::ConnectionAborted.into());
    Response::new(Body::from_stream(stream::iter([broken])))
}

/// Says when an answer was written, by the clock of this Intercom.
fn dated(mut response: Response, now: Timestamp) -> Response {
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now);
    if let Ok(date) = date
        .map_err(drop)
        .and_then(|date| HeaderValue::try_from(date).map_err(drop))
    {
        response.headers_mut().entry(DATE).or_insert(date);
    }
    response
}
