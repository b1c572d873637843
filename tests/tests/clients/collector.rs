//! `collect` behind an HTTP server of its own, which meets trouble as planned.

use std::collections::{BTreeSet, VecDeque};
use std::io::Read;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use collect::PublicAddress;
use flate2::read::MultiGzDecoder;
use http::StatusCode;
use http::header::{CONTENT_ENCODING, RETRY_AFTER};
use identity::SourceId;
use jiff::{SignedDuration, Timestamp};
use lambda_http::Body;
use outbox::Outbox;
use platform::edge;
use platform::queue::LocalQueue;
use serde_json::Value;
use store::{KeyScope, NewKey, Provision, Source, SourceKind};
use test_support::{RETENTION_DAYS, TABLE, TestStack, master_key};
use tokio::net::TcpListener;

/// What clients send with.
pub(crate) const KEY: &str = "clients-source-key";

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The table does not answer.
    Unavailable,
    /// The organization is above a limit for a second.
    TooMany,
    /// All is done, and the answer does not arrive.
    AnswerLost,
}

/// What has come in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) requests: usize,
    pub(crate) is_packed: bool,
    pub(crate) message_ids: BTreeSet<String>,
}

pub(crate) struct Collector {
    stack: TestStack,
    url: String,
    seen: Arc<Mutex<Seen>>,
}

/// What answers requests.
struct Server {
    state: collect::State,
    seen: Arc<Mutex<Seen>>,
    troubles: Mutex<VecDeque<Trouble>>,
}

impl Collector {
    /// The first requests meet these troubles, one each.
    pub(crate) async fn start(troubles: &[Trouble]) -> Self {
        // Clients tell the time by the machine's clock. An event of the future would be put right by when it
        // came, and that differs from one time to the next.
        let soon = Timestamp::now() + SignedDuration::from_secs(30);
        let stack = TestStack::start_at(&soon.to_string()).await;
        let organization = stack.organization("shop").await.id;
        let id = SourceId::parse("clients").unwrap();
        let source = Source {
            id: id.clone(),
            kind: SourceKind::Server,
            ..Source::site()
        };
        let sources = stack.store.of(&organization).sources();
        assert!(sources.create(&source).await.unwrap());
        let provision = Provision {
            organization,
            name: "Shop".to_owned(),
            retention_days: RETENTION_DAYS,
            keys: vec![NewKey {
                key: KEY.to_owned(),
                scope: KeyScope::Source,
                source: Some(id),
                expires_at: None,
            }],
            connection: None,
        };
        stack
            .store
            .provision(&provision, stack.now())
            .await
            .unwrap();
        let queue = LocalQueue::in_memory(stack.clock.clone()).unwrap();
        let server = Arc::new(Server {
            state: collect::State::new(
                stack.store.clone(),
                Outbox::new(&stack.table, TABLE, master_key()),
                Arc::new(queue),
                PublicAddress::local(),
                stack.clock.clone(),
            ),
            seen: Arc::default(),
            troubles: Mutex::new(troubles.iter().copied().collect()),
        });
        let seen = Arc::clone(&server.seen);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(serve).with_state(server);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { stack, url, seen }
    }

    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    /// The ids of the messages that wait to be delivered.
    pub(crate) async fn stored(&self) -> BTreeSet<String> {
        let scanned = self.stack.table.scan().table_name(TABLE).send().await;
        let rows = scanned.unwrap().items.unwrap_or_default();
        let ids = rows.iter().filter_map(|row| {
            row.get("trust")?;
            row.get("message_id")?.as_s().ok().cloned()
        });
        let ids: Vec<String> = ids.collect();
        let distinct: BTreeSet<String> = ids.iter().cloned().collect();
        assert_eq!(distinct.len(), ids.len(), "each event is stored once");
        distinct
    }
}

async fn serve(State(server): State<Arc<Server>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 8 << 20).await.unwrap().to_vec();
    let is_packed = parts.headers.contains_key(CONTENT_ENCODING);
    note(&mut server.seen.lock().unwrap(), &body, is_packed);
    let trouble = server.troubles.lock().unwrap().pop_front();
    let refusal = r#"{"code":"trouble","message":"As planned."}"#;
    match trouble {
        Some(Trouble::Unavailable) => {
            return (StatusCode::SERVICE_UNAVAILABLE, refusal).into_response();
        }
        Some(Trouble::TooMany) => {
            let wait = [(RETRY_AFTER, "1")];
            return (StatusCode::TOO_MANY_REQUESTS, wait, refusal).into_response();
        }
        Some(Trouble::AnswerLost) | None => {}
    }
    let request = lambda_http::Request::from_parts(parts, Body::Binary(body));
    let handler = |request| collect::handle(&server.state, request);
    let answer = edge::answer(request, handler).await;
    if trouble == Some(Trouble::AnswerLost) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    answer.map(|body| axum::body::Body::from(body.to_vec()))
}

fn note(seen: &mut Seen, body: &[u8], is_packed: bool) {
    seen.requests += 1;
    seen.is_packed |= is_packed;
    let mut unpacked = Vec::new();
    let body = match is_packed {
        true => {
            MultiGzDecoder::new(body)
                .read_to_end(&mut unpacked)
                .unwrap();
            &unpacked
        }
        false => body,
    };
    let body: Value = serde_json::from_slice(body).unwrap();
    for event in body["batch"].as_array().unwrap() {
        let id = event["messageId"].as_str().unwrap();
        seen.message_ids.insert(id.to_owned());
    }
}
