//! Who may do what, and from where.

use lambda_http::Body;
use lambda_http::http::Method;
use lambda_http::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW,
    AUTHORIZATION,
};

use crate::stack::{
    OTHER_SECRET_KEY, SECRET_KEY, Stack, WRITE_KEY, chunk_request, payload, recording, request,
};

const CHUNK: &str = "/v1/sessions/s-1/chunks/0";
const IDENTIFY: &str = "/v1/sessions/s-1/identify";
const SESSION: &str = "/v1/sessions/s-1";

#[tokio::test]
async fn adding_takes_any_key_of_the_organization_and_reading_a_secret_one() {
    let stack = Stack::start().await;
    let chunk = || Body::Binary(payload(&recording("forms")));
    let alias = || Body::Text(r#"{"user_id":"7"}"#.to_owned());
    for key in [WRITE_KEY, SECRET_KEY] {
        assert_eq!(
            stack
                .send(request(Method::POST, CHUNK, key, chunk()))
                .await
                .status,
            202
        );
        assert_eq!(
            stack
                .send(request(Method::POST, IDENTIFY, key, alias()))
                .await
                .status,
            202
        );
    }
    stack.settle().await;

    let read = async |key| {
        stack
            .send(request(Method::GET, SESSION, key, Body::Empty))
            .await
    };
    assert_eq!(read(SECRET_KEY).await.status, 200);
    let refused = read(WRITE_KEY).await;
    assert_eq!((refused.status, refused.code()), (401, "secret_key_needed"));
}

#[tokio::test]
async fn nobody_without_a_known_key_gets_anywhere() {
    let stack = Stack::start().await;
    for (method, path) in [
        (Method::POST, CHUNK),
        (Method::POST, IDENTIFY),
        (Method::GET, SESSION),
    ] {
        let unknown = stack
            .send(request(method.clone(), path, "guessed", Body::Empty))
            .await;
        assert_eq!(
            (unknown.status, unknown.code()),
            (401, "unknown_key"),
            "{path}"
        );
        let mut without = request(method, path, "", Body::Empty);
        without.headers_mut().remove(AUTHORIZATION);
        let missing = stack.send(without).await;
        assert_eq!(
            (missing.status, missing.code()),
            (401, "missing_key"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn another_organization_sees_nothing() {
    let stack = Stack::start().await;
    stack.upload("s-1", 0, &payload(&recording("forms"))).await;
    stack.settle().await;

    let answer = stack
        .send(request(Method::GET, SESSION, OTHER_SECRET_KEY, Body::Empty))
        .await;

    assert_eq!((answer.status, answer.code()), (404, "unknown_session"));
}

#[tokio::test]
async fn recorders_of_any_site_may_call_and_read_their_answers() {
    let stack = Stack::start().await;
    for path in [CHUNK, IDENTIFY] {
        let preflight = stack
            .send(request(Method::OPTIONS, path, "", Body::Empty))
            .await;
        assert_eq!(preflight.status, 204);
        assert_eq!(preflight.headers[ACCESS_CONTROL_ALLOW_METHODS], "POST");
        let headers = preflight.headers[ACCESS_CONTROL_ALLOW_HEADERS]
            .to_str()
            .unwrap();
        for header in ["authorization", "content-type", "content-encoding"] {
            assert!(headers.contains(header), "{headers}");
        }
        for answer in [
            preflight,
            stack
                .send(request(
                    Method::POST,
                    path,
                    WRITE_KEY,
                    Body::Text("[]".to_owned()),
                ))
                .await,
            stack
                .send(request(Method::POST, path, "guessed", Body::Empty))
                .await,
        ] {
            assert_eq!(
                answer.headers[ACCESS_CONTROL_ALLOW_ORIGIN], "*",
                "{answer:?}"
            );
        }
    }
    stack.below.queues.drain();
}

#[tokio::test]
async fn reading_is_not_for_browsers_on_other_sites() {
    let stack = Stack::start().await;
    for method in [Method::GET, Method::OPTIONS] {
        let answer = stack
            .send(request(method, SESSION, SECRET_KEY, Body::Empty))
            .await;
        assert!(
            !answer.headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn other_routes_methods_and_names_are_told_apart() {
    let stack = Stack::start().await;
    let unknown = stack
        .send(request(
            Method::GET,
            "/v1/elsewhere",
            SECRET_KEY,
            Body::Empty,
        ))
        .await;
    assert_eq!((unknown.status, unknown.code()), (404, "unknown_route"));
    for (method, path, allowed) in [
        (Method::GET, CHUNK, "POST"),
        (Method::DELETE, SESSION, "GET"),
    ] {
        let wrong = stack
            .send(request(method, path, SECRET_KEY, Body::Empty))
            .await;
        assert_eq!((wrong.status, wrong.code()), (405, "method_not_allowed"));
        assert_eq!(wrong.headers[ALLOW], allowed);
    }
    let bad_number = stack
        .send(chunk_request("s-1", 100_000, b"[]".to_vec(), None))
        .await;
    assert_eq!((bad_number.status, bad_number.code()), (400, "bad_seq"));
    let bad_session = stack
        .send(chunk_request("s%201", 0, b"[]".to_vec(), None))
        .await;
    assert_eq!(
        (bad_session.status, bad_session.code()),
        (400, "bad_session_id")
    );
}

#[tokio::test]
async fn no_answer_of_the_api_may_be_stored_or_read_as_something_else() {
    let stack = Stack::start().await;
    let chunk = || Body::Binary(payload(&recording("forms")));
    let alias = || Body::Text(r#"{"user_id":"7"}"#.to_owned());
    for (method, path, key, body, status) in [
        (Method::POST, CHUNK, WRITE_KEY, chunk(), 202),
        (Method::POST, IDENTIFY, WRITE_KEY, alias(), 202),
        (Method::OPTIONS, CHUNK, WRITE_KEY, Body::Empty, 204),
        (Method::POST, CHUNK, "guessed", chunk(), 401),
        (Method::PUT, CHUNK, WRITE_KEY, Body::Empty, 405),
        (Method::GET, SESSION, SECRET_KEY, Body::Empty, 404),
        (Method::GET, "/v1/nothing", SECRET_KEY, Body::Empty, 404),
        (Method::DELETE, "/v1/people", SECRET_KEY, Body::Empty, 400),
    ] {
        let answer = stack.send(request(method.clone(), path, key, body)).await;
        assert_eq!(answer.status, status, "{method} {path}");
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ] {
            let found = answer.headers.get(name).map(|found| found.as_bytes());
            assert_eq!(found, Some(value.as_bytes()), "{method} {path}: {name}");
        }
    }
    stack.settle().await;
}
