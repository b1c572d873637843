use std::convert::Infallible;

use futures::executor::block_on;
use lambda_http::http::HeaderValue;
use lambda_http::http::header::{SET_COOKIE, VARY};
use lambda_http::lambda_runtime::{Context as LambdaContext, service_fn};
use lambda_http::{Adapter, Request};
use serde_json::{Value, json};

use super::*;
use crate::edge;

fn event() -> Value {
    json!({
        "version": "2.0",
        "rawPath": "/sessions",
        "rawQueryString": "a=b",
        "headers": { "host": "id.lambda-url.us-east-1.on.aws", "x-forwarded-proto": "https" },
        "requestContext": {
            "http": { "method": "GET", "path": "/sessions" },
            "stage": "$default",
        },
        "isBase64Encoded": false,
    })
}

/// What Lambda gets for an event: of a function that says how it was asked, and sets each header that it sets
/// twice.
fn answer(event: &Value) -> Value {
    let handler = |request: Request| async move {
        let asked = format!(
            "{} {}",
            request.method(),
            request.uri().path_and_query().unwrap()
        );
        let mut response = Response::new(Body::Text(asked));
        for (name, value) in [
            (VARY, "a"),
            (SET_COOKIE, "b=1"),
            (VARY, "c"),
            (SET_COOKIE, "d=1"),
        ] {
            response
                .headers_mut()
                .append(name, HeaderValue::from_static(value));
        }
        response
    };
    let service = service_fn(|request| {
        let answer = edge::answer(request, handler);
        async { Ok::<_, Infallible>(answer.await) }
    });
    let event: Event = serde_json::from_str(&event.to_string()).unwrap();
    let mut service = FunctionUrl(Adapter::from(service));
    let answer = service.call(LambdaEvent::new(event, LambdaContext::default()));
    serde_json::to_value(block_on(answer).unwrap()).unwrap()
}

#[test]
fn an_address_that_is_none_is_served_as_what_it_means() {
    let mut event = event();
    event["rawPath"] = json!("//sessions/a b/");
    event["rawQueryString"] = json!("q=a b#c&\"d\"=<e>");
    let answer = answer(&event);
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(
        answer["body"],
        "GET /sessions/a%20b?q=a%20b%23c&%22d%22=%3Ce%3E"
    );
}

#[test]
fn no_value_of_a_header_is_lost_on_the_way_to_lambda() {
    let answer = answer(&event());
    assert_eq!(answer["headers"]["vary"], "a, c");
    assert_eq!(answer["cookies"], json!(["b=1", "d=1"]));
}

#[test]
fn head_goes_as_get_and_has_no_body() {
    let mut event = event();
    event["requestContext"]["http"]["method"] = json!("HEAD");
    let answer = answer(&event);
    assert_eq!(answer["statusCode"], 200);
    assert_eq!(answer["headers"]["vary"], "a, c");
    assert!(
        answer["body"].as_str().unwrap_or_default().is_empty(),
        "{answer}"
    );
}

#[test]
fn what_cannot_be_read_is_answered_and_ends_nothing() {
    let with = |path: &[&str], value: Value| {
        let mut event = event();
        let (last, above) = path.split_last().unwrap();
        above
            .iter()
            .fold(&mut event, |found, name| &mut found[*name])[*last] = value;
        event
    };
    let mut not_base64 = with(&["body"], json!("!"));
    not_base64["isBase64Encoded"] = json!(true);
    for (event, status, code) in [
        (
            with(&["headers", "x-a"], json!("\u{1}")),
            400,
            "unreadable_request",
        ),
        (
            with(&["headers", "x a"], json!("1")),
            400,
            "unreadable_request",
        ),
        (
            with(&["requestContext", "http", "method"], json!("G T")),
            400,
            "unreadable_request",
        ),
        (json!({}), 400, "unreadable_request"),
        (json!([]), 400, "unreadable_request"),
        (with(&["headers", "host"], json!("a b")), 400, "bad_host"),
        (
            with(&["rawQueryString"], json!("a".repeat(70_000))),
            414,
            "address_too_long",
        ),
        (not_base64, 400, "unreadable_body"),
    ] {
        let answer = answer(&event);
        assert_eq!(answer["statusCode"], status, "{answer}");
        assert_eq!(answer["headers"]["content-type"], "application/json");
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        assert_eq!(body["error"]["code"], code);
    }
}

#[test]
fn a_body_arrives_as_it_was_sent() {
    for (body, is_base64, expected) in [("e30=", true, &b"{}"[..]), ("{}", false, b"{}")] {
        let mut event = event();
        event["body"] = json!(body);
        event["isBase64Encoded"] = json!(is_base64);
        let request = read(serde_json::from_str(&event.to_string()).unwrap()).unwrap();
        let request: Request = LambdaRequest::ApiGatewayV2(request).into();
        assert_eq!(request.body().as_ref(), expected);
    }
}
