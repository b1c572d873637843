//! Plays Intercom's searches over real HTTP: by days, last changed first, page by page; or fails as it is
//! told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;
use intercom::Hosts;
use intercom::rest::{Client, Limits};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const DAY: i64 = 86_400;

/// An Intercom on this machine.
#[derive(Clone)]
pub(crate) struct Stub {
    play: Arc<Mutex<Play>>,
    hosts: Hosts,
}

/// What there is, by the token that opens it, and what happens.
pub(crate) struct Play {
    pub(crate) workspaces: BTreeMap<String, Workspace>,
    /// Elements of a page, whatever is asked for.
    pub(crate) page: usize,
    /// Answers to the next requests instead; `None` lets one pass.
    pub(crate) troubles: VecDeque<Option<Trouble>>,
    /// Path, token, and body of every request.
    pub(crate) asked: Vec<(String, String, Value)>,
}

/// The records of a workspace.
#[derive(Default)]
pub(crate) struct Workspace {
    pub(crate) contacts: Vec<Value>,
    pub(crate) conversations: Vec<Value>,
}

/// An error in Intercom's words.
#[derive(Clone)]
pub(crate) struct Trouble {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    /// `X-RateLimit-Reset`.
    pub(crate) reset: Option<i64>,
}

/// No patience: what is to be tried again is tried by a later message.
const LIMITS: Limits = Limits {
    rate_limit_wait: std::time::Duration::ZERO,
    ..reconcile::LIMITS
};

impl Stub {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let play = Play {
            workspaces: BTreeMap::new(),
            page: 150,
            troubles: VecDeque::new(),
            asked: Vec::new(),
        };
        let stub = Self {
            play: Arc::new(Mutex::new(play)),
            hosts: Hosts::parse(Some(&url), None).unwrap(),
        };
        let app = axum::Router::new()
            .fallback(answer)
            .with_state(stub.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        stub
    }

    pub(crate) fn client(&self) -> Client {
        Client::with_limits(self.hosts.clone(), LIMITS)
    }

    pub(crate) fn play(&self) -> MutexGuard<'_, Play> {
        self.play.lock().unwrap()
    }

    /// Lets whoever has the token see these records.
    pub(crate) fn open(&self, token: &str, records: Workspace) {
        self.play().workspaces.insert(token.to_owned(), records);
    }

    /// Comes back when so much has been asked.
    pub(crate) async fn asked_for(&self, requests: usize) {
        while self.play().asked.len() < requests {
            tokio::task::yield_now().await;
        }
    }

    /// Paths of what was asked since the last time.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut self.play().asked);
        asked.into_iter().map(|(path, _, _)| path).collect()
    }
}

async fn answer(State(stub): State<Stub>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let token = request.headers()["authorization"].to_str().unwrap();
    let token = token.strip_prefix("Bearer ").unwrap().to_owned();
    let body: Bytes = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let mut play = stub.play();
    play.asked.push((path.clone(), token.clone(), body.clone()));
    if let Some(Some(trouble)) = play.troubles.pop_front() {
        return trouble.into_response();
    }
    let Some(workspace) = play.workspaces.get(&token) else {
        return Trouble::new(401, "unauthorized").into_response();
    };
    let (records, list) = match path.as_str() {
        "/contacts/search" => (&workspace.contacts, "data"),
        "/conversations/search" => (&workspace.conversations, "conversations"),
        _ => return Trouble::new(404, "not_found").into_response(),
    };
    let page = search(records, list, &body, play.page);
    Response::new(page.to_string().into())
}

fn search(records: &[Value], list: &str, body: &Value, page: usize) -> Value {
    let changed = |record: &Value| record["updated_at"].as_i64().unwrap();
    assert_eq!(body["query"]["field"], "updated_at");
    assert_eq!(body["query"]["operator"], ">");
    let after = body["query"]["value"].as_i64().unwrap().div_euclid(DAY);
    let mut found: Vec<_> = records
        .iter()
        .filter(|record| changed(record).div_euclid(DAY) > after)
        .collect();
    assert_eq!(
        body["sort"],
        json!({ "field": "updated_at", "order": "descending" })
    );
    found.sort_by_key(|record| std::cmp::Reverse(changed(record)));
    let cursor = body["pagination"]["starting_after"].as_str();
    let start: usize = cursor.map_or(0, |cursor| {
        cursor.strip_prefix("at-").unwrap().parse().unwrap()
    });
    let next = (start + page < found.len())
        .then(|| json!({ "page": 2, "starting_after": format!("at-{}", start + page) }));
    let total = found.len();
    let on_page: Vec<_> = found.into_iter().skip(start).take(page).collect();
    json!({ "type": "list", list: on_page, "total_count": total, "pages": { "type": "pages", "next": next } })
}

impl Trouble {
    pub(crate) fn new(status: u16, code: &'static str) -> Self {
        Self {
            status,
            code,
            reset: None,
        }
    }

    fn into_response(self) -> Response<Body> {
        let errors = json!([{ "code": self.code, "message": "of ada@acme.example" }]);
        let body = json!({ "type": "error.list", "errors": errors });
        let response = Response::builder().status(self.status);
        let response = match self.reset {
            Some(reset) => response
                .header("x-ratelimit-reset", reset)
                // The fixture's day: how long that is away is measured from here.
                .header("date", "Fri, 20 Nov 2026 21:00:00 GMT"),
            None => response,
        };
        response.body(body.to_string().into()).unwrap()
    }
}
