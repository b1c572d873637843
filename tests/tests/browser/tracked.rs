//! Somebody else's site with analytics and the Messenger in its tag. What is sent of events is taken at
//! another origin, as our server takes it, and kept; Intercom's script is one that notes what it is
//! told.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, RETRY_AFTER,
};
use http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

/// How long it may take until something is sent.
const PATIENCE: Duration = Duration::from_secs(20);

/// Notes each call, those that were held included, in `told`.
const WIDGET: &str = "
    window.told = [...(window.Intercom.q ?? [])];
    window.Intercom = (...said) => { told.push(said); };
";

pub(crate) struct TrackedSite {
    pub(crate) url: String,
    kept: Arc<Kept>,
}

#[derive(Default)]
struct Kept {
    pages: HashMap<&'static str, String>,
    policy: Option<String>,
    /// What is answered to the next batches, before all others are taken.
    answers: Mutex<VecDeque<(u16, Option<&'static str>)>>,
    /// Each batch with the headers that it came with.
    batches: Mutex<Vec<(HeaderMap, Value)>>,
    methods: Mutex<Vec<Method>>,
}

impl TrackedSite {
    /// Serves these pages under this policy. In both `{url}` is the site, `{api}` where its tag sends
    /// to; in a page `{tag …}` is the tag with these attributes.
    pub(crate) async fn serve(pages: &[(&'static str, &str)], policy: Option<&str>) -> Self {
        let [site, api] = [listener().await, listener().await];
        let [url, endpoint] = [&site, &api].map(|listener| {
            let port = listener.local_addr().unwrap().port();
            format!("http://127.0.0.1:{port}")
        });
        let tag = format!(
            r#"<script async src="{endpoint}/recorder.js" data-write-key="{}" data-intercom-script="{endpoint}/widget/""#,
            url.rsplit(':').next().unwrap_or_default()
        );
        let fill = |text: &str| {
            let text = text.replace("{url}", &url).replace("{api}", &endpoint);
            text.replace("{tag", &tag).replace("tag}", "></script>")
        };
        let kept = Arc::new(Kept {
            pages: pages
                .iter()
                .map(|&(path, text)| (path, fill(text)))
                .collect(),
            policy: policy.map(fill),
            ..Kept::default()
        });
        let script = |asset: web::Asset| {
            let headers = [
                (CONTENT_TYPE, asset.content_type),
                (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            ];
            get(move || async move { (headers, asset.identity) })
        };
        let companion = format!("/recorder/{}", web::COMPANION.file_name);
        let router = Router::new()
            .route("/recorder.js", script(web::RECORDER))
            .route(&companion, script(web::COMPANION))
            .route(
                "/widget/{app}",
                get(|| async { ([(CONTENT_TYPE, "text/javascript")], WIDGET) }),
            )
            .route("/v1/sessions/{*path}", post(|| async { taken() }))
            .route("/v1/batch", post(take))
            .fallback(page)
            .layer(from_fn_with_state(Arc::clone(&kept), note))
            .with_state(Arc::clone(&kept));
        for listener in [site, api] {
            let router = router.clone();
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Self { url, kept }
    }

    /// Answers the next batches so, each with a status and perhaps a `Retry-After`.
    pub(crate) fn answer(&self, answers: &[(u16, Option<&'static str>)]) {
        lock(&self.kept.answers).extend(answers);
    }

    /// Every event that came, as often as it came, whatever was answered.
    pub(crate) fn sent(&self) -> Vec<Value> {
        let batches = lock(&self.kept.batches);
        let events = batches.iter().map(|(_, batch)| batch["batch"].as_array());
        events.flatten().flatten().cloned().collect()
    }

    /// Every batch that came, with its headers.
    pub(crate) fn batches(&self) -> Vec<(HeaderMap, Value)> {
        lock(&self.kept.batches).clone()
    }

    /// The methods of all requests.
    pub(crate) fn methods(&self) -> Vec<Method> {
        lock(&self.kept.methods).clone()
    }

    /// Everything that was sent, once it is like that.
    pub(crate) async fn wait_for(&self, is_wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let sent = self.sent();
            if is_wanted(&sent) {
                return sent;
            }
            assert!(Instant::now() < deadline, "not as wanted: {}", json!(sent));
            sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The names of the `track` calls.
pub(crate) fn names(events: &[Value]) -> Vec<String> {
    let names = events.iter().map(|event| event["event"].as_str());
    names.flatten().map(str::to_owned).collect()
}

async fn listener() -> TcpListener {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

fn taken() -> Response {
    (StatusCode::ACCEPTED, [(ACCESS_CONTROL_ALLOW_ORIGIN, "*")]).into_response()
}

async fn note(State(kept): State<Arc<Kept>>, request: Request, next: Next) -> Response {
    lock(&kept.methods).push(request.method().clone());
    next.run(request).await
}

async fn take(State(kept): State<Arc<Kept>>, headers: HeaderMap, body: Bytes) -> Response {
    let batch = serde_json::from_slice(&body).unwrap();
    lock(&kept.batches).push((headers, batch));
    let (status, wait) = lock(&kept.answers).pop_front().unwrap_or((200, None));
    let answer = match status {
        200 => r#"{"success":true}"#,
        _ => r#"{"code":"refused","message":"The key is not known."}"#,
    };
    let cors = [
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (ACCESS_CONTROL_EXPOSE_HEADERS, "Retry-After"),
    ];
    let status = StatusCode::from_u16(status).unwrap();
    let mut response = (status, cors, answer).into_response();
    if let Some(wait) = wait {
        response
            .headers_mut()
            .insert(RETRY_AFTER, wait.parse().unwrap());
    }
    response
}

async fn page(State(kept): State<Arc<Kept>>, uri: http::Uri) -> Response {
    let Some(page) = kept.pages.get(uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Html(page.clone()).into_response();
    if let Some(policy) = &kept.policy {
        let policy = policy.parse().unwrap();
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
