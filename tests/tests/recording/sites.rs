//! What a recorder in a browser sends, and from which sites.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use identity::WorkspaceId;
use lambda_http::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, ORIGIN};
use lambda_http::http::{HeaderValue, Method};
use lambda_http::{Body, Request};
use store::{AllowedOrigins, Preferences};

use crate::stack::{Answer, SECRET_KEY, Stack, WORKSPACE, WRITE_KEY, payload, recording, request};

const SHOP: &str = "https://shop.example";
const OTHER: &str = "https://other.example";

/// As a browser sends it for the recorder: the key in the address, and no header that would have to be asked
/// about.
fn from_browser(
    method: Method,
    path: &str,
    key: &str,
    origin: Option<&str>,
    body: Body,
) -> Request {
    let path = match key {
        "" => path.to_owned(),
        key => format!("{path}?write_key={key}"),
    };
    let mut request = request(method, &path, "", body);
    request.headers_mut().remove(AUTHORIZATION);
    if let Some(origin) = origin {
        let origin = HeaderValue::from_str(origin).unwrap();
        request.headers_mut().insert(ORIGIN, origin);
    }
    request
}

fn chunk(key: &str, origin: Option<&str>) -> Request {
    let body = Body::Binary(payload(&recording("forms")));
    from_browser(Method::POST, "/v1/sessions/s-1/chunks/0", key, origin, body)
}

/// `acme`, which takes from [`SHOP`] alone.
async fn restricted() -> Stack {
    let stack = Stack::start().await;
    let workspace = WorkspaceId::parse(WORKSPACE).unwrap();
    let connection = stack
        .store
        .connections()
        .get(&workspace)
        .await
        .unwrap()
        .unwrap();
    let preferences = Preferences {
        allowed_origins: AllowedOrigins::parse(SHOP).unwrap(),
        ..connection.preferences.clone()
    };
    let updated = stack
        .store
        .connections()
        .update_preferences(&connection, &preferences);
    updated.await.unwrap();
    stack
}

fn outcome(answer: &Answer) -> (u16, Option<&str>) {
    let refused = answer.status >= 400;
    (answer.status, refused.then(|| answer.code()))
}

#[tokio::test]
async fn a_recorder_sends_its_key_in_the_address_and_gzip_without_a_word() {
    let stack = Stack::start().await;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&payload(&recording("forms"))).unwrap();
    let body = Body::Binary(gzip.finish().unwrap());
    let path = "/v1/sessions/s-1/chunks/0";
    let sent = from_browser(Method::POST, path, WRITE_KEY, Some(SHOP), body);
    assert_eq!(stack.send(sent).await.status, 202);

    let alias = Body::Text(r#"{"anonymous_id":"a1"}"#.to_owned());
    let path = "/v1/sessions/s-1/identify";
    let sent = from_browser(Method::POST, path, WRITE_KEY, Some(SHOP), alias);
    assert_eq!(stack.send(sent).await.status, 202);

    stack.settle().await;
    let events = recording("forms").len();
    assert_eq!(stack.summary("s-1").await["events"], events);
}

#[tokio::test]
async fn a_secret_key_works_in_no_address() {
    let stack = Stack::start().await;
    let added = stack.send(chunk(SECRET_KEY, None)).await;
    assert_eq!(outcome(&added), (401, Some("write_key_needed")));
    for key in [SECRET_KEY, WRITE_KEY] {
        let path = "/v1/sessions/s-1";
        let read = from_browser(Method::GET, path, key, None, Body::Empty);
        let read = stack.send(read).await;
        assert_eq!(outcome(&read), (401, Some("missing_key")));
    }
}

#[tokio::test]
async fn an_organization_takes_from_the_sites_that_it_names() {
    let stack = restricted().await;
    for (origin, expected) in [
        (Some(OTHER), (401, Some("origin_not_allowed"))),
        (Some("null"), (401, Some("origin_not_allowed"))),
        (
            Some("https://shop.example.evil.example"),
            (401, Some("origin_not_allowed")),
        ),
    ] {
        let answer = stack.send(chunk(WRITE_KEY, origin)).await;
        assert_eq!(outcome(&answer), expected, "{origin:?}");
        // The recorder there may read why, and stops.
        assert_eq!(answer.headers[ACCESS_CONTROL_ALLOW_ORIGIN], "*");
    }
    assert_eq!(stack.bucket_bytes().await, 0, "nothing was stored");

    for origin in [Some(SHOP), None] {
        let answer = stack.send(chunk(WRITE_KEY, origin)).await;
        assert_eq!(outcome(&answer), (202, None), "{origin:?}");
    }
    stack.below.queues.drain();
}

#[tokio::test]
async fn browsers_that_ask_first_are_answered_for_the_organization_of_the_key() {
    let stack = restricted().await;
    for (key, origin, is_allowed) in [
        (WRITE_KEY, SHOP, true),
        (WRITE_KEY, OTHER, false),
        // Whose key is not in the address is told when it comes.
        ("", OTHER, true),
        ("guessed", OTHER, true),
    ] {
        let path = "/v1/sessions/s-1/chunks/0";
        let asked = from_browser(Method::OPTIONS, path, key, Some(origin), Body::Empty);
        let answer = stack.send(asked).await;
        assert_eq!(answer.status, 204);
        let allowed = answer.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(allowed, is_allowed, "{key} {origin}");
    }
}
