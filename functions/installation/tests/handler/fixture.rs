//! The handler, one workspace, and an Intercom that says what it thinks of its token.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use aws_sdk_dynamodb::Client;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use identity::{MasterKey, WorkspaceId};
use installation::{LIMITS, State};
use intercom::signature::{BODY_SIGNATURE_HEADER, ClientSecret, sign_body};
use intercom::{Hosts, HttpsUrl, rest};
use jiff::Timestamp;
use lambda_http::http::{Method, Response};
use lambda_http::{Body, Request};
use platform::clock::Clock;
use platform::secrets::{LiveSecrets, Secrets};
use serde_json::{Value, json};
use store::{Connection, Installer, NewConnection, SecretText, Store, WorkspaceProfile};
use tokio::net::TcpListener;

const TABLE: &str = "recapt-intercom";
const NOW: &str = "2026-11-20T12:00:00Z";
pub(crate) const SETTINGS: &str = "https://recapt.example/settings/integrations/intercom";
const CLIENT_SECRET: &str = "the-client-secret";

pub(crate) struct Fixture {
    pub(crate) state: State,
    /// The status of Intercom's answers to `/me`.
    pub(crate) me: Arc<AtomicU16>,
    /// How often it was asked.
    pub(crate) asked: Arc<AtomicUsize>,
    client: Client,
}

impl Fixture {
    pub(crate) async fn start() -> Self {
        let (client, _) = test_support::embedded_dynamodb().await;
        store::create_table(&client, TABLE).await.unwrap();
        Self::over(client).await
    }

    /// The handler over whatever the client talks to.
    pub(crate) async fn over(client: Client) -> Self {
        let (me, asked) = (Arc::new(AtomicU16::new(200)), Arc::default());
        let hosts = intercom(Arc::clone(&me), Arc::clone(&asked)).await;
        let variables = [
            ("MASTER_KEY", "2a".repeat(32)),
            ("INTERCOM_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value));
        let state = State {
            store: Store::new(client.clone(), TABLE, MasterKey::new([42; 32]).unwrap()),
            secrets: LiveSecrets::fixed(Secrets::of_environment(&variables.into_iter().collect())),
            intercom: rest::Client::with_limits(hosts, LIMITS),
            settings: Some(HttpsUrl::parse(SETTINGS).unwrap()),
            clock: Clock::fixed(NOW.parse().unwrap()),
        };
        Self {
            state,
            me,
            asked,
            client,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// Connects the workspace `acme`.
    pub(crate) async fn connect(&self) -> Connection {
        let wanted = NewConnection {
            workspace: acme(),
            profile: WorkspaceProfile {
                name: "Acme".to_owned(),
                region: "EU".to_owned(),
                timezone: "Europe/Dublin".to_owned(),
            },
            token: SecretText::new("dG9r"),
            installer: Installer {
                admin_id: "1".to_owned(),
                name: "Ada".to_owned(),
            },
        };
        self.state.store.connect(&wanted, self.now()).await.unwrap()
    }

    pub(crate) async fn connection(&self) -> Connection {
        let connection = self.state.store.connection(&acme()).await.unwrap();
        connection.unwrap()
    }

    /// Sends a request that is signed as Intercom signs.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let body = body.to_string().into_bytes();
        let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
        let signature = sign_body(&secret, &body);
        let response = self.send(Method::POST, path, body, Some(&signature)).await;
        let answer = serde_json::from_slice(response.body()).unwrap();
        (response.status().as_u16(), answer)
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
        signature: Option<&str>,
    ) -> Response<Body> {
        let mut request = Request::new(Body::Binary(body));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        if let Some(signature) = signature {
            let signature = signature.parse().unwrap();
            request
                .headers_mut()
                .insert(BODY_SIGNATURE_HEADER, signature);
        }
        let handler = |request| installation::handle(&self.state, request);
        platform::edge::answer(request, handler).await
    }

    pub(crate) fn intercom_answers(&self, status: u16) {
        self.me.store(status, Ordering::Relaxed);
    }

    pub(crate) async fn rows(&self) -> usize {
        let scan = self.client.scan().table_name(TABLE).send().await.unwrap();
        scan.items().len()
    }
}

pub(crate) fn acme() -> WorkspaceId {
    WorkspaceId::parse("acme").unwrap()
}

/// An Intercom whose `/me` answers as it is told.
async fn intercom(status: Arc<AtomicU16>, asked: Arc<AtomicUsize>) -> Hosts {
    let me = move || async move {
        asked.fetch_add(1, Ordering::Relaxed);
        let status = StatusCode::from_u16(status.load(Ordering::Relaxed)).unwrap();
        (status, Json(json!({ "type": "admin", "id": "1" })))
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().route("/me", get(me));
    tokio::spawn(async { axum::serve(listener, app).await });
    Hosts::parse(Some(&url), None).unwrap()
}
