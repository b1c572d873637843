//! The bundle as `main` starts it.

// What a test needs done for it fails as the test itself would.
#![allow(clippy::unwrap_used)]

use local::{Bundle, Config, StartError};
use platform::config::Environment;
use reqwest::StatusCode;
use tempfile::TempDir;
use tokio::net::TcpListener;

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
    reqwest::get(url)
        .await
        .unwrap()
        .error_for_status()
        .unwrap()
        .text()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_finds_the_same_sessions_and_conversations() {
    let data_dir = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let bundle = Bundle::start(config(&data_dir, &[])).await.unwrap();
        seen.push((
            get(&bundle, "/inbox/conversations").await,
            get(&bundle, "/sessions").await,
        ));
        bundle.shutdown().await;
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].1.contains("The latest 19"), "{}", seen[0].1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_demo_there_is_nobody_but_everything_works() {
    let data_dir = tempfile::tempdir().unwrap();
    let bundle = Bundle::start(config(&data_dir, &[("DEMO", "0")]))
        .await
        .unwrap();
    assert_eq!(
        get(&bundle, "/inbox/conversations").await,
        r#"{"conversations":[],"timezone":"UTC"}"#
    );
    assert!(
        get(&bundle, "/sessions")
            .await
            .contains("Nothing has been recorded yet")
    );

    let chunk = reqwest::Client::new()
        .post(format!("{}/v1/sessions/s1/chunks/0", bundle.url()))
        .bearer_auth("local-write-key")
        .body(r#"[{"type":4,"data":{"href":"https://shop.example/","width":1,"height":1},"timestamp":1795215107989}]"#);
    assert_eq!(chunk.send().await.unwrap().status(), StatusCode::ACCEPTED);
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
