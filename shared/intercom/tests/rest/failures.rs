//! An Intercom that is slow, gone, broken or full.

use std::error::Error as _;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::Response;
use intercom::fake::{Fault, error_list};
use intercom::oauth::{AccessToken, App, Callback};
use intercom::rest::{Advice, Client, Error, Limits, Me, Unreadable};
use intercom::{Hosts, Region};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;

use crate::fixture::{Fixture, LIMITS};

const LATER: Advice = Advice::RetryLater { at: None };

async fn me(client: &Client) -> Result<Me, Error> {
    let token = AccessToken::parse("dG9r").unwrap();
    client.me(Region::Us, &token).await
}

/// What went wrong with the first call to a server that answers so, and how often it was asked.
async fn failure(answers: impl IntoIterator<Item = Fault>) -> (Error, usize) {
    let fixture = Fixture::answering(answers).await;
    let error = me(&fixture.client()).await.err().unwrap();
    (error, fixture.asked())
}

/// The answer to one call too many, whose window ends `seconds` after it was written.
fn full(seconds: i64) -> Fault {
    const NOON: i64 = 1_795_176_000;
    let answer = Response::builder()
        .status(429)
        .header("Date", "Fri, 20 Nov 2026 12:00:00 GMT")
        .header("X-RateLimit-Limit", "1666")
        .header("X-RateLimit-Remaining", "0")
        .header("X-RateLimit-Reset", NOON + seconds);
    let body = error_list("rate_limit_exceeded", "of ada@example.com").to_string();
    Fault::Answer(answer.body(Bytes::from(body)).unwrap())
}

#[tokio::test]
async fn a_failure_that_passes_is_not_noticed() {
    let fixture = Fixture::answering([
        Fault::json(500, &error_list("server_error", "of ada@example.com")),
        Fault::text(503, "<html>Service Unavailable</html>"),
        Fault::json(200, &json!({ "id": "1" })),
    ])
    .await;
    assert!(me(&fixture.client()).await.is_ok());
    assert_eq!(fixture.asked(), 3);
}

#[tokio::test]
async fn a_failure_that_stays_is_told_with_what_intercom_said() {
    let answers =
        || (0..3).map(|_| Fault::json(500, &error_list("server_error", "of ada@example.com")));
    let (error, asked) = failure(answers()).await;
    assert_eq!((error.advice(), asked), (LATER, 3));
    assert_eq!(
        error.to_string(),
        "cannot read who authorized the app: Intercom answered 500 server_error \
         (request 12a938a3-314e-4939-b773-5cd45738bd21)"
    );
}

#[tokio::test]
async fn a_dead_token_is_not_tried_again() {
    let (error, asked) = failure([Fault::json(
        401,
        &error_list("token_revoked", "of ada@example.com"),
    )])
    .await;
    assert_eq!((error.advice(), asked), (Advice::Reconnect, 1));
    let (error, asked) = failure([Fault::text(404, "")]).await;
    assert_eq!((error.advice(), asked), (Advice::GiveUp, 1));
}

#[tokio::test]
async fn a_code_is_sent_once_whatever_the_answer() {
    let app = App::new("id", "secret").unwrap();
    let code = Callback::parse("code=dG9r").code.unwrap();
    let fixture = Fixture::answering([
        Fault::text(502, ""),
        full(0),
        Fault::json(401, &error_list("unauthorized", "of ada@example.com")),
        Fault::json(200, &json!({ "token_type": "Bearer" })),
    ])
    .await;
    for (made, advice) in [
        (1, LATER),
        (2, full_advice(0)),
        (3, Advice::Reconnect),
        (4, Advice::GiveUp),
    ] {
        let error = fixture.client().exchange(&app, &code).await.unwrap_err();
        assert_eq!((error.advice(), fixture.asked()), (advice, made), "{error}");
    }
}

fn full_advice(seconds: i64) -> Advice {
    Advice::RetryLater {
        at: Some(Timestamp::from_second(1_795_176_000 + seconds).unwrap()),
    }
}

#[tokio::test]
async fn a_window_that_ends_soon_is_waited_for() {
    let fixture = Fixture::answering([full(1), Fault::json(200, &json!({ "id": "1" }))]).await;
    let start = Instant::now();
    assert!(me(&fixture.client()).await.is_ok());
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_window_that_ends_late_is_left_to_the_caller() {
    let start = Instant::now();
    let (error, asked) = failure([full(9)]).await;
    assert_eq!((error.advice(), asked), (full_advice(9), 1));
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn an_intercom_that_does_not_answer_is_given_up_in_time() {
    let fixture = Fixture::answering([Fault::Silent]).await;
    let limits = Limits {
        call: Duration::from_millis(300),
        ..LIMITS
    };
    let client = Client::with_limits(fixture.hosts.clone(), limits);
    let start = Instant::now();
    let error = me(&client).await.err().unwrap();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    assert_eq!((error.advice(), fixture.asked()), (LATER, 1));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn an_intercom_that_is_gone_or_hangs_up_may_be_back_later() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let hosts = Hosts::parse(Some(&url), None).unwrap();
    let hangs_up = tokio::spawn(async move {
        for _ in 0..3 {
            drop(listener.accept().await.unwrap());
        }
    });
    let client = Client::with_limits(hosts, LIMITS);
    let error = me(&client).await.err().unwrap();
    assert!(
        matches!(
            error,
            Error::Unreachable {
                never_sent: false,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.advice(), LATER);

    hangs_up.await.unwrap(); // It was asked three times; now nobody listens.
    let error = me(&client).await.err().unwrap();
    assert!(
        matches!(
            error,
            Error::Unreachable {
                never_sent: true,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(error.source().is_some());
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_no_success() {
    let huge = format!(r#"{{"id":"{}"}}"#, "x".repeat(5 * 1024 * 1024));
    let cases = [
        (
            Fault::text(200, "<html>Log in</html>"),
            Unreadable::NotAnObject,
            Advice::GiveUp,
        ),
        // Intercom answers so at times, and later answers in full.
        (Fault::text(200, ""), Unreadable::Empty, LATER),
        (
            Fault::json(200, &json!([])),
            Unreadable::NotAnObject,
            Advice::GiveUp,
        ),
        (
            Fault::json(200, &json!({ "email": "a@b.c" })),
            Unreadable::Missing("the admin's id"),
            Advice::GiveUp,
        ),
        (
            Fault::text(200, &huge),
            Unreadable::TooLarge,
            Advice::GiveUp,
        ),
    ];
    for (answer, expected, advice) in cases {
        let (error, asked) = failure([answer]).await;
        assert!(
            matches!(error, Error::Unreadable { problem, .. } if problem == expected),
            "{error}"
        );
        assert_eq!((error.advice(), asked), (advice, 1));
    }
}

#[tokio::test]
async fn an_error_of_any_size_and_shape_counts_by_its_status() {
    for body in ["<html>Unauthorized</html>", "", &"x".repeat(1024 * 1024)] {
        let (error, _) = failure([Fault::text(401, body)]).await;
        assert_eq!(error.advice(), Advice::Reconnect);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Fixture::answering([]).await;
    let location = elsewhere.hosts.api(Region::Us).to_string();
    let redirect = Response::builder().status(307).header("Location", location);
    let (error, _) = failure([Fault::Answer(redirect.body(Bytes::new()).unwrap())]).await;
    assert_eq!(error.advice(), Advice::GiveUp);
    assert_eq!(elsewhere.asked(), 0);
}
