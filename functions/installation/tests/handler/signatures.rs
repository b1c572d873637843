//! Who is heard.

use intercom::signature::{ClientSecret, sign_body};
use lambda_http::http::Method;
use serde_json::json;
use store::ConnectionStatus;

use crate::fixture::Fixture;

#[tokio::test]
async fn only_intercom_is_heard() {
    let fixture = Fixture::start().await;
    fixture.connect().await;
    let body = br#"{"app_id":"acme","workspace_id":"acme"}"#;
    let forged = sign_body(&ClientSecret::parse("another-secret").unwrap(), body);
    let prefixed = format!("sha256={forged}");
    for path in ["/uninstall", "/health"] {
        for signature in [
            None,
            Some(""),
            Some(forged.as_str()),
            Some(prefixed.as_str()),
        ] {
            let response = fixture.send(Method::POST, path, body.to_vec(), signature);
            assert_eq!(response.await.status(), 401, "{path} {signature:?}");
        }
    }
    assert_eq!(
        fixture.connection().await.status,
        ConnectionStatus::Connected
    );
}

#[tokio::test]
async fn what_is_not_asked_that_way_is_refused() {
    let fixture = Fixture::start().await;
    let large = vec![b' '; 17 << 10];
    for (method, path, body, status) in [
        (Method::GET, "/health", Vec::new(), 405),
        (Method::GET, "/uninstall", Vec::new(), 405),
        (Method::POST, "/", Vec::new(), 404),
        (Method::HEAD, "/health", Vec::new(), 405),
        (Method::POST, "/health/x", Vec::new(), 404),
        (Method::POST, "//health/", Vec::new(), 401),
        (Method::POST, "/uninstall", large, 413),
    ] {
        let response = fixture.send(method.clone(), path, body, None).await;
        assert_eq!(response.status(), status, "{method} {path}");
    }
}

#[tokio::test]
async fn a_signed_body_without_a_workspace_is_a_bad_request() {
    let fixture = Fixture::start().await;
    for body in [json!({}), json!([]), json!("acme"), json!({ "app_id": {} })] {
        for path in ["/uninstall", "/health"] {
            assert_eq!(fixture.post(path, &body).await.0, 400, "{path} {body}");
        }
    }
}
