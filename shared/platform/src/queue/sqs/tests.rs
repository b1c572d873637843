use std::sync::{Arc, Mutex};

use aws_credential_types::Credentials;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_sdk_sqs::config::{BehaviorVersion, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use serde_json::{Value, json};

use super::*;
use crate::fault::Fault;
use crate::xray::TraceHeader;

/// SQS with one answer to everything.
#[derive(Debug, Clone)]
struct Service {
    status: u16,
    answer: String,
    /// The last request's body.
    asked: Arc<Mutex<Value>>,
}

impl HttpConnector for Service {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap();
        *self.asked.lock().unwrap() = serde_json::from_slice(body).unwrap();
        let status = self.status.try_into().unwrap();
        let answer = SdkBody::from(self.answer.as_str());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, answer)))
    }
}

impl Service {
    fn new(status: u16, answer: Value) -> Self {
        Self {
            status,
            answer: answer.to_string(),
            asked: Arc::default(),
        }
    }

    fn queue(&self) -> SqsQueue {
        let connector = SharedHttpConnector::new(self.clone());
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .retry_config(RetryConfig::disabled())
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        let url = "https://sqs.eu-west-1.amazonaws.com/000000000000/summarize";
        SqsQueue::new(Client::from_conf(config), url)
    }
}

#[tokio::test]
async fn a_message_carries_the_trace_that_it_was_sent_in() {
    // The SDK checks the body's MD5.
    let md5 = "478f3a4c51824ad23cb50c1c60670c0f";
    let sqs = Service::new(200, json!({"MessageId": "m", "MD5OfMessageBody": md5}));
    let trace = TraceHeader::parse("Root=1-a;Parent=b;Sampled=1");
    for (trace, attributes) in [
        (
            trace,
            json!({"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-a;Parent=b;Sampled=1"}}),
        ),
        (None, Value::Null),
    ] {
        let queue = sqs.queue();
        let send = queue.send("task".to_owned(), Duration::from_secs(3));
        xray::scope(trace, send).await.unwrap();
        let asked = sqs.asked.lock().unwrap();
        assert_eq!(asked["MessageSystemAttributes"], attributes);
        assert_eq!(asked["MessageBody"], "task");
        assert_eq!(asked["DelaySeconds"], 3);
    }
}

#[tokio::test]
async fn an_error_says_whether_it_passes() {
    for (status, code, error_type) in [
        (500, "InternalFailure", "queue.unavailable"),
        (400, "ThrottlingException", "queue.unavailable"),
        (400, "RequestThrottled", "queue.unavailable"),
        (
            400,
            "AWS.SimpleQueueService.NonExistentQueue",
            "queue.refused",
        ),
        (403, "AccessDenied", "queue.refused"),
    ] {
        let queue = Service::new(status, json!({"__type": code})).queue();
        let error = queue
            .send("task".to_owned(), Duration::ZERO)
            .await
            .unwrap_err();
        assert_eq!(error.error_type(), error_type, "{status} {code}");
        assert_eq!(error.is_transient(), error_type == "queue.unavailable");
    }
}

#[tokio::test]
async fn a_queue_says_what_stands_on_it_or_that_it_does_not() {
    let attributes = |value: Value| json!({ "Attributes": value });
    let said = json!({
        "ApproximateNumberOfMessages": "3", "ApproximateNumberOfMessagesNotVisible": "0",
    });
    let sqs = Service::new(200, attributes(said));
    let backlog = sqs.queue().backlog().await.unwrap();
    assert_eq!((backlog.waiting, backlog.in_hands), (3, 0));
    assert!(backlog.is_untaken());
    assert_eq!(
        sqs.asked.lock().unwrap()["AttributeNames"],
        json!([
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible"
        ])
    );

    for silent in [json!({}), json!({ "ApproximateNumberOfMessages": "3" })] {
        let queue = Service::new(200, attributes(silent)).queue();
        let error = queue.backlog().await.unwrap_err();
        assert_eq!(error.error_type(), "queue.silent");
    }
    let refusing = Service::new(403, json!({ "__type": "AccessDenied" })).queue();
    let error = refusing.backlog().await.unwrap_err();
    assert_eq!(error.error_type(), "queue.refused");
}
