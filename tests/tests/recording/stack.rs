//! The two functions over a storage of their own, and how tests talk to them.

use std::sync::Arc;

use aws_lambda_events::event::sqs::SqsBatchResponse;
use futures::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::header::{AUTHORIZATION, CONTENT_ENCODING};
use lambda_http::http::{HeaderMap, Method};
use lambda_http::{Body, Request, Response};
use object_store::ObjectStore;
use object_store::memory::InMemory;
use outbox::Outbox;
use platform::clock::Clock;
use platform::queue::dispatch::drain;
use serde_json::{Value, json};
use store::{Recordings, Store};
use test_support::{QueueName, TABLE, TestStack};

use crate::counted::{BucketCalls, CountedBucket, CountedQueue};

pub(crate) const WRITE_KEY: &str = "acme-write-key";
pub(crate) const SECRET_KEY: &str = "acme-secret-key";
/// The workspace that `acme` is connected to.
pub(crate) const WORKSPACE: &str = "acme";
pub(crate) const OTHER_SECRET_KEY: &str = "rival-secret-key";

/// Two organizations, nothing recorded yet.
pub(crate) struct Stack {
    record: record::State,
    summarize: summarize::State,
    erase: erase::State,
    pub(crate) erase_queue: Arc<CountedQueue>,
    pub(crate) below: TestStack,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) queue: Arc<CountedQueue>,
    pub(crate) bucket: Arc<CountedBucket>,
    pub(crate) table_calls: test_support::Calls,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Stack {
    pub(crate) async fn start() -> Self {
        let below = TestStack::start_at("2026-11-20T10:15:00Z").await;
        let (clock, store) = (below.clock.clone(), below.store.clone());
        let bucket = Arc::new(CountedBucket {
            objects: InMemory::new(),
            calls: BucketCalls::default(),
        });
        let recordings = Recordings::new(store.clone(), bucket.clone());
        for name in [WORKSPACE, "rival"] {
            below.organization(name).await;
        }
        below.calls.take();
        let queue = Arc::new(CountedQueue::new(below.queues.get(QueueName::Summarize)));
        let outbox = Outbox::new(&below.table, TABLE, test_support::master_key());
        let erase_queue = Arc::new(CountedQueue::new(below.queues.get(QueueName::Erase)));
        Self {
            record: record::State::new(
                recordings.clone(),
                record::Queues {
                    summarize: queue.clone(),
                    erase: erase_queue.clone(),
                },
                clock.clone(),
            ),
            summarize: summarize::State::new(recordings.clone(), queue.clone(), clock.clone()),
            erase: erase::State::new(
                (recordings, outbox),
                erase::Queues {
                    erase: erase_queue.clone(),
                    deliver: below.queues.get(QueueName::Deliver),
                },
                clock.clone(),
            ),
            erase_queue,
            store,
            clock,
            queue,
            bucket,
            table_calls: below.calls.clone(),
            below,
        }
    }

    /// The same, where an organization may send only so much.
    pub(crate) fn limited(mut self, limits: record::Limits) -> Self {
        self.record = self.record.with_limits(limits).counting_at_once();
        self
    }

    pub(crate) async fn send(&self, request: Request) -> Answer {
        Answer::read(record::handle(&self.record, request).await)
    }

    /// Sends a chunk as it is, with the write key.
    pub(crate) async fn chunk(&self, session: &str, seq: u32, payload: &[u8]) -> Answer {
        self.send(chunk_request(session, seq, payload.to_vec(), None))
            .await
    }

    /// Sends a chunk that must be taken.
    pub(crate) async fn upload(&self, session: &str, seq: u32, payload: &[u8]) {
        let answer = self.chunk(session, seq, payload).await;
        assert_eq!(answer.status, 202, "{answer:?}");
    }

    /// Says whose session it is, which must be taken.
    pub(crate) async fn identify(&self, session: &str, aliases: &Value) {
        let path = format!("/v1/sessions/{session}/identify");
        let body = Body::Text(aliases.to_string());
        let answer = self.send(request(Method::POST, &path, WRITE_KEY, body));
        let answer = answer.await;
        assert_eq!(answer.status, 202, "{answer:?}");
    }

    /// What `GET /v1/sessions/{session}` answers to the secret key.
    pub(crate) async fn read(&self, session: &str) -> Answer {
        let path = format!("/v1/sessions/{session}");
        self.send(request(Method::GET, &path, SECRET_KEY, Body::Empty))
            .await
    }

    /// The summary, which must be there.
    pub(crate) async fn summary(&self, session: &str) -> Value {
        let answer = self.read(session).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    }

    /// Serves what is on the queue now; answers the number of deliveries.
    pub(crate) async fn serve(&self) -> usize {
        let handler = |event| summarize::handle(&self.summarize, event);
        drain(&self.queue.queue, handler).await.unwrap()
    }

    /// Serves the queue and lets the seconds pass until nothing is left to do within a minute; answers the
    /// number of deliveries.
    pub(crate) async fn settle(&self) -> usize {
        let mut deliveries = self.serve().await;
        let end = self.clock.now() + SignedDuration::from_mins(1);
        while let Some(next) = self.next_delivery()
            && next <= end
        {
            self.clock.advance(next.duration_since(self.clock.now()));
            deliveries += self.serve().await;
        }
        assert_eq!(
            self.queue.queue.dead_letters().unwrap(),
            [],
            "nothing may be parked"
        );
        deliveries
    }

    /// Loses the messages that wait for the worker, as if whoever was to send them had died before.
    pub(crate) async fn lose_messages(&self) {
        let nobody = |_| async { SqsBatchResponse::default() };
        drain(&self.queue.queue, nobody).await.unwrap();
    }

    /// Does what the schedule asks for once an hour; answers how many parts of the hour were looked through.
    pub(crate) async fn look(&self) -> usize {
        let parts = summarize::schedule(&self.summarize).await.unwrap();
        self.serve().await;
        parts
    }

    /// Has everything erased that is to be, once and once more.
    pub(crate) async fn erase_all(&self) {
        let queue = &self.erase_queue.queue;
        loop {
            let handler = |event| erase::handle(&self.erase, event);
            drain(queue, handler).await.unwrap();
            let Some(next) = queue.next_visible_at().unwrap() else {
                break;
            };
            self.clock.advance(next.duration_since(self.clock.now()));
        }
        assert_eq!(queue.dead_letters().unwrap(), []);
    }

    /// What the table bills as stored: 100 bytes a row beside its content (DynamoDB's price page).
    pub(crate) async fn table_bytes(&self) -> usize {
        let scan = self
            .below
            .table
            .scan()
            .table_name(TABLE)
            .send()
            .await
            .unwrap();
        assert!(scan.last_evaluated_key().is_none(), "one page");
        scan.items()
            .iter()
            .map(|row| 100 + test_support::item_bytes(row))
            .sum()
    }

    /// What lies in the bucket.
    pub(crate) async fn bucket_bytes(&self) -> u64 {
        let objects = self.bucket.objects.list(None);
        objects
            .map_ok(|object| object.size)
            .try_fold(0, async |sum, size| Ok(sum + size))
            .await
            .unwrap()
    }

    pub(crate) fn next_delivery(&self) -> Option<Timestamp> {
        self.queue.queue.next_visible_at().unwrap()
    }
}

impl Answer {
    fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            json: serde_json::from_slice(&body).unwrap_or(Value::Null),
        }
    }

    /// The code of an error answer.
    pub(crate) fn code(&self) -> &str {
        let message = self.json["error"]["message"].as_str();
        assert!(
            message.is_some_and(|message| !message.is_empty()),
            "{self:?}"
        );
        self.json["error"]["code"].as_str().unwrap()
    }
}

pub(crate) fn request(method: Method, path: &str, key: &str, body: Body) -> Request {
    lambda_http::http::Request::builder()
        .method(method)
        .uri(format!("https://api.recapt.example{path}"))
        .header(AUTHORIZATION, format!("Bearer {key}"))
        .body(body)
        .unwrap()
}

/// As our recorder sends it.
pub(crate) fn chunk_request(
    session: &str,
    seq: u32,
    body: Vec<u8>,
    encoding: Option<&'static str>,
) -> Request {
    let path = format!("/v1/sessions/{session}/chunks/{seq}?recorder=recapt");
    let mut request = request(Method::POST, &path, WRITE_KEY, Body::Binary(body));
    if let Some(encoding) = encoding {
        request
            .headers_mut()
            .insert(CONTENT_ENCODING, encoding.parse().unwrap());
    }
    request
}

/// A recording of ours, as its events.
pub(crate) fn recording(name: &str) -> Vec<Value> {
    let path = format!("{}/recordings/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A chunk's payload: its events as a JSON array.
pub(crate) fn payload(events: &[Value]) -> Vec<u8> {
    serde_json::to_vec(events).unwrap()
}

/// The recording cut into so many chunks of about the same number of events.
pub(crate) fn cut(events: &[Value], chunks: usize) -> Vec<Vec<u8>> {
    events
        .chunks(events.len().div_ceil(chunks))
        .map(payload)
        .collect()
}

/// The same chunk with so much beside it that it stands in the bucket, and that the analyzer's state is kept
/// after it.
pub(crate) fn padded(chunk: &[u8]) -> Vec<u8> {
    let events: Vec<Value> = serde_json::from_slice(chunk).unwrap();
    let noise = test_support::noise(600 << 10, 0);
    let padding = json!({
        "type": 3, "data": { "source": 99, "padding": noise }, "timestamp": events[0]["timestamp"],
    });
    payload(&[vec![padding], events].concat())
}

/// A chunk in which nothing happens that a teammate is to see at once.
pub(crate) fn moved(at: Timestamp) -> Vec<u8> {
    let data = json!({ "source": 1, "positions": [{ "x": 1, "y": 1, "id": 1, "timeOffset": 0 }] });
    payload(&[json!({ "type": 3, "data": data, "timestamp": at.as_millisecond() })])
}

/// A chunk in which somebody comes to another page.
pub(crate) fn another_page(at: Timestamp) -> Vec<u8> {
    let data = json!({ "href": format!("https://shop.example/{at}"), "width": 9, "height": 9 });
    payload(&[json!({ "type": 4, "data": data, "timestamp": at.as_millisecond() })])
}
