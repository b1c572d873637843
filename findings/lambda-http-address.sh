#!/usr/bin/env bash
# What the public crate lambda_http does with addresses and headers that are valid, seen from outside of this
# project:
#
#   1. of a header that an answer sets twice, Lambda gets the first value alone (a comment in the crate says
#      that they are combined by commas);
#   2. segments of dots in `rawPath` are gone through before the function sees the path, encoded ones too: the
#      address that a function reads need not be the one that was asked for, nor the one in the extension
#      RawHttpPath;
#   3. values of Set-Cookie are not lost: they go into a list of their own.
#
# In words alone: some of what function URLs hand on ends an invocation in the crate, before the function's
# own code (aws-lambda-web-adapter, issue 491, tells of one case).
#
# Needs cargo and crates.io. Prints what it saw; ends with 1 when that is no longer so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"

cat > "$folder/Cargo.toml" <<'TOML'
[package]
name = "lambda-http-address"
version = "0.0.0"
edition = "2024"

[dependencies]
futures = { version = "0.3", default-features = false, features = ["executor"] }
http = "=1.5.0"
lambda_http = { version = "=1.3.2", default-features = false, features = ["apigw_http"] }
serde_json = "1"
TOML

cat > "$folder/src/main.rs" <<'RUST'
use std::convert::Infallible;

use http::header::{SET_COOKIE, VARY};
use http::{HeaderValue, Response};
use lambda_http::ext::RequestExt;
use lambda_http::request::LambdaRequest;
use lambda_http::{Adapter, Body, Context, LambdaEvent, Request, Service, service_fn};
use serde_json::{Value, json};

/// What Lambda would get for a GET of a path.
fn answer(path: &str) -> Value {
    let event = json!({
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "a=b",
        "headers": { "host": "id.lambda-url.us-east-1.on.aws", "x-forwarded-proto": "https" },
        "requestContext": { "http": { "method": "GET", "path": path }, "stage": "$default" },
        "isBase64Encoded": false,
    });
    let handler = service_fn(async |request: Request| {
        let seen = format!("{} {}", request.uri().path(), request.raw_http_path());
        let mut response = Response::new(Body::Text(seen));
        for (name, value) in [(VARY, "origin"), (VARY, "cookie"), (SET_COOKIE, "a=1"), (SET_COOKIE, "b=2")] {
            response.headers_mut().append(name, HeaderValue::from_static(value));
        }
        Ok::<_, Infallible>(response)
    });
    let request: LambdaRequest = serde_json::from_str(&event.to_string()).unwrap();
    let answer = Adapter::from(handler).call(LambdaEvent::new(request, Context::default()));
    serde_json::to_value(futures::executor::block_on(answer).unwrap()).unwrap()
}

fn main() {
    let plain = answer("/public/page");
    let dots = answer("/public/../private");
    let encoded = answer("/public/%2e%2E/private");
    let mut is_so = true;
    for (what, found, expected) in [
        ("vary: origin, then vary: cookie", &plain["headers"]["vary"], json!("origin")),
        ("multiValueHeaders", &plain["multiValueHeaders"], json!({})),
        ("two cookies", &plain["cookies"], json!(["a=1", "b=2"])),
        ("/public/page", &plain["body"], json!("/public/page /public/page")),
        ("/public/../private", &dots["body"], json!("/private /public/../private")),
        ("/public/%2e%2E/private", &encoded["body"], json!("/private /public/%2e%2E/private")),
    ] {
        println!("{what}\n    becomes {found}");
        if *found != expected {
            println!("    which is NEW: it was {expected}");
            is_so = false;
        }
    }
    if !is_so {
        std::process::exit(1);
    }
}
RUST

cd "$folder"
cargo run --quiet --target-dir "$folder/target"
echo "with $(cargo tree --quiet --depth 1 --prefix none | grep -E '^(lambda_http|http) ' | tr '\n' ' ')"
