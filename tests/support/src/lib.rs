//! For tests only: an embedded DynamoDB that counts what it is asked and what that would cost, and that fails
//! as the real one does.
//!
//! With `LOSE_ANSWERS=1` in the environment, the answer of every write's first attempt is lost, in every test
//! that uses this crate: a second net under the tests that nobody wrote with faults in mind. But for writes
//! that add to a number: those count twice.

#![allow(clippy::unwrap_used, reason = "tests")]

mod bucket;
mod calls;
mod elsewhere;
mod faults;
mod functions;
mod haste;
mod noise;
#[cfg(feature = "queue")]
mod queue;
#[cfg(feature = "stack")]
mod stack;
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
pub use functions::Function;
pub use noise::noise;
#[cfg(feature = "queue")]
pub use queue::FaultyQueue;
#[cfg(feature = "stack")]
pub use stack::{
    CLIENT_ID, CLIENT_SECRET, NOON, Organization, QueueName, RETENTION_DAYS, TABLE, TOKEN,
    TestQueues, TestStack, connection, environment, master_key, new_connection, problem, profile,
    provision, secrets,
};
pub use units::item_bytes;

use faults::Line;
use haste::Haste;

/// Whether the environment says that every write's first attempt loses its answer. For tests that are about
/// faults themselves, or count attempts: they have nothing to say then.
pub fn answers_are_lost() -> bool {
    static ARE_LOST: LazyLock<bool> =
        LazyLock::new(|| std::env::var("LOSE_ANSWERS").is_ok_and(|value| value == "1"));
    *ARE_LOST
}

/// A DynamoDB of its own in this process, empty, that is talked to over HTTP; and a view of what it is asked.
///
/// When `DYNAMODB_ENDPOINT` is set, it is an account of its own on that server, whose units may be wrong.
///
/// # Panics
/// When no port of the loopback can be had, and outside of a tokio runtime, whose end is the database's as
/// well.
pub async fn embedded_dynamodb() -> (Client, Calls) {
    let calls = Calls::default();
    let config = empty_dynamodb(calls.faults()).await;
    (viewed(config, &calls), calls)
}

/// One in a file, which is made when it is not there and outlives the process. It is always an embedded one.
///
/// # Panics
/// As [`embedded_dynamodb`], and when the file cannot be used.
pub async fn dynamodb_in(file: &Path) -> (Client, Calls) {
    let database = dynoxide::Database::new(file.to_str().unwrap()).unwrap();
    dynamodb_at(&listen(database).await)
}

/// The first without a view of what it is asked: for tests that ask so much that looking would take most of
/// their time.
///
/// # Panics
/// As [`embedded_dynamodb`].
pub async fn busy_dynamodb() -> Client {
    let config = empty_dynamodb(&Faults::default()).await;
    Client::from_conf(config.build())
}

/// The first with a client that hardly pauses before it repeats a call: for tests that lose thousands of
/// answers.
///
/// # Panics
/// As [`embedded_dynamodb`].
pub async fn hasty_dynamodb() -> (Client, Calls) {
    let calls = Calls::default();
    let config = empty_dynamodb(calls.faults()).await.sleep_impl(Haste);
    (viewed(config, &calls), calls)
}

/// A DynamoDB of its own in this process, empty, for clients of other processes; where it is.
///
/// # Panics
/// As [`embedded_dynamodb`].
pub async fn served_dynamodb() -> String {
    listen(dynoxide::Database::memory().unwrap()).await
}

/// The configuration of a client of a database that is empty and nobody else's.
async fn empty_dynamodb(faults: &Faults) -> config::Builder {
    match elsewhere::empty_account(faults) {
        Some(config) => config,
        None => config(&listen(dynoxide::Database::memory().unwrap()).await, faults),
    }
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
    (viewed(config(endpoint, calls.faults()), &calls), calls)
}

fn viewed(config: config::Builder, calls: &Calls) -> Client {
    Client::from_conf(config.interceptor(calls.clone()).build())
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
    // All clients of a process share what the SDK allows for repetitions: what one test loses, no other has
    // to do without.
    let partition = RetryPartition::custom("tests").token_bucket(TokenBucket::unlimited());
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .retry_partition(partition.build())
        .endpoint_url(endpoint)
        .http_client(SharedHttpClient::new(line))
        .retry_config(retries)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "test"));
    match answers_are_lost() {
        // Every write is sent twice, and nobody learns anything from the pause in between.
        true => config.sleep_impl(Haste),
        false => config,
    }
}
