//! For tests only: an embedded DynamoDB that counts what it is asked and what that would cost, and that fails as the
//! real one does.
//!
//! With `LOSE_ANSWERS=1` in the environment, the answer of every write's first attempt is lost, in every test that uses
//! this crate: a second net under the tests that nobody wrote with faults in mind.

#![allow(clippy::unwrap_used, reason = "tests")]

mod bucket;
mod calls;
mod faults;
mod haste;
#[cfg(feature = "queue")]
mod queue;
mod units;

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_sdk_dynamodb::config::{self, BehaviorVersion, Config, Credentials, Region};
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

pub use bucket::FaultyBucket;
pub use calls::{Calls, Usage};
pub use faults::{Faults, Loss, Refusal};
#[cfg(feature = "queue")]
pub use queue::FaultyQueue;
pub use units::item_bytes;

use faults::Line;
use haste::Haste;

/// Whether the environment says that every write's first attempt loses its answer. For tests that are about faults
/// themselves, or count attempts: they have nothing to say then.
pub fn answers_are_lost() -> bool {
    static ARE_LOST: LazyLock<bool> =
        LazyLock::new(|| std::env::var("LOSE_ANSWERS").is_ok_and(|value| value == "1"));
    *ARE_LOST
}

/// A DynamoDB of its own in this process, empty, that is talked to over HTTP; and a view of what it is asked.
///
/// # Panics
/// When no port of the loopback can be had, and outside of a tokio runtime, whose end is the database's as well.
pub async fn embedded_dynamodb() -> (Client, Calls) {
    serve(dynoxide::Database::memory().unwrap()).await
}

/// The same in a file, which is made when it is not there and outlives the process.
///
/// # Panics
/// As [`embedded_dynamodb`], and when the file cannot be used.
pub async fn dynamodb_in(file: &Path) -> (Client, Calls) {
    serve(dynoxide::Database::new(file.to_str().unwrap()).unwrap()).await
}

/// The first without a view of what it is asked: for tests that ask so much that looking would take most of their time.
///
/// # Panics
/// As [`embedded_dynamodb`].
pub async fn busy_dynamodb() -> Client {
    let endpoint = listen(dynoxide::Database::memory().unwrap()).await;
    client(&endpoint, &Faults::default())
}

/// The first with a client that hardly pauses before it repeats a call: for tests that lose thousands of answers.
///
/// # Panics
/// As [`embedded_dynamodb`].
pub async fn hasty_dynamodb() -> (Client, Calls) {
    let endpoint = listen(dynoxide::Database::memory().unwrap()).await;
    let calls = Calls::default();
    let config = config(&endpoint, calls.faults()).sleep_impl(Haste);
    let config = config.interceptor(calls.clone());
    (Client::from_conf(config.build()), calls)
}

async fn serve(database: dynoxide::Database) -> (Client, Calls) {
    dynamodb_at(&listen(database).await)
}

/// Serves a database, and says where.
async fn listen(database: dynoxide::Database) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    format!("http://{address}")
}

/// A client of whatever is at an address, with a view of what it asks.
pub fn dynamodb_at(endpoint: &str) -> (Client, Calls) {
    let calls = Calls::default();
    let config = config(endpoint, calls.faults()).interceptor(calls.clone());
    (Client::from_conf(config.build()), calls)
}

fn client(endpoint: &str, faults: &Faults) -> Client {
    Client::from_conf(config(endpoint, faults).build())
}

fn config(endpoint: &str, faults: &Faults) -> config::Builder {
    let line = Line::new(Builder::new().build_http(), faults.clone());
    // As many attempts as the product makes, without its pauses: nobody is in the way here.
    let retries = RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(Duration::from_millis(1));
    // All clients of a process share what the SDK allows for repetitions: what one test loses, no other has to do without.
    let partition = RetryPartition::custom("tests").token_bucket(TokenBucket::unlimited());
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .retry_partition(partition.build())
        .endpoint_url(endpoint)
        .http_client(SharedHttpClient::new(line))
        .retry_config(retries)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
}
