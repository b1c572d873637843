#!/usr/bin/env bash
# What the HTTP client of the AWS SDK for Rust says of a connection that a server closes instead of answering:
#
#   neither a time-out nor an error of input and output, but "other", with the kind TransientError.
#
# Whoever uses that client for something else than an SDK, and sorts its errors by is_timeout() and is_io(),
# as their names suggest, takes such an error for one that no second attempt cures. The crate object_store
# repeats a request by that sorting: with a connector made of this client, it gave up at the first connection
# that was closed. A refused connection is an error of input and output, as expected.
#
# Needs cargo and crates.io. Prints what it saw; ends with 1 when that is no longer so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"

cat > "$folder/Cargo.toml" <<'TOML'
[package]
name = "closed-connection"
version = "0.0.0"
edition = "2024"

[dependencies]
aws-smithy-http-client = { version = "=1.5.2", default-features = false, features = ["default-client", "rt-tokio"] }
aws-smithy-runtime-api = { version = "1", features = ["client", "http-1x"] }
aws-smithy-types = "1"
tokio = { version = "1", features = ["io-util", "macros", "net", "rt"] }
TOML

cat > "$folder/src/main.rs" <<'RUST'
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

async fn ask(address: &str) -> String {
    let connector = Connector::builder().build_http();
    let mut request = HttpRequest::empty();
    request.set_uri(format!("http://{address}/")).unwrap();
    let error = connector.call(request).await.unwrap_err();
    format!(
        "is_timeout {}, is_io {}, as_other {:?}",
        error.is_timeout(),
        error.is_io(),
        error.as_other()
    )
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        // The request has come: it may well have been worked on.
        connection.read(&mut [0; 1024]).await.unwrap();
    });
    println!("closed without an answer: {}", ask(&address).await);
    server.await.unwrap();
    println!("refused: {}", ask(&address).await);
}
RUST

seen=$(cargo run --quiet --manifest-path "$folder/Cargo.toml")
version=$(cargo tree --quiet --depth 1 --manifest-path "$folder/Cargo.toml" | grep -o 'aws-smithy-http-client v[0-9.]*')
printf '%s\n%s\n' "$version" "$seen"

expected='closed without an answer: is_timeout false, is_io false, as_other Some(TransientError)
refused: is_timeout false, is_io true, as_other None'
if [ "$seen" != "$expected" ]; then
    printf 'It used to be:\n%s\n' "$expected"
    exit 1
fi
