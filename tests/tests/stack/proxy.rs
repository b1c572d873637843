//! Between a function and AWS: passes every call on and keeps what it asked for.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use tokio::net::TcpListener;

use crate::actions::{Call, asked_for};

/// More than any call of ours has.
const MAX_BODY: usize = 16 << 20;

/// Where a function finds AWS.
#[derive(Debug, Clone)]
pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

#[derive(Clone)]
struct Passing {
    to: String,
    http: reqwest::Client,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Proxy {
    /// Passes calls on to `endpoint`.
    pub(crate) async fn start(endpoint: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::default();
        let passing = Passing {
            to: endpoint.to_owned(),
            http: reqwest::Client::new(),
            calls: Arc::clone(&calls),
        };
        let router = Router::new().fallback(pass).with_state(passing);
        tokio::spawn(async { axum::serve(listener, router).await });
        Self {
            endpoint: format!("http://{address}"),
            calls,
        }
    }

    /// Everything that came through so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

async fn pass(State(passing): State<Passing>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap();
    passing
        .calls
        .lock()
        .unwrap()
        .extend(asked_for(&head, &body));
    let answer = passing
        .http
        .request(head.method, format!("{}{}", passing.to, head.uri))
        .headers(head.headers)
        .body(body)
        .send()
        .await
        .unwrap();
    let mut response = Response::builder().status(answer.status());
    response.headers_mut().unwrap().clone_from(answer.headers());
    response.headers_mut().unwrap().remove("transfer-encoding");
    let body = answer.bytes().await.unwrap();
    response.body(Body::from(body)).unwrap()
}
