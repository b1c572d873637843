//! The handler over an embedded table, called as Intercom calls it.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use canvas::{State, Views};
use identity::{Alias, MasterKey, OrganizationId, SessionId, WorkspaceId};
use intercom::HttpsUrl;
use intercom::canvas::contract::violations;
use intercom::signature::{ClientSecret, sign_body};
use jiff::{SignedDuration, Timestamp};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use object_store::memory::InMemory;
use platform::addresses::Pages;
use platform::clock::Clock;
use platform::config::Environment;
use platform::secrets::{LiveSecrets, Secrets};
use replay::{Counts, Device, Moment, MomentKind, Summary};
use serde_json::{Value, json};
use store::keys::SORT;
use store::{
    Advance, Connection, ConnectionStatus, Provision, Recordings, SaveOutcome, Store,
    WorkspaceProfile,
};
use test_support::Calls;

const CLIENT_SECRET: &str = "client-secret";
const TABLE: &str = "recapt-intercom";
const RETENTION_DAYS: u32 = 30;
const NOW: &str = "2026-11-20T12:00:00Z";
/// Most rows that one `BatchWriteItem` takes (DynamoDB's API reference).
const BATCH_ROWS: usize = 25;

/// A row of the table.
type Row = HashMap<String, AttributeValue>;

pub(crate) struct Fixture {
    pub(crate) state: State,
    client: Client,
    calls: Calls,
}

/// The header value that Intercom would send with `body`.
pub(crate) fn sign(body: &[u8]) -> String {
    sign_body(&ClientSecret::parse(CLIENT_SECRET).unwrap(), body)
}

fn environment() -> Environment {
    [("INTERCOM_CLIENT_SECRET", CLIENT_SECRET)]
        .into_iter()
        .collect()
}

impl Fixture {
    /// The handler over an empty table.
    pub(crate) async fn start() -> Self {
        let fixture = Self::with(test_support::embedded_dynamodb().await);
        store::create_table(&fixture.client, TABLE).await.unwrap();
        fixture.calls();
        fixture
    }

    /// The handler over whatever is at an address.
    pub(crate) fn over(endpoint: &str) -> Self {
        Self::with(test_support::dynamodb_at(endpoint))
    }

    fn with((client, calls): (Client, Calls)) -> Self {
        let master = MasterKey::new([42; 32]).unwrap();
        let state = State {
            store: Store::new(client.clone(), TABLE, master),
            secrets: LiveSecrets::fixed(Secrets::of_environment(&environment())),
            pages: Pages::on(&HttpsUrl::parse("https://app.example.com").unwrap()),
            clock: Clock::fixed(NOW.parse().unwrap()),
            views: Views::uncounted(),
        };
        Self {
            state,
            client,
            calls,
        }
    }

    /// Names of the calls since the last look, sorted.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.take()
    }

    /// Lets the next call of this operation fail.
    pub(crate) fn fail_next(&self, operation: &'static str) {
        self.calls.fail_next(operation);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// Connects a workspace to the organization that is named after it.
    pub(crate) async fn connect(
        &self,
        workspace: &str,
        status: ConnectionStatus,
    ) -> OrganizationId {
        let workspace = WorkspaceId::parse(workspace).unwrap();
        let organization = OrganizationId::of_first_workspace(&workspace);
        let provision = Provision {
            organization: organization.clone(),
            name: "Shop".to_owned(),
            retention_days: RETENTION_DAYS,
            keys: Vec::new(),
            connection: Some(Connection {
                status,
                ..Connection::new(
                    workspace,
                    organization.clone(),
                    WorkspaceProfile {
                        name: "Shop".to_owned(),
                        region: "US".to_owned(),
                        timezone: "America/New_York".to_owned(),
                    },
                )
            }),
        };
        self.state
            .store
            .provision(&provision, self.now())
            .await
            .unwrap();
        self.calls();
        organization
    }

    /// Stores `count` sessions of 41 seconds, `s0` an hour before now and each further one an hour earlier.
    pub(crate) async fn record(&self, organization: &OrganizationId, alias: &Alias, count: u8) {
        let store = &self.state.store;
        let recordings = Recordings::new(store.clone(), Arc::new(InMemory::new()));
        for n in 0..count {
            let session = SessionId::parse(&format!("s{n}")).unwrap();
            let started_at = self.now() - SignedDuration::from_hours(i64::from(n) + 1);
            let aliases = std::slice::from_ref(alias);
            let identify =
                store.identify(organization, &session, aliases, RETENTION_DAYS, self.now());
            identify.await.unwrap();
            let progress = store
                .begin_summary(organization, &session, self.now())
                .await;
            let progress = progress.unwrap().unwrap();
            let advance = Advance {
                next_seq: 1,
                state: recordings.write_state(&progress, b"state").await.unwrap(),
                summary: Some(summary(started_at)),
                received_at: self.now(),
                skipped: Vec::new(),
            };
            let saved = recordings
                .save_summary(&progress, &advance, self.now())
                .await
                .unwrap();
            assert_eq!(saved, SaveOutcome::Saved);
        }
        self.calls();
    }

    /// Lists so many more sessions of whoever has some: copies of the oldest one, each a second older than the last.
    pub(crate) async fn record_copies(&self, count: usize) {
        let scan = self.client.scan().table_name(TABLE).send().await.unwrap();
        let sort_key = |row: &Row| row[SORT].as_s().unwrap().clone();
        let listed = scan
            .items()
            .iter()
            .filter(|row| sort_key(row).starts_with("SESSION#"));
        let oldest = listed.min_by_key(|row| sort_key(row)).unwrap();
        let numbers: Vec<usize> = (0..count).collect();
        for numbers in numbers.chunks(BATCH_ROWS) {
            let copies = numbers.iter().map(|n| put(copy(oldest, *n))).collect();
            let batch = self.client.batch_write_item().request_items(TABLE, copies);
            let answer = batch.send().await.unwrap();
            assert!(answer.unprocessed_items().is_none_or(HashMap::is_empty));
        }
        self.calls();
    }

    /// Sends a body as it is, under a signature.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: &[u8],
        signature: Option<&str>,
    ) -> Response<Body> {
        let request = lambda_http::http::Request::post(path);
        let request = match signature {
            Some(signature) => request.header("X-Body-Signature", signature),
            None => request,
        };
        let request: Request = request.body(Body::Binary(body.to_vec())).unwrap();
        canvas::handle(&self.state, request).await
    }

    /// Sends a signed body and returns the canvas, which must be one that Intercom draws.
    pub(crate) async fn canvas(&self, path: &str, body: &[u8]) -> Canvas {
        let signature = sign(body);
        let response = self.post(path, body, Some(&signature)).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "application/json");
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(violations(&answer), Vec::<String>::new());
        Canvas { answer }
    }

    /// Opens a conversation.
    pub(crate) async fn initialize(&self, request: &Value) -> Canvas {
        self.canvas("/canvas/initialize", request.to_string().as_bytes())
            .await
    }

    /// Clicks what has this id on a canvas.
    pub(crate) async fn submit(&self, request: &Value, canvas: &Canvas, component: &str) -> Canvas {
        let mut request = request.clone();
        request["component_id"] = json!(component);
        request["input_values"] = json!({});
        request["current_canvas"] = canvas.answer["canvas"].clone();
        self.canvas("/canvas/submit", request.to_string().as_bytes())
            .await
    }
}

/// A canvas as Intercom got it.
#[derive(Debug, PartialEq)]
pub(crate) struct Canvas {
    answer: Value,
}

impl Canvas {
    fn components(&self) -> &[Value] {
        self.answer["canvas"]["content"]["components"]
            .as_array()
            .unwrap()
    }

    /// Everything that is written in texts, one per line.
    pub(crate) fn text(&self) -> String {
        let texts = self
            .components()
            .iter()
            .filter_map(|component| component["text"].as_str());
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Ids of the items in its list that lead to a session.
    pub(crate) fn sessions(&self) -> Vec<String> {
        let items = self
            .components()
            .iter()
            .filter_map(|component| component["items"].as_array());
        let ids = items.flatten().filter_map(|item| item["id"].as_str());
        ids.filter(|id| id.starts_with("session:"))
            .map(str::to_owned)
            .collect()
    }

    /// The id of the button with this label.
    pub(crate) fn button(&self, label: &str) -> Option<&str> {
        let button = self
            .components()
            .iter()
            .find(|component| component["label"] == label)?;
        button["id"].as_str()
    }
}

/// What Intercom sends of a conversation with somebody known by e-mail.
pub(crate) fn request(workspace: &str, email: &str) -> Value {
    json!({
        "workspace_id": workspace,
        "conversation": { "type": "conversation", "id": "1", "created_at": 1_795_172_420 },
        "contact": { "type": "contact", "id": "c1", "role": "user", "email": email },
    })
}

/// The listed session under another id, `n + 1` seconds earlier.
fn copy(listed: &Row, n: usize) -> Row {
    let sort_at: u64 = listed["sort_at"].as_n().unwrap().parse().unwrap();
    let sort_at = sort_at - 1_000 * (n as u64 + 1);
    let session = format!("copy{n}");
    let mut row = listed.clone();
    row.extend([
        (
            SORT.to_owned(),
            AttributeValue::S(format!("SESSION#{sort_at:015}#{session}")),
        ),
        ("sort_at".to_owned(), AttributeValue::N(sort_at.to_string())),
        ("session".to_owned(), AttributeValue::S(session)),
    ]);
    row
}

fn put(row: Row) -> WriteRequest {
    let put = PutRequest::builder().set_item(Some(row)).build().unwrap();
    WriteRequest::builder().put_request(put).build()
}

fn summary(started_at: Timestamp) -> Summary {
    Summary {
        started_at,
        ended_at: started_at + SignedDuration::from_secs(41),
        duration_ms: 41_000,
        active_ms: 30_120,
        landing_url: Some("https://shop.example/".to_owned()),
        last_url: Some("https://shop.example/cart".to_owned()),
        events: 269,
        chunks: 1,
        device: Device::default(),
        pages: Vec::new(),
        counts: Counts::default(),
        timeline: vec![Moment {
            at_ms: 5_065,
            kind: MomentKind::RageClick,
            label: "Rage click on \"Add to wishlist\"".to_owned(),
            count: 5,
        }],
        incomplete: false,
        definitions: 1,
    }
}
