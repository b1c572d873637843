//! What a function is invoked with that has a queue and a schedule.

use aws_lambda_events::event::sqs::SqsEvent;
use serde::Deserialize;

/// An invocation by its queue, or by its schedule.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum QueueOrSchedule {
    /// A batch of messages.
    Queue(SqsEvent),
    /// The time has come.
    Schedule(Scheduled),
}

/// An event of a schedule, of which nothing matters but that it comes.
#[derive(Debug, Deserialize)]
pub struct Scheduled {
    #[serde(rename = "source")]
    _source: Source,
}

#[derive(Debug, Deserialize)]
enum Source {
    #[serde(rename = "aws.events")]
    Events,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_and_the_queue_are_told_apart() {
        let read = |text: &str| serde_json::from_str::<QueueOrSchedule>(text);
        let scheduled = r#"{"version":"0","id":"7bf73129","detail-type":"Scheduled Event","source":"aws.events",
            "account":"123456789012","time":"2026-11-20T12:00:00Z","region":"us-east-1","resources":[],"detail":{}}"#;
        assert!(matches!(read(scheduled), Ok(QueueOrSchedule::Schedule(_))));
        let queued = r#"{"Records":[{"messageId":"1","body":"{}","eventSource":"aws:sqs"}]}"#;
        assert!(matches!(read(queued), Ok(QueueOrSchedule::Queue(_))));
        for text in ["{}", r#"{"source":"aws.s3"}"#, "[]"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
