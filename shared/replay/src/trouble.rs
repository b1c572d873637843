//! Errors, warnings and failed requests: what went wrong on the page.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::definitions::MAX_DISTINCT_MESSAGES;
use crate::event::{Level, LogLine, Request};
use crate::privacy;
use crate::summary::MomentKind;

/// What went wrong so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Trouble {
    pub(crate) js_errors: u64,
    pub(crate) console_errors: u64,
    pub(crate) console_warnings: u64,
    pub(crate) failed_requests: u64,
    /// Distinct messages in the order of their first time.
    pub(crate) messages: Vec<Message>,
}

/// One message, and how often it came.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) at: i64,
    pub(crate) kind: MomentKind,
    pub(crate) text: String,
    pub(crate) count: u64,
}

/// What a console line means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    /// Uncaught: the page's code broke.
    Thrown,
    /// The page's code reported an error.
    Logged,
    /// Nothing that fails a click.
    Harmless,
}

impl Trouble {
    pub(crate) fn log(&mut self, at: i64, line: &LogLine<'_>) -> Severity {
        match line.level {
            Level::Other => Severity::Harmless,
            Level::Warning => {
                self.console_warnings += u64::from(!is_from_the_recorder(line));
                Severity::Harmless
            }
            Level::Error => {
                let text = text(line);
                match text.strip_prefix("Uncaught ") {
                    Some(thrown) => {
                        self.js_errors += 1;
                        let thrown = thrown.strip_prefix("(in promise) ").unwrap_or(thrown);
                        self.note(at, MomentKind::JsError, thrown);
                        Severity::Thrown
                    }
                    None => {
                        self.console_errors += 1;
                        self.note(at, MomentKind::ConsoleError, &text);
                        Severity::Logged
                    }
                }
            }
        }
    }

    pub(crate) fn request(&mut self, at: i64, request: &Request<'_>) {
        if !request.failed() {
            return;
        }
        self.failed_requests += 1;
        let url = privacy::url(&request.url);
        let method = request.method.as_deref().map(method);
        let outcome = match request.status {
            Some(status) if status != 0 => status.to_string(),
            _ => "no answer".to_owned(),
        };
        let text = match method {
            Some(method) => format!("{method} {url}: {outcome}"),
            None => format!("{url}: {outcome}"),
        };
        self.note_clean(at, MomentKind::FailedRequest, text);
    }

    fn note(&mut self, at: i64, kind: MomentKind, text: &str) {
        self.note_clean(at, kind, privacy::message(text));
    }

    fn note_clean(&mut self, at: i64, kind: MomentKind, text: String) {
        let room = self.messages.len() < MAX_DISTINCT_MESSAGES;
        let known = self
            .messages
            .iter_mut()
            .find(|message| message.kind == kind && message.text == text);
        match known {
            Some(message) => message.count += 1,
            None if room => self.messages.push(Message {
                at,
                kind,
                text,
                count: 1,
            }),
            None => {}
        }
    }
}

/// Hash of the words of an error, which tells it from others.
pub(crate) fn kind(line: &LogLine<'_>) -> u32 {
    let mut letters = text(line);
    letters.retain(|character| !character.is_ascii_digit());
    xxh3_64(letters.as_bytes()) as u32
}

/// A method is one short word; anything else is not repeated.
fn method(method: &str) -> &str {
    let is_word = method.len() <= 10 && method.bytes().all(|byte| byte.is_ascii_alphabetic());
    if is_word { method } else { "request" }
}

/// The console plugin stops after so many lines, and says so: not a warning of the page.
fn is_from_the_recorder(line: &LogLine<'_>) -> bool {
    line.arguments
        .first()
        .is_some_and(|text| text.contains("The number of log records reached the threshold"))
}

/// The line as a person would read it: arguments are JSON texts, strings in quotes.
fn text(line: &LogLine<'_>) -> String {
    /// Enough for any message that is shown.
    const MAX_ARGUMENTS: usize = 8;
    let mut text = String::new();
    for argument in line.arguments.iter().take(MAX_ARGUMENTS) {
        if !text.is_empty() {
            text.push(' ');
        }
        match serde_json::from_str::<String>(argument) {
            Ok(string) => text.push_str(&string),
            Err(_) => text.push_str(argument),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: Level, arguments: &[&'static str]) -> LogLine<'static> {
        LogLine {
            level,
            arguments: arguments.iter().map(|text| (*text).into()).collect(),
        }
    }

    #[test]
    fn what_was_not_caught_is_a_js_error_and_the_rest_is_the_pages_own() {
        let mut trouble = Trouble::default();
        let thrown = line(
            Level::Error,
            &["\"Uncaught TypeError: x is not a function\""],
        );
        assert_eq!(trouble.log(1, &thrown), Severity::Thrown);
        assert_eq!(trouble.log(2, &thrown), Severity::Thrown);
        let rejected = line(
            Level::Error,
            &["\"Uncaught (in promise) Error: a@b.example\""],
        );
        trouble.log(3, &rejected);
        let logged = line(Level::Error, &["\"Stock check failed\"", "404"]);
        assert_eq!(trouble.log(4, &logged), Severity::Logged);
        trouble.log(5, &line(Level::Warning, &["\"old\""]));
        trouble.log(
            6,
            &line(
                Level::Warning,
                &["\"The number of log records reached the threshold.\""],
            ),
        );
        assert_eq!(
            (
                trouble.js_errors,
                trouble.console_errors,
                trouble.console_warnings
            ),
            (3, 1, 1)
        );
        let texts: Vec<_> = trouble
            .messages
            .iter()
            .map(|m| (m.text.as_str(), m.count))
            .collect();
        assert_eq!(
            texts,
            [
                ("TypeError: x is not a function", 2),
                ("Error: […]", 1),
                ("Stock check failed 404", 1)
            ]
        );
    }

    #[test]
    fn a_request_fails_by_its_status_or_by_having_none() {
        for (status, from_script, failed) in [
            (Some(200), true, false),
            (Some(404), true, true),
            (Some(500), false, true),
            (None, true, true),
            (Some(0), true, true),
            (None, false, false),
            (Some(0), false, false),
        ] {
            let request = Request {
                status,
                from_script,
                ..Request::default()
            };
            assert_eq!(request.failed(), failed, "{status:?} {from_script}");
        }
    }
}
