use serde_json::{Value, json};

use super::*;
use crate::aws::json_service::tests::Fake;
use crate::fault::Fault;

fn queue(sqs: &Fake) -> SqsQueue {
    let url = "https://sqs.eu-west-1.amazonaws.com/000000000000/summarize";
    SqsQueue::new(sqs.service(SqsQueue::PROTOCOL), url)
}

#[tokio::test]
async fn a_message_carries_the_trace_that_it_was_sent_in() {
    let sqs = Fake::new([Some((200, json!({"MessageId": "m"})))]);
    let trace = TraceHeader::parse("Root=1-a;Parent=b;Sampled=1");
    for (trace, attributes) in [
        (
            trace,
            json!({"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-a;Parent=b;Sampled=1"}}),
        ),
        (None, Value::Null),
    ] {
        let queue = queue(&sqs);
        let send = queue.send("task".to_owned(), Duration::from_secs(3));
        xray::scope(trace, send).await.unwrap();
        let (_, asked) = sqs.asked.lock().unwrap().pop().unwrap();
        assert_eq!(asked["MessageSystemAttributes"], attributes);
        assert_eq!(asked["MessageBody"], "task");
        assert_eq!(asked["DelaySeconds"], 3);
    }
}

#[tokio::test(start_paused = true)]
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
        let sqs = Fake::new([Some((status, json!({"__type": code})))]);
        let error = queue(&sqs)
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
    let sqs = Fake::new([Some((200, attributes(said)))]);
    let backlog = queue(&sqs).backlog().await.unwrap();
    assert_eq!((backlog.waiting, backlog.in_hands), (3, 0));
    assert!(backlog.is_untaken());
    let (_, asked) = sqs.asked.lock().unwrap().pop().unwrap();
    assert_eq!(
        asked["AttributeNames"],
        json!([
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible"
        ])
    );

    for silent in [json!({}), json!({ "ApproximateNumberOfMessages": "3" })] {
        let sqs = Fake::new([Some((200, attributes(silent)))]);
        let error = queue(&sqs).backlog().await.unwrap_err();
        assert_eq!(error.error_type(), "queue.silent");
    }
    let refusing = Fake::new([Some((403, json!({ "__type": "AccessDenied" })))]);
    let error = queue(&refusing).backlog().await.unwrap_err();
    assert_eq!(error.error_type(), "queue.refused");
}
