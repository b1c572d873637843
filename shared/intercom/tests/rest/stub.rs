//! Plays Intercom: answers as it is told, and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::{Request, Response};
use intercom::Hosts;
use intercom::rest::{Client, Limits};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

/// What a stub does when it is asked.
pub(crate) enum Play {
    Answer(Response<Bytes>),
    /// Keeps the connection and says nothing.
    Silence,
}

/// A server on this machine that plays one answer after the other.
#[derive(Clone)]
pub(crate) struct Stub {
    plays: Arc<Mutex<VecDeque<Play>>>,
    asked: Arc<Mutex<Vec<Request<Bytes>>>>,
    hosts: Hosts,
}

/// Long enough for retries, short enough for a test that waits for the end.
pub(crate) const LIMITS: Limits = Limits {
    connect: Duration::from_secs(2),
    call: Duration::from_secs(5),
    rate_limit_wait: Duration::from_secs(2),
};

impl Stub {
    pub(crate) async fn new(plays: impl IntoIterator<Item = Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stub = Self {
            plays: Arc::new(Mutex::new(plays.into_iter().collect())),
            asked: Arc::default(),
            hosts: hosts_at(&listener),
        };
        let app = axum::Router::new().fallback(play).with_state(stub.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        stub
    }

    pub(crate) fn client(&self) -> Client {
        Client::with_limits(self.hosts.clone(), LIMITS)
    }

    pub(crate) fn hosts(&self) -> Hosts {
        self.hosts.clone()
    }

    /// Everything asked so far.
    pub(crate) fn asked(&self) -> Vec<Request<Bytes>> {
        self.asked.lock().unwrap().clone()
    }
}

/// The API at a listener, below a path of its own.
pub(crate) fn hosts_at(listener: &TcpListener) -> Hosts {
    let url = format!("http://{}/below", listener.local_addr().unwrap());
    Hosts::new(Some(Url::parse(&url).unwrap()), None).unwrap()
}

/// An answer with a JSON body.
pub(crate) fn json_answer(status: u16, body: &Value) -> Play {
    text_answer(status, &body.to_string())
}

/// An answer with any body.
pub(crate) fn text_answer(status: u16, body: &str) -> Play {
    let answer = Response::builder().status(status);
    Play::Answer(answer.body(Bytes::from(body.to_owned())).unwrap())
}

/// An error as Intercom words it.
pub(crate) fn error_list(code: &str) -> Value {
    json!({ "type": "error.list", "request_id": "12a938a3-314e-4939-b773-5cd45738bd21",
            "errors": [{ "code": code, "message": "of ada@example.com" }] })
}

async fn play(State(stub): State<Stub>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let next = stub.plays.lock().unwrap().pop_front();
    stub.asked
        .lock()
        .unwrap()
        .push(Request::from_parts(head, body));
    match next {
        Some(Play::Answer(answer)) => answer.map(Body::from),
        Some(Play::Silence) => std::future::pending().await,
        None => Response::builder()
            .status(418)
            .body("asked too often".into())
            .unwrap(),
    }
}
