//! What Lambda does between a queue and a function: the event source mapping.

use std::collections::BTreeMap;
use std::time::Duration;

use runtime_api::events::Message;
use serde_json::{Value, json};

use crate::created::QueueDescription;
use crate::emulator::Emulator;
use crate::function::Function;

/// Longer than a message of ours is ever delayed while its session goes on.
const PATIENCE: u64 = 6;

/// Serves what is on the function's queues, waiting for a first message on each; answers how many messages
/// were done, those left out that were sent once more only because an answer was lost. What failed stays in
/// its queue and can be received again at once.
pub(crate) async fn serve(function: &mut Function) -> usize {
    let mut done = 0;
    for queue in function.description.queues.clone() {
        done += serve_queue(function, &queue).await;
    }
    done
}

/// The same of one of its queues.
pub(crate) async fn serve_queue(function: &mut Function, queue: &QueueDescription) -> usize {
    let aws = function.aws();
    let mut done = 0;
    let mut wait = PATIENCE;
    loop {
        let received = receive(&aws, &queue.url, queue.batch_size, wait).await;
        if received.is_empty() {
            return done;
        }
        let batch: Vec<Message> = received
            .iter()
            .map(|(message, _)| message.clone())
            .collect();
        let failed = function.work(&queue.url, &batch);
        for (message, receipt) in received {
            if failed.contains(&message.id) {
                let again = json!({ "QueueUrl": queue.url, "ReceiptHandle": receipt, "VisibilityTimeout": 0 });
                // In service the visibility timeout passes instead.
                function
                    .outside
                    .call("AmazonSQS.ChangeMessageVisibility", &again)
                    .await;
            } else {
                let delete = json!({ "QueueUrl": queue.url, "ReceiptHandle": receipt });
                aws.call("AmazonSQS.DeleteMessage", &delete).await;
                done += usize::from(!function.faults.is_copy(&message.id));
            }
        }
        wait = 0;
    }
}

/// The bodies of the messages in a queue.
pub(crate) async fn bodies(aws: &Emulator, url: &str) -> Vec<String> {
    let received = receive(aws, url, 10, 0).await;
    received
        .into_iter()
        .map(|(message, _)| message.body)
        .collect()
}

/// Messages with their receipts; waits so many seconds for a first one.
async fn receive(aws: &Emulator, url: &str, batch: usize, seconds: u64) -> Vec<(Message, String)> {
    let request =
        json!({ "QueueUrl": url, "MaxNumberOfMessages": batch, "AttributeNames": ["All"] });
    for _ in 0..=seconds * 10 {
        let answer = aws.call("AmazonSQS.ReceiveMessage", &request).await;
        if let Some(messages) = answer["Messages"]
            .as_array()
            .filter(|messages| !messages.is_empty())
        {
            return messages.iter().map(read).collect();
        }
        if seconds > 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    Vec::new()
}

fn read(message: &Value) -> (Message, String) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let attributes = message["Attributes"].as_object().unwrap();
    let attributes: BTreeMap<String, String> = attributes
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    let message_read = Message {
        id: text(&message["MessageId"]),
        body: text(&message["Body"]),
        receive_count: attributes["ApproximateReceiveCount"].parse().unwrap(),
        attributes,
    };
    (message_read, text(&message["ReceiptHandle"]))
}
