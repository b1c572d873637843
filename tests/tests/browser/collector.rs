//! Somebody else's site of several pages. What its recorder sends is taken as our server takes it, and kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use flate2::read::GzDecoder;
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

/// How long it may take until something is sent.
const PATIENCE: Duration = Duration::from_secs(30);

/// The chunks by session and number, as they were sent.
type Chunks = BTreeMap<(String, u64), Vec<u8>>;

pub(crate) struct Collector {
    pub(crate) url: String,
    kept: Arc<Kept>,
}

struct Kept {
    pages: HashMap<&'static str, String>,
    policy: Option<HeaderValue>,
    chunks: Mutex<Chunks>,
}

impl Collector {
    /// Serves these pages under this Content-Security-Policy. In both `{url}` is the site's own address; in a
    /// page `{port}` is its port, and `{tag}` the recorder.
    pub(crate) async fn serve(pages: &[(&'static str, &str)], policy: Option<&str>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}");
        // Cookies are of a host, whatever the port: its tests must not meet.
        let key = format!("key-{port}");
        let tag =
            format!(r#"<script async src="{url}/recorder.js" data-write-key="{key}"></script>"#);
        let page = |page: &str| {
            let page = format!("<!doctype html><meta charset=utf-8><title>Site</title>{page}");
            let page = page.replace("{tag}", &tag).replace("{url}", &url);
            page.replace("{port}", &port.to_string())
        };
        let policy = policy.map(|policy| policy.replace("{url}", &url).parse().unwrap());
        let kept = Arc::new(Kept {
            pages: pages
                .iter()
                .map(|&(path, text)| (path, page(text)))
                .collect(),
            policy,
            chunks: Mutex::default(),
        });
        let router = Router::new()
            .route("/recorder.js", get(recorder))
            .route(
                "/v1/sessions/{id}/identify",
                post(|| async { StatusCode::ACCEPTED }),
            )
            .route("/v1/sessions/{id}/chunks/{seq}", post(take))
            .route("/status/{status}", get(status))
            .route("/slow", get(|| sleep(PATIENCE)))
            .fallback(page_or_none)
            .with_state(Arc::clone(&kept));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, kept }
    }

    /// Everything that was sent so far: each session's events in their order, one session after another.
    pub(crate) fn events(&self) -> Vec<Value> {
        let chunks = self.kept.chunks();
        let events = |chunk: &Vec<u8>| serde_json::from_slice::<Vec<Value>>(&unpacked(chunk));
        chunks
            .values()
            .flat_map(|chunk| events(chunk).unwrap())
            .collect()
    }

    pub(crate) fn sessions(&self) -> usize {
        let chunks = self.kept.chunks();
        chunks
            .keys()
            .map(|(session, _)| session)
            .collect::<BTreeSet<_>>()
            .len()
    }

    /// The numbers that were used.
    pub(crate) fn numbers(&self) -> Vec<u64> {
        self.kept.chunks().keys().map(|(_, seq)| *seq).collect()
    }

    /// Forgets what was sent.
    pub(crate) fn clear(&self) {
        self.kept.chunks().clear();
    }

    /// Everything that was sent, once it is like that.
    pub(crate) async fn wait_for(&self, is_wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let events = self.events();
            if is_wanted(&events) {
                return events;
            }
            let told: Vec<_> = events.iter().filter(|event| event["type"] == 5).collect();
            assert!(Instant::now() < deadline, "not as wanted: {told:#?}");
            sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Kept {
    fn chunks(&self) -> MutexGuard<'_, Chunks> {
        self.chunks.lock().unwrap()
    }
}

/// The payloads of the custom events of this name.
pub(crate) fn told(events: &[Value], tag: &str) -> Vec<Value> {
    let told = events.iter().map(|event| &event["data"]);
    told.filter(|data| data["tag"] == tag)
        .map(|data| data["payload"].clone())
        .collect()
}

/// The events that say that a page was left.
pub(crate) fn lefts(events: &[Value]) -> Vec<Value> {
    let mut lefts = told(events, "recapt:visibility");
    lefts.retain(|payload| payload["left"] == true);
    lefts
}

/// The payloads of the plugin events of this name.
pub(crate) fn plugged(events: &[Value], plugin: &str) -> Vec<Value> {
    let told = events.iter().map(|event| &event["data"]);
    told.filter(|data| data["plugin"] == plugin)
        .map(|data| data["payload"].clone())
        .collect()
}

/// How many clicks there are.
pub(crate) fn clicks(events: &[Value]) -> usize {
    let is_click = |event: &&Value| {
        let data = &event["data"];
        event["type"] == 3 && data["source"] == 2 && data["type"] == 2
    };
    events.iter().filter(is_click).count()
}

fn unpacked(chunk: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    match chunk.starts_with(&[0x1f, 0x8b]) {
        true => GzDecoder::new(chunk)
            .read_to_end(&mut text)
            .map(|_| text)
            .unwrap(),
        false => chunk.to_vec(),
    }
}

async fn recorder() -> Response {
    let script = web::RECORDER.identity;
    ([(CONTENT_TYPE, "text/javascript")], script).into_response()
}

/// As our server answers: what was sent before is taken again, other bytes under its number are not.
async fn take(
    State(kept): State<Arc<Kept>>,
    Path((session, seq)): Path<(String, u64)>,
    body: Bytes,
) -> Response {
    let mut chunks = kept.chunks();
    let chunk = chunks
        .entry((session, seq))
        .or_insert_with(|| body.to_vec());
    let status = match unpacked(chunk) == unpacked(&body) {
        true => StatusCode::ACCEPTED,
        false => StatusCode::CONFLICT,
    };
    (status, [(ACCESS_CONTROL_ALLOW_ORIGIN, "*")]).into_response()
}

async fn status(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap()
}

async fn page_or_none(State(kept): State<Arc<Kept>>, uri: http::Uri) -> Response {
    let Some(page) = kept.pages.get(uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Html(page.clone()).into_response();
    if let Some(policy) = &kept.policy {
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, policy.clone());
    }
    response
}
