//! What an admin sees when it does not work, and what is left of it: nothing.

use intercom::fake::Fault;
use lambda_http::Body;
use lambda_http::http::Response;
use serde_json::{Value, json};

use crate::fixture::{EXCHANGE, Fixture, acme, incomplete_secrets, text};

/// A page that says what happened and what to do, and that no browser keeps or frames.
fn assert_page(response: &Response<Body>, status: u16, says: &str) {
    let page = text(response);
    assert_eq!(response.status(), status, "{page}");
    assert!(page.contains(says), "{says}: {page}");
    assert!(page.contains("Try again"), "{page}");
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert!(header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_admin_who_declines_is_told_so() {
    let fixture = Fixture::start().await;
    let attempt = fixture.begin("/install").await;
    let before = fixture.rows().await;
    for query in [
        format!("error=access_denied&state={}", attempt.state),
        format!("state={}", attempt.state),
        format!("code=&state={}", attempt.state),
        "error=access_denied".to_owned(),
    ] {
        let path = format!("/oauth/callback?{query}");
        let response = fixture.get(&path, Some(&attempt.cookie)).await;
        assert_page(&response, 403, "Access declined");
    }
    assert_eq!(fixture.exchanges(), 0);
    assert_eq!(fixture.rows().await, before);
}

#[tokio::test]
async fn nothing_is_left_of_what_intercom_does_not_answer_well() {
    let html = Fault::text(200, "<html>502 Bad Gateway</html>");
    let me = |fault| ("/me", fault);
    let token = |fault| (EXCHANGE, fault);
    let changed = |pointer: &str, value: Value| {
        let mut answer = acme().me();
        *answer.pointer_mut(pointer).unwrap() = value;
        me(Fault::json(200, &answer))
    };
    const UNVERIFIED: &str = "not verified";
    const LATE: &str = "did not answer in time";
    const BAD: &str = "did not answer as expected";
    const NAMELESS: &str = "did not name your workspace";
    let cases = [
        (
            "a used code",
            token(Fault::refusal(401, "unauthorized")),
            400,
            "did not accept",
        ),
        (
            "a refused exchange",
            token(Fault::refusal(400, "bad_request")),
            502,
            BAD,
        ),
        (
            "too many exchanges",
            token(Fault::refusal(429, "rate_limit_exceeded")),
            502,
            BAD,
        ),
        (
            "an exchange that fails",
            token(Fault::refusal(500, "server_error")),
            502,
            BAD,
        ),
        ("HTML for a token", token(html.clone()), 502, BAD),
        ("nothing for a token", token(Fault::text(200, "")), 502, BAD),
        (
            "an empty token",
            token(Fault::json(200, &json!({ "token": "" }))),
            502,
            BAD,
        ),
        (
            "a token with a line",
            token(Fault::json(200, &json!({ "token": "a\r\nb" }))),
            502,
            BAD,
        ),
        ("a slow exchange", token(Fault::Silent), 504, LATE),
        (
            "a token that is refused",
            me(Fault::refusal(401, "token_revoked")),
            502,
            BAD,
        ),
        (
            "/me that fails",
            me(Fault::refusal(503, "server_error")),
            502,
            BAD,
        ),
        ("HTML for /me", me(html), 502, BAD),
        ("a slow /me", me(Fault::Silent), 504, LATE),
        ("/me without an id", changed("/id", Value::Null), 502, BAD),
        (
            "an unverified e-mail",
            changed("/email_verified", json!(false)),
            403,
            UNVERIFIED,
        ),
        (
            "nothing about the e-mail",
            changed("/email_verified", Value::Null),
            403,
            UNVERIFIED,
        ),
        ("no e-mail", changed("/email", Value::Null), 403, UNVERIFIED),
        ("no app", changed("/app", Value::Null), 502, NAMELESS),
        (
            "an app without an id",
            changed("/app/id_code", json!("")),
            502,
            NAMELESS,
        ),
        (
            "an id that is none",
            changed("/app/id_code", json!("a#b")),
            502,
            NAMELESS,
        ),
    ];
    let fixture = Fixture::start().await;
    let before = fixture.rows().await;
    for (case, (path, fault), status, says) in cases {
        println!("{case}");
        fixture.intercom_fails(path, fault);
        assert_page(&fixture.connect().await, status, says);
        assert_eq!(fixture.rows().await, before, "{case}");
    }
    fixture.stack.intercom.heal();
    assert_eq!(fixture.connect().await.status(), 303, "and then it works");
}

#[tokio::test]
async fn an_intercom_that_is_gone_is_said_so() {
    let mut fixture = Fixture::start().await;
    let nobody = intercom::Hosts::parse(Some("http://127.0.0.1:1"), None).unwrap();
    fixture.state.intercom = intercom::rest::Client::new(nobody);
    assert_page(&fixture.connect().await, 502, "cannot be reached");
}

#[tokio::test]
async fn what_fails_while_connected_leaves_the_connection_as_it_was() {
    let fixture = Fixture::start().await;
    fixture.connect().await;
    let before = fixture.connection().await;
    fixture.intercom_fails("/me", Fault::refusal(500, "server_error"));
    assert_eq!(fixture.connect().await.status(), 502);
    assert_eq!(fixture.connection().await, before);
}

#[tokio::test]
async fn without_a_table_intercom_is_not_asked() {
    let fixture = Fixture::without_table().await;
    assert_page(&fixture.connect().await, 503, "failed on our side");
    assert_eq!(fixture.exchanges(), 0);
}

#[tokio::test]
async fn an_app_whose_credentials_are_missing_says_so() {
    let mut fixture = Fixture::start().await;
    fixture.state.secrets = incomplete_secrets();
    assert_page(&fixture.get("/install", None).await, 500, "not set up yet");
}
