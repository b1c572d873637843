//! The function over an embedded table, with a view of what it has stored.

use std::collections::BTreeMap;
use std::sync::Arc;

use collect::{PublicAddress, State};
use identity::SourceId;
use jiff::SignedDuration;
use lambda_http::Body;
use lambda_http::http::{Method, Request, Response};
use outbox::{Delivery, Outbox};
use platform::queue::LocalQueue;
use serde_json::Value;
use store::{KeyScope, NewKey, Preferences, Provision, Source, SourceKind};
use test_support::{Organization, RETENTION_DAYS, TABLE, TestStack, master_key};

/// The key of the server source.
pub(crate) const SERVER_KEY: &str = "shop-server-key";

/// An organization with a server source, and what collects for it.
pub(crate) struct Collector {
    pub(crate) stack: TestStack,
    pub(crate) state: State,
    pub(crate) organization: Organization,
    pub(crate) outbox: Outbox,
    pub(crate) deliver: Arc<LocalQueue>,
}

/// An event as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) event_type: String,
    pub(crate) trust: String,
    pub(crate) source: String,
    pub(crate) lane: String,
}

impl Collector {
    pub(crate) async fn start() -> Self {
        let stack = TestStack::start().await;
        let organization = stack.organization("shop").await;
        let collector = Self::over(stack, organization);
        collector.add_server(SERVER_KEY, "backend").await;
        collector
    }

    fn over(stack: TestStack, organization: Organization) -> Self {
        let outbox = Outbox::new(&stack.table, TABLE, master_key());
        let deliver = Arc::new(LocalQueue::in_memory(stack.clock.clone()).unwrap());
        let state = State::new(
            stack.store.clone(),
            outbox.clone(),
            deliver.clone(),
            PublicAddress::local(),
            stack.clock.clone(),
        );
        Self {
            state: state.counting_at_once(),
            stack,
            organization,
            outbox,
            deliver,
        }
    }

    /// Gives the organization another server source.
    pub(crate) async fn add_server(&self, key: &str, id: &str) {
        let id = SourceId::parse(id).unwrap();
        let source = Source {
            id: id.clone(),
            kind: SourceKind::Server,
            created_at: Some(self.stack.now()),
            ..Source::site()
        };
        let sources = self.stack.store.of(&self.organization.id).sources();
        assert!(sources.create(&source).await.unwrap());
        let provision = Provision {
            organization: self.organization.id.clone(),
            name: "Shop".to_owned(),
            retention_days: RETENTION_DAYS,
            keys: vec![NewKey {
                key: key.to_owned(),
                scope: KeyScope::Source,
                source: Some(id),
                expires_at: None,
            }],
            connection: None,
        };
        let store = &self.stack.store;
        store.provision(&provision, self.stack.now()).await.unwrap();
    }

    /// Has an admin choose for the workspace, and lets what is remembered of keys be forgotten.
    pub(crate) async fn choose(&self, change: impl FnOnce(&mut Preferences)) {
        let workspace = self.organization.id.first_workspace().unwrap();
        let connections = self.stack.store.connections();
        let mut connection = connections.get(&workspace).await.unwrap().unwrap();
        change(&mut connection.preferences);
        let saved = connections.update_preferences(&connection, &connection.preferences);
        saved.await.unwrap();
        self.stack.clock.advance(SignedDuration::from_mins(2));
    }

    /// Sends it as Lambda's runtime and local mode hand it on.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let handler = |request| collect::handle(&self.state, request);
        Answer(platform::edge::answer(request, handler).await)
    }

    /// What comes of a `POST` with a key in the header.
    pub(crate) async fn post(&self, path: &str, key: &str, body: impl Into<Body>) -> Answer {
        let request = request(Method::POST, path, body);
        self.send(with_header(
            request,
            "authorization",
            &format!("Bearer {key}"),
        ))
        .await
    }

    /// What waits to be delivered, by the ids of the messages.
    pub(crate) async fn stored(&self) -> BTreeMap<String, Stored> {
        let all = self.stack.table.scan().table_name(TABLE).send().await;
        let text = |row: &std::collections::HashMap<String, _>, name: &str| {
            let value: Option<&aws_sdk_dynamodb::types::AttributeValue> = row.get(name);
            value.and_then(|value| value.as_s().ok()).cloned()
        };
        let rows = all.unwrap().items.unwrap_or_default();
        let events = rows.iter().filter_map(|row| {
            let stored = Stored {
                trust: text(row, "trust")?,
                event_type: text(row, "event_type")?,
                source: text(row, "source")?,
                lane: text(row, "PK")?,
            };
            Some((text(row, "message_id")?, stored))
        });
        events.collect()
    }

    /// The lanes whose worker was asked to come.
    pub(crate) fn woken(&self) -> Vec<String> {
        let messages = self.deliver.receive(100_000).unwrap();
        let mut lanes: Vec<_> = messages
            .into_iter()
            .map(|message| {
                let receipt = message.receipt_handle.unwrap();
                self.deliver.delete(&receipt).unwrap();
                let task: Value = serde_json::from_str(&message.body.unwrap()).unwrap();
                task["lane"].as_str().unwrap().to_owned()
            })
            .collect();
        lanes.sort();
        lanes
    }

    /// What became of a message, as far as it is known.
    pub(crate) async fn delivery(&self, message_id: &str) -> Option<Delivery> {
        let deliveries = self.outbox.of(&self.organization.id).deliveries();
        let mut found = deliveries.get(message_id, self.stack.now()).await.unwrap();
        found.pop()
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) Response<Body>);

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.0.status().as_u16()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.0.body()).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.0.headers().get(name)?.to_str().ok()
    }

    /// What every client wants to hear.
    pub(crate) fn is_taken(&self) -> bool {
        self.status() == 200 && &self.0.body()[..] == br#"{"success":true}"#
    }
}

pub(crate) fn request(method: Method, path: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder().method(method);
    request
        .uri(format!("https://api.example{path}"))
        .body(body.into())
        .unwrap()
}

pub(crate) fn with_header(mut request: Request<Body>, name: &str, value: &str) -> Request<Body> {
    let name: lambda_http::http::HeaderName = name.parse().unwrap();
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}
