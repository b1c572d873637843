//! Between a function and AWS: keeps what every call asks for and passes it on, but for what a fault makes of
//! it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use tokio::net::TcpListener;

use crate::actions::{Call, asked_for};
use crate::faults::{Answer, Asked, Faults};

/// More than any call of ours has.
const MAX_BODY: usize = 16 << 20;

/// Where calls are passed on to.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    pub(crate) dynamodb: String,
    /// All other services.
    pub(crate) others: String,
}

/// Where a function finds AWS.
#[derive(Debug, Clone)]
pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

#[derive(Clone)]
struct Passing {
    to: Endpoints,
    http: reqwest::Client,
    calls: Arc<Mutex<Vec<Call>>>,
    faults: Faults,
}

impl Proxy {
    /// Passes calls on, with these faults.
    pub(crate) async fn start(to: &Endpoints, faults: &Faults) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::default();
        let passing = Passing {
            to: to.clone(),
            http: reqwest::Client::new(),
            calls: Arc::clone(&calls),
            faults: faults.clone(),
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
    let asked = Asked::of(&head, &body);
    let faults = passing.faults.clone();
    let send = |body: Vec<u8>| async move { passing.send(head, body).await };
    match faults.happen(asked, body.to_vec(), send).await {
        Some(answer) => {
            let mut response = Response::builder().status(answer.status);
            *response.headers_mut().unwrap() = answer.headers;
            response.body(Body::from(answer.body)).unwrap()
        }
        None => closed(),
    }
}

/// No answer: a body that fails before its first byte has the connection closed before the head is sent.
fn closed() -> Response {
    let lost = Err::<Vec<u8>, _>(std::io::Error::other("lost"));
    Response::new(Body::from_stream(futures::stream::iter([lost])))
}

impl Passing {
    async fn send(self, head: Parts, body: Vec<u8>) -> Answer {
        let target = head.headers.get("x-amz-target");
        let is_of_dynamodb =
            target.is_some_and(|target| target.as_bytes().starts_with(b"DynamoDB_"));
        let to = match is_of_dynamodb {
            true => &self.to.dynamodb,
            false => &self.to.others,
        };
        let mut headers = head.headers;
        // The body may be another one than that of the request.
        headers.remove("content-length");
        let answer = self
            .http
            .request(head.method, format!("{to}{}", head.uri))
            .headers(headers)
            .body(body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let mut headers = answer.headers().clone();
        headers.remove("transfer-encoding");
        let body = answer.bytes().await.unwrap().to_vec();
        Answer {
            status,
            headers,
            body,
        }
    }
}
