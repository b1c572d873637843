//! Messages of a queue, as its event source mapping hands them over and takes them back
//! (<https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

/// A message that was received from a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The queue's id of it.
    pub id: String,
    /// What was sent.
    pub body: String,
    /// How often it has been received, this time included.
    pub receive_count: u32,
    /// Further system attributes, such as `AWSTraceHeader` and `MessageGroupId`.
    pub attributes: BTreeMap<String, String>,
}

/// The event of a batch that is received from a queue at `now`.
pub fn sqs(queue_arn: &str, batch: &[Message], now: Timestamp) -> Value {
    let region = queue_arn.split(':').nth(3).unwrap_or_default();
    let record = |message: &Message| {
        let milliseconds = now.as_millisecond().to_string();
        let mut attributes = json!({
            "ApproximateReceiveCount": message.receive_count.to_string(),
            "SentTimestamp": milliseconds,
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": milliseconds,
        });
        for (name, value) in &message.attributes {
            attributes[name] = json!(value);
        }
        json!({
            "messageId": message.id,
            "receiptHandle": format!("receipt-{}", message.id),
            "body": message.body,
            "attributes": attributes,
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": queue_arn,
            "awsRegion": region,
        })
    };
    json!({ "Records": batch.iter().map(record).collect::<Vec<_>>() })
}

/// Ids of the messages that stay in the queue after a function with `ReportBatchItemFailures` has answered.
///
/// The others are deleted. An answer that names a message of another batch, or is no list of failures, fails
/// the whole batch.
pub fn failed_messages<'batch>(answer: &[u8], batch: &'batch [Message]) -> Vec<&'batch str> {
    let ids = batch.iter().map(|message| message.id.as_str());
    let Ok(answer) = serde_json::from_slice::<Option<Answer>>(answer) else {
        return ids.collect();
    };
    let failures = answer.and_then(|answer| answer.batch_item_failures);
    let failures = failures.unwrap_or_default();
    let failed = |id: &&str| {
        failures
            .iter()
            .any(|failure| failure.item_identifier == *id)
    };
    let named: Vec<_> = ids.clone().filter(failed).collect();
    let all_known = failures
        .iter()
        .all(|failure| named.contains(&failure.item_identifier.as_str()));
    if all_known { named } else { ids.collect() }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    batch_item_failures: Option<Vec<Failure>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    item_identifier: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Vec<Message> {
        let message = |id: &str| Message {
            id: id.to_owned(),
            body: format!("body of {id}"),
            receive_count: 2,
            attributes: BTreeMap::from([("AWSTraceHeader".to_owned(), "Root=1-2-3".to_owned())]),
        };
        vec![message("a"), message("b")]
    }

    #[test]
    fn a_batch_becomes_an_event() {
        let now = "2026-11-20T10:15:02Z".parse().unwrap();
        let event = sqs("arn:aws:sqs:eu-west-1:1:q", &batch(), now);
        let record = &event["Records"][1];
        assert_eq!(record["messageId"], "b");
        assert_eq!(record["body"], "body of b");
        assert_eq!(record["awsRegion"], "eu-west-1");
        assert_eq!(record["attributes"]["ApproximateReceiveCount"], "2");
        assert_eq!(record["attributes"]["AWSTraceHeader"], "Root=1-2-3");
    }

    #[test]
    fn an_answer_says_which_messages_stay() {
        let all = &["a", "b"][..];
        for (answer, stay) in [
            ("null", &[][..]),
            ("{}", &[]),
            (r#"{"batchItemFailures":null}"#, &[]),
            (r#"{"batchItemFailures":[]}"#, &[]),
            (r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#, &["b"]),
            (r#"{"batchItemFailures":[{"itemIdentifier":"z"}]}"#, all),
            (r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, all),
            (r#"{"batchItemFailures":[{}]}"#, all),
            ("nonsense", all),
            ("", all),
        ] {
            assert_eq!(
                failed_messages(answer.as_bytes(), &batch()),
                stay,
                "{answer}"
            );
        }
    }
}
