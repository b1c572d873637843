//! An Intercom that is slow, gone, broken or full.

use std::error::Error as _;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::Response;
use intercom::Region;
use intercom::oauth::{AccessToken, App, Callback};
use intercom::rest::{Advice, Client, Error, Limits, Me, Unreadable};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;

use crate::stub::{LIMITS, Play, Stub, error_list, hosts_at, json_answer, text_answer};

const LATER: Advice = Advice::RetryLater { at: None };

async fn me(client: &Client) -> Result<Me, Error> {
    let token = AccessToken::parse("dG9r").unwrap();
    client.me(Region::Us, &token).await
}

/// What went wrong with the first call to a server that plays `plays`, and how often it was asked.
async fn failure(plays: impl IntoIterator<Item = Play>) -> (Error, usize) {
    let stub = Stub::new(plays).await;
    let error = me(&stub.client()).await.err().unwrap();
    (error, stub.asked().len())
}

/// The answer to one call too many, whose window ends `seconds` after it was written.
fn full(seconds: i64) -> Play {
    const NOON: i64 = 1_795_176_000;
    let answer = Response::builder()
        .status(429)
        .header("Date", "Fri, 20 Nov 2026 12:00:00 GMT")
        .header("X-RateLimit-Limit", "1666")
        .header("X-RateLimit-Remaining", "0")
        .header("X-RateLimit-Reset", NOON + seconds);
    let body = error_list("rate_limit_exceeded").to_string();
    Play::Answer(answer.body(Bytes::from(body)).unwrap())
}

#[tokio::test]
async fn a_failure_that_passes_is_not_noticed() {
    let stub = Stub::new([
        json_answer(500, &error_list("server_error")),
        text_answer(503, "<html>Service Unavailable</html>"),
        json_answer(200, &json!({ "id": "1" })),
    ])
    .await;
    assert!(me(&stub.client()).await.is_ok());
    assert_eq!(stub.asked().len(), 3);
}

#[tokio::test]
async fn a_failure_that_stays_is_told_with_what_intercom_said() {
    let plays = || (0..3).map(|_| json_answer(500, &error_list("server_error")));
    let (error, asked) = failure(plays()).await;
    assert_eq!((error.advice(), asked), (LATER, 3));
    assert_eq!(
        error.to_string(),
        "cannot read who authorized the app: Intercom answered 500 server_error \
         (request 12a938a3-314e-4939-b773-5cd45738bd21)"
    );
}

#[tokio::test]
async fn a_dead_token_is_not_tried_again() {
    let (error, asked) = failure([json_answer(401, &error_list("token_revoked"))]).await;
    assert_eq!((error.advice(), asked), (Advice::Reconnect, 1));
    let (error, asked) = failure([text_answer(404, "")]).await;
    assert_eq!((error.advice(), asked), (Advice::GiveUp, 1));
}

#[tokio::test]
async fn a_code_is_sent_once_whatever_the_answer() {
    let app = App::new("id", "secret").unwrap();
    let code = Callback::parse("code=dG9r").code.unwrap();
    let stub = Stub::new([
        text_answer(502, ""),
        full(0),
        json_answer(401, &error_list("unauthorized")),
        json_answer(200, &json!({ "token_type": "Bearer" })),
    ])
    .await;
    for (made, advice) in [
        (1, LATER),
        (2, full_advice(0)),
        (3, Advice::Reconnect),
        (4, Advice::GiveUp),
    ] {
        let error = stub.client().exchange(&app, &code).await.unwrap_err();
        assert_eq!(
            (error.advice(), stub.asked().len()),
            (advice, made),
            "{error}"
        );
    }
}

fn full_advice(seconds: i64) -> Advice {
    Advice::RetryLater {
        at: Some(Timestamp::from_second(1_795_176_000 + seconds).unwrap()),
    }
}

#[tokio::test]
async fn a_window_that_ends_soon_is_waited_for() {
    let stub = Stub::new([full(1), json_answer(200, &json!({ "id": "1" }))]).await;
    let start = Instant::now();
    assert!(me(&stub.client()).await.is_ok());
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
    let stub = Stub::new([Play::Silence]).await;
    let limits = Limits {
        call: Duration::from_millis(300),
        ..LIMITS
    };
    let client = Client::with_limits(stub.hosts(), limits);
    let start = Instant::now();
    let error = me(&client).await.err().unwrap();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    assert_eq!((error.advice(), stub.asked().len()), (LATER, 1));
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn an_intercom_that_is_gone_or_hangs_up_may_be_back_later() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hosts = hosts_at(&listener);
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
            text_answer(200, "<html>Log in</html>"),
            Unreadable::NotAnObject,
        ),
        (text_answer(200, ""), Unreadable::NotAnObject),
        (json_answer(200, &json!([])), Unreadable::NotAnObject),
        (
            json_answer(200, &json!({ "email": "a@b.c" })),
            Unreadable::Missing("the admin's id"),
        ),
        (text_answer(200, &huge), Unreadable::TooLarge),
    ];
    for (play, expected) in cases {
        let (error, asked) = failure([play]).await;
        assert!(
            matches!(error, Error::Unreadable { problem, .. } if problem == expected),
            "{error}"
        );
        assert_eq!((error.advice(), asked), (Advice::GiveUp, 1));
    }
}

#[tokio::test]
async fn an_error_of_any_size_and_shape_counts_by_its_status() {
    for body in ["<html>Unauthorized</html>", "", &"x".repeat(1024 * 1024)] {
        let (error, _) = failure([text_answer(401, body)]).await;
        assert_eq!(error.advice(), Advice::Reconnect);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Stub::new([]).await;
    let location = elsewhere.hosts().api(Region::Us).to_string();
    let redirect = Response::builder().status(307).header("Location", location);
    let (error, _) = failure([Play::Answer(redirect.body(Bytes::new()).unwrap())]).await;
    assert_eq!(error.advice(), Advice::GiveUp);
    assert!(elsewhere.asked().is_empty());
}
