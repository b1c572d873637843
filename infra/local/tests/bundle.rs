//! The bundle as `main` starts it.

// What a test needs done for it fails as the test itself would.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use local::{Bundle, Config, StartError};
use platform::config::Environment;
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

fn config(data_dir: &TempDir, variables: &[(&str, &str)]) -> Config {
    let path = data_dir.path().display().to_string();
    let all = [("PORT", "0"), ("DATA_DIR", &path)];
    let all = all
        .iter()
        .chain(variables)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_environment(&all.collect::<Environment>()).unwrap()
}

async fn get(bundle: &Bundle, path: &str) -> String {
    let url = format!("{}{path}", bundle.url());
    text_of(reqwest::Client::new().get(url)).await
}

async fn text_of(request: RequestBuilder) -> String {
    let response = request.send().await.unwrap();
    response.error_for_status().unwrap().text().await.unwrap()
}

/// The page behind *All sessions* in the panel of the Inbox's latest conversation, as it is listed,
/// without what is another one in every link: its signature.
async fn all_sessions(bundle: &Bundle) -> String {
    let listed: Value = serde_json::from_str(&get(bundle, "/inbox/conversations").await).unwrap();
    let conversation = listed["conversations"][0]["id"].as_str().unwrap();
    let panel = format!("{}/inbox/conversations/{conversation}/canvas", bundle.url());
    let panel = text_of(reqwest::Client::new().post(panel).json(&json!({}))).await;
    let link = panel
        .split('"')
        .find(|text| text.contains("/sessions?"))
        .unwrap_or_else(|| panic!("no link to all sessions: {panel}"));
    let client = reqwest::Client::builder().redirect(Policy::none());
    let client = client.build().unwrap();
    let led = client.get(link).send().await.unwrap();
    let header = |name| led.headers()[name].to_str().unwrap().to_owned();
    let cookie = header("set-cookie").split(';').next().unwrap().to_owned();
    let clean = format!("{}{}", bundle.url(), header("location"));
    let list = text_of(client.get(clean).header("cookie", cookie)).await;
    let mut links = list.split("?key=");
    let first = links.next().unwrap_or_default().to_owned();
    links.fold(first, |text, part| {
        text + part.trim_start_matches(|key| key != '"')
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_finds_the_same_sessions_and_conversations() {
    let data_dir = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let bundle = Bundle::start(config(&data_dir, &[])).await.unwrap();
        seen.push((
            get(&bundle, "/inbox/conversations").await,
            all_sessions(&bundle).await,
        ));
        bundle.shutdown().await;
    }
    assert_eq!(seen[0], seen[1]);
    assert!(
        seen[0]
            .1
            .contains(r#"<td class="when"><a href="/sessions/"#),
        "{}",
        seen[0].1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_demo_there_is_nobody_but_everything_works() {
    let data_dir = tempfile::tempdir().unwrap();
    let bundle = Bundle::start(config(&data_dir, &[("DEMO", "0")]))
        .await
        .unwrap();
    assert_eq!(
        get(&bundle, "/inbox/conversations").await,
        r#"{"conversations":[],"people":[],"timezone":"UTC"}"#
    );

    let client = reqwest::Client::new();
    let session = format!("{}/v1/sessions/s1", bundle.url());
    let chunk = client
        .post(format!("{session}/chunks/0"))
        .bearer_auth("local-write-key")
        .body(r#"[{"type":4,"data":{"href":"https://shop.example/","width":1,"height":1},"timestamp":1795215107989}]"#);
    assert_eq!(chunk.send().await.unwrap().status(), StatusCode::ACCEPTED);
    let summary = || client.get(&session).bearer_auth("local-secret-key").send();
    let summarized = async {
        while summary().await.unwrap().status() == StatusCode::NOT_FOUND {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(30), summarized).await.unwrap();
    let summary = summary().await.unwrap().text().await.unwrap();
    assert!(summary.contains("https://shop.example/"), "{summary}");
    bundle.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_our_own_files_may_run_on_a_page() {
    let data_dir = tempfile::tempdir().unwrap();
    let bundle = Bundle::start(config(&data_dir, &[("DEMO", "0")]))
        .await
        .unwrap();
    for path in ["/", "/gallery", "/shop", "/inbox/inbox.js"] {
        let response = reqwest::get(format!("{}{path}", bundle.url()))
            .await
            .unwrap();
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
    }
    bundle.shutdown().await;
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let data_dir = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut config = config(&data_dir, &[]);
    config.port = port;
    let error = Bundle::start(config).await.unwrap_err();
    assert!(
        matches!(error, StartError::PortTaken { port: named } if named == port),
        "{error}"
    );
}

/// A method, a path, and what it is answered with by whoever brings nothing.
const PATHS: [(&str, &str, u16); 8] = [
    ("POST", "/canvas/initialize", 401),
    ("POST", "/health", 401),
    ("GET", "/oauth/callback", 403),
    ("GET", "/v1/sessions/s1", 401),
    ("GET", "/recorder.js", 200),
    ("GET", "/sessions", 404),
    ("GET", "/settings/integrations/intercom", 200),
    ("POST", "/webhooks", 401),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_doubled_or_at_the_end_changes_nothing() {
    let data_dir = tempfile::tempdir().unwrap();
    let bundle = Bundle::start(config(&data_dir, &[("DEMO", "0")]))
        .await
        .unwrap();
    let ask = |method: &'static str, path: String| {
        let url = format!("{}{path}", bundle.url());
        async move {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let response = reqwest::Client::new().request(method, url).send().await;
            let response = response.unwrap();
            let (status, headers) = (response.status(), response.headers().clone());
            (status.as_u16(), headers, response.bytes().await.unwrap())
        }
    };
    for (method, path, status) in PATHS {
        let (found, _, body) = ask(method, path.to_owned()).await;
        assert_eq!(found, status, "{path}");
        for other in [format!("{path}/"), format!("{}//", path.replace('/', "//"))] {
            let (found, _, other_body) = ask(method, other.clone()).await;
            assert_eq!((found, other_body.len()), (status, body.len()), "{other}");
        }
        if method == "GET" && !path.starts_with("/oauth") {
            let (found, headers, head) = ask("HEAD", format!("{path}/")).await;
            assert_eq!((found, head.len()), (status, 0), "HEAD {path}");
            assert_eq!(headers["content-length"], body.len().to_string(), "{path}");
        }
    }
    bundle.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_lambda_would_not_hand_on_reaches_no_function() {
    let data_dir = tempfile::tempdir().unwrap();
    let bundle = Bundle::start(config(&data_dir, &[("DEMO", "0")]))
        .await
        .unwrap();
    for (content_type, bytes, status) in [
        ("application/octet-stream", 4_500_000, 400),
        ("application/octet-stream", 4_718_593, 413),
        ("application/json", 4_718_593, 400),
        ("application/json", 6_291_456, 413),
    ] {
        let chunk = reqwest::Client::new()
            .post(format!("{}/v1/sessions/s1/chunks/0", bundle.url()))
            .bearer_auth("local-write-key")
            .header("content-type", content_type)
            .body(vec![b'x'; bytes]);
        let answer = chunk.send().await.unwrap();
        assert_eq!(answer.status(), status, "{bytes} of {content_type}");
    }
    bundle.shutdown().await;
}

/// More than there are turns.
const STALLED: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn uploads_that_stall_hold_up_nobody_else() {
    let data_dir = tempfile::tempdir().unwrap();
    let bundle = Bundle::start(config(&data_dir, &[("DEMO", "0")]))
        .await
        .unwrap();
    let address = bundle.url().replace("http://", "");
    let mut stalled = Vec::new();
    for number in 0..STALLED {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let head = format!(
            "POST /v1/sessions/stalled-{number}/chunks/0 HTTP/1.1\r\nhost: {address}\r\n\
             authorization: Bearer local-write-key\r\ncontent-length: 1000\r\n\r\n["
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stalled.push(stream);
    }
    // They have arrived.
    sleep(Duration::from_millis(300)).await;
    let summary = reqwest::Client::new()
        .get(format!("{}/v1/sessions/s1", bundle.url()))
        .bearer_auth("local-secret-key")
        .send();
    let answer = timeout(Duration::from_secs(10), summary).await.unwrap();
    assert_eq!(answer.unwrap().status(), StatusCode::NOT_FOUND);
    drop(stalled);
    bundle.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_master_key_than_that_of_the_data_is_refused() {
    let data_dir = tempfile::tempdir().unwrap();
    let start = || Bundle::start(config(&data_dir, &[("DEMO", "0")]));
    start().await.unwrap().shutdown().await;
    let file = data_dir.path().join("master.key");
    let key = std::fs::read(&file).unwrap();

    std::fs::write(&file, [7; 32]).unwrap();
    let error = start().await.unwrap_err();
    assert!(
        matches!(error, StartError::WrongMasterKey { .. }),
        "{error}"
    );
    std::fs::remove_file(&file).unwrap();
    let error = start().await.unwrap_err();
    assert!(
        matches!(error, StartError::MasterKeyMissing { .. }),
        "{error}"
    );

    std::fs::write(&file, key).unwrap();
    start().await.unwrap().shutdown().await;
}
