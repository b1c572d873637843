//! The handler over queues that keep what they are sent, called as Intercom calls it.

use std::convert::Infallible;
use std::future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use intercom::signature::{ClientSecret, HUB_SIGNATURE_HEADER, sign_hub};
use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use notification::{TopicQueues, Worker};
use platform::clock::Clock;
use platform::config::Environment;
use platform::queue::{Queue, QueueError};
use platform::secrets::{LiveSecrets, Secrets};
use serde_json::Value;
use verify_webhook::State;

const CLIENT_SECRET: &str = "test_client_secret";

/// What the queues do.
#[derive(Clone, Copy)]
pub(crate) enum Mood {
    Takes,
    Fails,
    Hangs,
}

pub(crate) struct Fixture {
    pub(crate) state: State,
    queues: Arc<Queues>,
}

struct Queues {
    mood: Mutex<Mood>,
    sent: Mutex<Vec<(Worker, String)>>,
}

struct QueueOf {
    worker: Worker,
    queues: Arc<Queues>,
}

#[async_trait]
impl Queue for QueueOf {
    async fn send(&self, body: String, _: Duration) -> Result<(), QueueError> {
        let mood = *self.queues.mood.lock().unwrap();
        match mood {
            Mood::Takes => self.queues.sent.lock().unwrap().push((self.worker, body)),
            Mood::Fails => return Err(QueueError::Unavailable("gone".into())),
            Mood::Hangs => future::pending().await,
        }
        Ok(())
    }
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let queues = Arc::new(Queues {
            mood: Mutex::new(Mood::Takes),
            sent: Mutex::default(),
        });
        let open = |worker| {
            let queues = Arc::clone(&queues);
            let queue: Arc<dyn Queue> = Arc::new(QueueOf { worker, queues });
            Ok::<_, Infallible>(queue)
        };
        let state = state(TopicQueues::open(open).unwrap());
        Self { state, queues }
    }

    pub(crate) fn queues_are(&self, mood: Mood) {
        *self.queues.mood.lock().unwrap() = mood;
    }

    /// What was queued since the last look.
    pub(crate) fn sent(&self) -> Vec<(Worker, String)> {
        std::mem::take(&mut *self.queues.sent.lock().unwrap())
    }

    /// Sends a notification that is signed as Intercom signs; answers the status.
    pub(crate) async fn post(&self, body: impl AsRef<[u8]>) -> u16 {
        let body = body.as_ref();
        let response = self.send(signed(body)).await;
        response.status().as_u16()
    }

    pub(crate) async fn send(&self, request: Request) -> Response<Body> {
        let handler = |request| verify_webhook::handle(&self.state, request);
        platform::edge::answer(request, handler).await
    }
}

/// The handler's state over any queues.
pub(crate) fn state(queues: TopicQueues) -> State {
    let variables = [("INTERCOM_CLIENT_SECRET", CLIENT_SECRET)];
    let environment: Environment = variables.into_iter().collect();
    State {
        secrets: LiveSecrets::fixed(Secrets::of_environment(&environment)),
        queues,
        clock: Clock::system(),
    }
}

pub(crate) fn secret() -> ClientSecret {
    ClientSecret::parse(CLIENT_SECRET).unwrap()
}

/// The request of a notification, as Intercom sends it.
pub(crate) fn signed(body: &[u8]) -> Request {
    let signature = sign_hub(&secret(), body);
    request(Method::POST, "/webhooks", body, Some(signature.as_bytes()))
}

pub(crate) fn request(
    method: Method,
    path: &str,
    body: &[u8],
    signature: Option<&[u8]>,
) -> Request {
    let mut request = Request::new(Body::Binary(body.to_vec()));
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().unwrap();
    if let Some(signature) = signature {
        let signature = signature.try_into().unwrap();
        let headers = request.headers_mut();
        headers.insert(HUB_SIGNATURE_HEADER, signature);
    }
    request
}

/// The code of an error's body.
pub(crate) fn code(response: &Response<Body>) -> String {
    let body: Value = serde_json::from_slice(response.body()).unwrap();
    body["error"]["code"].as_str().unwrap().to_owned()
}
