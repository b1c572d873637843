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

#[tokio::test]
async fn several_messages_go_in_tens_and_what_was_not_taken_goes_once_more() {
    let first = json!({"Successful": [], "Failed": [{"Id": "3", "SenderFault": false}]});
    let single = json!({"MessageId": "m"});
    let sqs = Fake::new([
        Some((200, first)),
        Some((200, single.clone())),
        Some((200, json!({"Successful": []}))),
    ]);
    let bodies: Vec<_> = (0..12).map(|number| format!("task {number}")).collect();
    let queue = queue(&sqs);
    queue.send_all(bodies, Duration::ZERO).await.unwrap();
    let asked = std::mem::take(&mut *sqs.asked.lock().unwrap());
    let told = |(_, asked): &(_, Value)| match asked["Entries"].as_array() {
        Some(entries) => entries
            .iter()
            .map(|entry| entry["MessageBody"].clone())
            .collect(),
        None => vec![asked["MessageBody"].clone()],
    };
    let mut told: Vec<_> = asked.iter().flat_map(told).collect();
    told.sort_by_key(ToString::to_string);
    let mut expected: Vec<_> = (0..12)
        .map(|number| json!(format!("task {number}")))
        .collect();
    expected.push(json!("task 3"));
    expected.sort_by_key(ToString::to_string);
    assert_eq!((asked.len(), told), (3, expected));

    let alone = Fake::new([Some((200, single))]);
    let queue = self::queue(&alone);
    queue
        .send_all(vec!["task".to_owned()], Duration::ZERO)
        .await
        .unwrap();
    let (_, asked) = alone.asked.lock().unwrap().pop().unwrap();
    assert_eq!(asked["MessageBody"], "task");
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
