//! How many events a second `collect` takes on one core, in batches of 100: from the bytes of a request
//! to its answer. Keys, reading, sealing, the rows as DynamoDB's client sends them, the messages: all is
//! done but for what DynamoDB and SQS do themselves.
//!
//! Prints a table, and writes rows of `{"name","value","unit","baseline","ratio"}` to the file that
//! `BENCH_JSON` names.

#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark that cannot run stops"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use collect::{PublicAddress, State};
use lambda_http::Body;
use lambda_http::http::{Method, Request};
use outbox::Outbox;
use platform::queue::{Queue, QueueError};
use report::Row;
use serde_json::json;
use test_support::{TABLE, TestStack, master_key};

/// Events of a batch.
const BATCH: usize = 100;
/// What is asked of it, events a second.
const WANTED: f64 = 20_000.0;
/// Measuring goes on for this long.
const MEASURED: Duration = Duration::from_secs(5);
/// Rounds until caches are warm.
const WARM_UP: usize = 20;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let stack = TestStack::start().await;
    let organization = stack.organization("shop").await;
    let rows = without_writes(&stack.table);
    let state = State::new(
        stack.store.clone(),
        Outbox::new(&rows, TABLE, master_key()),
        Arc::new(Nowhere),
        PublicAddress::local(),
        stack.clock.clone(),
    );
    let limits = [("BROWSER_EVENTS_A_MINUTE", "4000000000")];
    let limits = api::quotas::Limits::DEFAULT.with_events_of(&limits.into_iter().collect());
    let state = state.with_limits(limits.unwrap());
    let (people, everybody) = (batch(BATCH), batch(10));
    let mut published = Vec::new();
    for (name, body) in [("of 100 people", people), ("of 10 people", everybody)] {
        for _ in 0..WARM_UP {
            send(&state, &organization.write_key, &body).await;
        }
        let (started, mut batches) = (Instant::now(), 0);
        while started.elapsed() < MEASURED {
            send(&state, &organization.write_key, &body).await;
            batches += 1;
        }
        #[allow(clippy::cast_precision_loss)]
        let value = (batches * BATCH) as f64 / started.elapsed().as_secs_f64();
        published.push(Row {
            name: format!("collect, batches of 100 events {name}"),
            value,
            unit: "events/s",
            baseline: "what is asked of it".to_owned(),
            baseline_value: WANTED,
        });
    }
    report::publish(&published);
}

async fn send(state: &State, key: &str, body: &[u8]) {
    let request = Request::builder()
        .method(Method::POST)
        .uri("https://api.example/v1/batch")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {key}"))
        .body(Body::Binary(body.to_vec()))
        .unwrap();
    let answer = collect::handle(state, request).await;
    assert_eq!(answer.status(), 200);
}

/// What a server's client sends of an order, of so many people in turn.
fn batch(people: usize) -> Vec<u8> {
    let events = (0..BATCH).map(|number| {
        json!({
            "type": "track",
            "event": "Order Completed",
            "messageId": format!("node-next-1795215922878-a458d669-3729-4cbc-a269-{number:012}"),
            "userId": format!("u-{}", number % people),
            "timestamp": "2026-11-20T10:15:00.000Z",
            "integrations": {},
            "properties": {
                "orderId": format!("o-{number}"), "revenue": 49.9, "currency": "EUR", "coupon": "SPRING",
                "products": [{"sku": "k-1", "price": 19.95, "quantity": 2}, {"sku": "k-2", "price": 10}],
                "shippedAt": "2026-11-20T10:15:00.000Z", "isGift": false, "note": "Leave it at the door",
            },
            "context": {"library": {"name": "@segment/analytics-node", "version": "3.1.0"}, "ip": "203.0.113.7"},
            "_metadata": {"nodeVersion": "v20.20.2", "jsRuntime": "node"},
        })
    });
    let batch: Vec<_> = events.collect();
    json!({"batch": batch, "sentAt": "2026-11-20T10:15:01.000Z"})
        .to_string()
        .into_bytes()
}

/// A queue that takes everything.
struct Nowhere;

#[async_trait]
impl Queue for Nowhere {
    async fn send(&self, _: String, _: Duration) -> Result<(), QueueError> {
        Ok(())
    }
}

/// The same table, whose batches of rows are taken and forgotten.
fn without_writes(table: &Client) -> Client {
    let config = table.config();
    let inner = config.http_client().unwrap();
    let config = config
        .to_builder()
        .http_client(SharedHttpClient::new(Line(inner)));
    Client::from_conf(config.build())
}

#[derive(Debug)]
struct Line<T>(T);

impl HttpClient for Line<SharedHttpClient> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Line(self.0.http_connector(settings, components)))
    }
}

impl HttpConnector for Line<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        if target.ends_with("BatchWriteItem") {
            let taken = SdkBody::from(r#"{"UnprocessedItems":{}}"#);
            return HttpConnectorFuture::ready(Ok(HttpResponse::new(
                200.try_into().unwrap(),
                taken,
            )));
        }
        self.0.call(request)
    }
}
