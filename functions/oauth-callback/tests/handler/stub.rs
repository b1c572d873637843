//! Plays Intercom: answers as it is told, over real HTTP, and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use intercom::Hosts;
use intercom::rest::{Client, Limits};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

pub(crate) const TOKEN: &str = "dG9rOmFiY2RfZWZnaA==";

/// What the stub does when it is asked.
#[derive(Clone)]
pub(crate) enum Play {
    Answer(u16, String),
    /// Keeps the connection and says nothing.
    Silence,
}

/// What the stub plays at its two endpoints.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) token: Play,
    pub(crate) me: Play,
}

/// An Intercom on this machine.
#[derive(Clone)]
pub(crate) struct Stub {
    script: Arc<Mutex<Script>>,
    asked: Arc<Mutex<Vec<(String, Bytes)>>>,
    pub(crate) hosts: Hosts,
}

/// Patience for the retries of a repeatable call, and no more.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(1),
    call: Duration::from_secs(3),
    rate_limit_wait: Duration::ZERO,
};

impl Stub {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let url = Url::parse(&url).unwrap();
        let stub = Self {
            script: Arc::new(Mutex::new(Script::default())),
            asked: Arc::default(),
            hosts: Hosts::new(Some(url), None).unwrap(),
        };
        let app = axum::Router::new().fallback(play).with_state(stub.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        stub
    }

    pub(crate) fn client(&self) -> Client {
        Client::with_limits(self.hosts.clone(), LIMITS)
    }

    pub(crate) fn plays(&self, script: Script) {
        *self.script.lock().unwrap() = script;
    }

    /// The bodies of everything asked at a path so far.
    pub(crate) fn asked(&self, path: &str) -> Vec<Bytes> {
        let asked = self.asked.lock().unwrap();
        let bodies = asked.iter().filter(|(found, _)| found == path);
        bodies.map(|(_, body)| body.clone()).collect()
    }
}

impl Default for Script {
    /// All is well.
    fn default() -> Self {
        let token = json!({ "token_type": "Bearer", "token": TOKEN, "access_token": TOKEN });
        Self {
            token: answer(200, &token),
            me: answer(200, &me()),
        }
    }
}

impl Script {
    pub(crate) fn me(me: &Value) -> Self {
        Self {
            me: answer(200, me),
            ..Self::default()
        }
    }
}

/// An admin of the workspace `acme`, in Europe.
pub(crate) fn me() -> Value {
    json!({
        "type": "admin", "id": "2633609", "email": "ada@acme.example", "name": "Ada", "email_verified": true,
        "app": { "type": "app", "id_code": "acme", "name": "Acme & Sons", "timezone": "Europe/Dublin", "region": "EU" },
    })
}

pub(crate) fn answer(status: u16, body: &Value) -> Play {
    Play::Answer(status, body.to_string())
}

/// An error in Intercom's words.
pub(crate) fn refusal(status: u16, code: &str) -> Play {
    let errors = json!([{ "code": code, "message": "of ada@acme.example" }]);
    answer(status, &json!({ "type": "error.list", "errors": errors }))
}

async fn play(State(stub): State<Stub>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    stub.asked.lock().unwrap().push((path.clone(), body));
    let script = stub.script.lock().unwrap().clone();
    let play = match path.as_str() {
        "/auth/eagle/token" => script.token,
        "/me" => script.me,
        _ => Play::Answer(404, String::new()),
    };
    match play {
        Play::Answer(status, body) => Response::builder()
            .status(status)
            .body(body.into())
            .unwrap(),
        Play::Silence => std::future::pending().await,
    }
}
