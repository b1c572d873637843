//! The console lines and requests of one chunk, for those who look for the cause.
//!
//! What is told passes the same rules as the summary: no query, no secret by its form, all of it bounded.

use hashbrown::HashSet;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::wording::Wording;
use super::{LoggedError, method, problem_of, text};
use crate::chunk::Item;
use crate::definitions::{MAX_LOG_ENTRIES, MAX_PASSAGE_CHARS};
use crate::error::ChunkError;
use crate::event::{self, Body, Event, Level, LogLine, Outcome, Parsed, Request};
use crate::fingerprint::{Fingerprint, stack};
use crate::json::Cursor;
use crate::moment::MomentKind;
use crate::{privacy, recorders};

/// What a chunk tells of the console and the network.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// In the order of time; at most [`crate::definitions::MAX_LOG_ENTRIES`].
    pub lines: Vec<Line>,
    /// In the order in which they began; at most as many.
    pub requests: Vec<LoggedRequest>,
    /// Whether all of it is told.
    #[serde(rename = "complete")]
    pub is_complete: bool,
}

/// One line of the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Milliseconds since 1970, by the visitor's clock.
    pub at: i64,
    /// How grave it is.
    pub level: LineLevel,
    /// Nobody caught it: the page's code broke.
    #[serde(rename = "thrown", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_thrown: bool,
    /// What was said, scrubbed; at most [`crate::definitions::MAX_PASSAGE_CHARS`] characters.
    pub text: String,
    /// The calls that led to it, the latest first, where the recorder tells them.
    pub stack: Vec<String>,
    /// The problem that an error is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
}

/// The levels of a console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The names are the documentation.
pub enum LineLevel {
    Error,
    Warn,
    Info,
    Log,
    Debug,
}

impl LineLevel {
    fn parse(level: &str) -> Self {
        match level {
            "error" | "assert" | "fatal" => Self::Error,
            "warn" | "warning" => Self::Warn,
            "info" => Self::Info,
            "debug" | "trace" => Self::Debug,
            _ => Self::Log,
        }
    }
}

/// One request of the page that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedRequest {
    /// When it began: milliseconds since 1970, by the visitor's clock.
    pub at: i64,
    /// Where the recorder tells it.
    pub method: Option<String>,
    /// Without query and fragment.
    pub url: String,
    /// Of the answer; `None` where there was none, or none that the recorder saw.
    pub status: Option<u16>,
    /// Milliseconds; `None` where the recorder does not tell it.
    pub duration_ms: Option<u64>,
    /// What became of it.
    pub outcome: RequestOutcome,
    /// The problem that a failed one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<Fingerprint>,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestOutcome {
    /// It was answered, or nobody waited for an answer.
    Ok,
    /// The server refused it: 400 and up.
    Refused,
    /// There was no answer.
    Unanswered,
    /// The recorder does not see how it ended.
    Unknown,
}

/// Reads what a chunk tells of the console and the network; its payload as it was stored.
///
/// # Errors
/// When the payload is not a list of rrweb events in one of the accepted encodings.
pub fn read_log(payload: &[u8]) -> Result<Log, ChunkError> {
    let mut reader = Reader {
        log: Log {
            is_complete: true,
            ..Log::default()
        },
        ..Reader::default()
    };
    recorders::read(payload, &mut |item| match &item {
        Item::Plain { text, event } => reader.event(text, event),
        Item::Unpacked { text, .. } => {
            if let Ok(Parsed::Event(event)) = event::parse(&mut Cursor::new(text)) {
                reader.event(text, &event);
            }
        }
    })?;
    let mut log = reader.log;
    log.lines.sort_by_key(|line| line.at);
    log.requests.sort_by_key(|request| request.at);
    Ok(log)
}

#[derive(Default)]
struct Reader {
    log: Log,
    wording: Wording,
    /// Events that were read: a buffer may be sent twice.
    read: HashSet<u64>,
}

impl Reader {
    fn event(&mut self, json: &str, event: &Event<'_>) {
        match &event.body {
            Body::Context(context) => {
                if let Some(user_agent) = &context.user_agent {
                    self.wording.browser(user_agent);
                }
            }
            Body::Log(line) if self.is_new(json) => self.line(event.at, json, line),
            Body::Requests(requests) if self.is_new(json) => {
                for request in requests {
                    if self.log.requests.len() == MAX_LOG_ENTRIES {
                        self.log.is_complete = false;
                        break;
                    }
                    self.log.requests.push(logged(request));
                }
            }
            _ => {}
        }
    }

    fn is_new(&mut self, json: &str) -> bool {
        self.read.insert(xxh3_64(json.as_bytes()))
    }

    fn line(&mut self, at: i64, json: &str, line: &LogLine<'_>) {
        if line.level == Level::Warning && self.wording.takes_recorders_own(line) {
            return;
        }
        if self.log.lines.len() == MAX_LOG_ENTRIES {
            self.log.is_complete = false;
            return;
        }
        let error =
            (line.level == Level::Error).then(|| LoggedError::read(&mut self.wording, line));
        let is_thrown = error
            .as_ref()
            .is_some_and(|error| error.kind == MomentKind::JsError);
        let fingerprint = error.as_ref().map(|error| error.fingerprint(line));
        let said = error.map_or_else(|| text(line), |error| error.text);
        let told = event::line_details(json);
        self.log.lines.push(Line {
            at,
            level: LineLevel::parse(&told.level),
            is_thrown,
            text: privacy::passage(&said, MAX_PASSAGE_CHARS),
            stack: told
                .frames
                .iter()
                .map(|frame| stack::shown(frame))
                .collect(),
            fingerprint,
        });
    }
}

fn logged(request: &Request<'_>) -> LoggedRequest {
    let outcome = match request.outcome() {
        Outcome::Fine => RequestOutcome::Ok,
        Outcome::Refused => RequestOutcome::Refused,
        Outcome::Unanswered => RequestOutcome::Unanswered,
        Outcome::Unseen => RequestOutcome::Unknown,
    };
    let has_failed = matches!(
        outcome,
        RequestOutcome::Refused | RequestOutcome::Unanswered
    );
    let url = privacy::url(&request.url);
    let method = request.method.as_deref().map(method);
    let lasted = request.ended_at - request.started_at;
    LoggedRequest {
        at: request.started_at,
        status: request.status.filter(|status| *status != 0),
        duration_ms: request.is_timed.then(|| lasted.max(0).cast_unsigned()),
        outcome,
        fingerprint: has_failed.then(|| problem_of(request, &url)),
        method: method.map(str::to_owned),
        url,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(events: &serde_json::Value) -> Log {
        read_log(events.to_string().as_bytes()).unwrap()
    }

    fn console(at: i64, level: &str, said: &[&str], frames: &[&str]) -> serde_json::Value {
        let said: Vec<String> = said.iter().map(|said| format!("{said:?}")).collect();
        serde_json::json!({"type": 6, "timestamp": at, "data": {"plugin": "rrweb/console@1",
            "payload": {"level": level, "trace": frames, "payload": said}}})
    }

    #[test]
    fn lines_have_their_level_text_stack_and_problem() {
        let frames = [
            "applyCoupon (https://shop.example/js/cart.js?v=17:30:2)",
            "https://jane:pw@shop.example/js/page.js#top:1:2",
            "Array.forEach (<anonymous>)",
        ];
        let events = serde_json::json!([
            console(
                2_000,
                "error",
                &["Uncaught TypeError: coupon.apply is not a function"],
                &frames
            ),
            console(
                1_000,
                "warn",
                &["old", "jane.doe@shop.example", "token=s3cret-s3cret"],
                &[]
            ),
            console(3_000, "info", &["first\nsecond"], &[]),
            console(3_000, "info", &["first\nsecond"], &[]),
            console(4_000, "warn", &["[console-record-plugin]: no"], &[]),
        ]);
        let log = log(&events);
        let told: Vec<_> = log
            .lines
            .iter()
            .map(|line| (line.at, line.level, line.is_thrown, line.text.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (1_000, LineLevel::Warn, false, "old […] token=[…]"),
                (
                    2_000,
                    LineLevel::Error,
                    true,
                    "TypeError: coupon.apply is not a function"
                ),
                (3_000, LineLevel::Info, false, "first\nsecond"),
            ]
        );
        assert_eq!(
            log.lines[1].stack,
            [
                "applyCoupon (https://shop.example/js/cart.js:30:2)",
                "https://shop.example/js/page.js:1:2",
                "Array.forEach (<anonymous>)",
            ]
        );
        let summary = crate::summarize(events.to_string().as_bytes())
            .unwrap()
            .unwrap();
        assert_eq!(
            log.lines[1].fingerprint,
            Some(summary.problems[0].fingerprint)
        );
        assert_eq!(log.lines[0].fingerprint, None);
        assert!(log.is_complete);
    }

    #[test]
    fn requests_have_their_status_time_and_outcome_and_no_query() {
        let request = |url: &str, status: u16, start: u64, end: u64| {
            serde_json::json!({"name": url, "method": "POST", "status": status,
                "initiatorType": "fetch", "entryType": "resource", "startTime": start,
                "endTime": end, "duration": end - start})
        };
        let (at, plugin) = (1_795_000_000_000_i64, "rrweb/network@1");
        let events = serde_json::json!([{"type": 6, "timestamp": at, "data": {"plugin": plugin,
            "payload": {"requests": [
                request("https://shop.example/api/orders/17?token=abc", 503, 100, 350),
                request("https://shop.example/api/cart", 200, 100, 110)]}}}]);
        let log = log(&events);
        let told: Vec<_> = log
            .requests
            .iter()
            .map(|told| {
                (
                    told.at - at,
                    told.url.as_str(),
                    told.status,
                    told.duration_ms,
                    told.outcome,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    -250,
                    "https://shop.example/api/orders/17",
                    Some(503),
                    Some(250),
                    RequestOutcome::Refused
                ),
                (
                    -10,
                    "https://shop.example/api/cart",
                    Some(200),
                    Some(10),
                    RequestOutcome::Ok
                ),
            ]
        );
        let summary = crate::summarize(events.to_string().as_bytes())
            .unwrap()
            .unwrap();
        assert_eq!(
            log.requests[0].fingerprint,
            Some(summary.problems[0].fingerprint)
        );
        assert_eq!(log.requests[1].fingerprint, None);
    }

    #[test]
    fn a_chunk_that_logs_without_end_is_cut() {
        let lines = (0..MAX_LOG_ENTRIES as i64 + 5).map(|at| console(at, "error", &["a"], &[]));
        let log = log(&serde_json::Value::Array(lines.collect()));
        assert_eq!((log.lines.len(), log.is_complete), (MAX_LOG_ENTRIES, false));
    }
}
