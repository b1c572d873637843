//! Errors, warnings and failed requests: what went wrong on the page.

mod log;
mod messages;
mod wording;

use std::collections::VecDeque;

pub use log::{Line, LineLevel, Log, LoggedRequest, RequestOutcome, read_log};
use serde::{Deserialize, Serialize};
use wording::Wording;
use xxhash_rust::xxh3::xxh3_64;

use crate::definitions::{MAX_UNANSWERED, REPLACED_WITHIN_MS};
use crate::event::{Context, Level, LogLine, Outcome, Request};
use crate::fingerprint::{Fingerprint, stack};
use crate::moment::MomentKind;
use crate::privacy;
use crate::told::{Told, known};
use messages::Messages;

/// What went wrong so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Trouble {
    pub(crate) js_errors: u64,
    pub(crate) console_errors: u64,
    pub(crate) console_warnings: u64,
    failed_requests: u64,
    /// Requests of the page's own site of which nobody can say whether they failed.
    unseen_requests: u64,
    /// The latest requests that got no answer: when they ended, what they asked, and how they were told of.
    unanswered: VecDeque<(i64, u32, String)>,
    /// How errors that nobody caught are worded.
    wording: Wording,
    pub(crate) messages: Messages,
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
    /// What the recorder says of the browser.
    pub(crate) fn context(&mut self, context: &Context<'_>) {
        if let Some(user_agent) = &context.user_agent {
            self.wording.browser(user_agent);
        }
    }

    pub(crate) fn log(&mut self, at: i64, line: &LogLine<'_>) -> Severity {
        match line.level {
            Level::Other => Severity::Harmless,
            Level::Warning => {
                let is_the_pages = !self.wording.takes_recorders_own(line);
                self.console_warnings += u64::from(is_the_pages);
                Severity::Harmless
            }
            Level::Error => {
                let error = LoggedError::read(&mut self.wording, line);
                self.note(at, &error, line);
                if error.kind == MomentKind::JsError {
                    self.js_errors += 1;
                    Severity::Thrown
                } else {
                    self.console_errors += 1;
                    Severity::Logged
                }
            }
        }
    }

    /// Takes a request that has ended. `page` is the address of the page on screen.
    pub(crate) fn request(
        &mut self,
        at: i64,
        request: &Request<'_>,
        page: Option<&str>,
        told: Told,
    ) {
        self.take_back(request);
        match request.outcome() {
            Outcome::Fine => return,
            Outcome::Refused => {}
            Outcome::Unanswered if told.speaks_to_us => {}
            // Pages give up their own requests all the time; recorders of others do not tell.
            Outcome::Unanswered | Outcome::Unseen if is_of_site(&request.url, page) => {
                self.unseen_requests += 1;
                return;
            }
            Outcome::Unanswered => {}
            // What another site answers is often none of the page's business: such requests go well.
            Outcome::Unseen => return,
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
        if request.outcome() == Outcome::Unanswered {
            if self.unanswered.len() == MAX_UNANSWERED {
                self.unanswered.pop_front();
            }
            let asked = (request.ended_at, request.kind(), text.clone());
            self.unanswered.push_back(asked);
        }
        let kind = MomentKind::FailedRequest;
        self.messages
            .push(at, kind, &text, "", || problem_of(request, &url));
    }

    /// A request that asks the same thing at the moment when another one ends without an answer takes that
    /// one's place: the page has given it up, as pages do while somebody types.
    fn take_back(&mut self, request: &Request<'_>) {
        if self.unanswered.is_empty() || !request.is_timed {
            return;
        }
        let kind = request.kind();
        let is_replaced = |(ended_at, asked, _): &(i64, u32, String)| {
            *asked == kind && (ended_at - request.started_at).abs() <= REPLACED_WITHIN_MS
        };
        while let Some(index) = self.unanswered.iter().position(is_replaced)
            && let Some((_, _, text)) = self.unanswered.remove(index)
        {
            self.failed_requests -= 1;
            self.messages.take_back(MomentKind::FailedRequest, &text);
        }
    }

    /// How many requests are known to have failed; `None` when none is, and one may have.
    pub(crate) fn failed_requests(&self, told: Told) -> Option<u64> {
        let is_known = self.failed_requests > 0 || self.unseen_requests == 0;
        known(told.requests && is_known, self.failed_requests)
    }

    fn note(&mut self, at: i64, error: &LoggedError, line: &LogLine<'_>) {
        let message = privacy::whole_message(&error.text);
        let (text, frame) = (privacy::shown_message(&message), error.top(line));
        let fingerprint = || Fingerprint::of_error(error.kind, &message, frame);
        self.messages
            .push(at, error.kind, &text, frame, fingerprint);
    }
}

/// An error of the console: what it says, and whether nobody caught it.
struct LoggedError {
    kind: MomentKind,
    text: String,
}

impl LoggedError {
    fn read(wording: &mut Wording, line: &LogLine<'_>) -> Self {
        let text = text(line);
        match wording.thrown(line, &text) {
            Some(text) => Self {
                kind: MomentKind::JsError,
                text,
            },
            None => Self {
                kind: MomentKind::ConsoleError,
                text,
            },
        }
    }

    fn top<'l>(&'l self, line: &'l LogLine<'_>) -> &'l str {
        top(line, &self.text)
    }

    /// The problem that it is.
    fn fingerprint(&self, line: &LogLine<'_>) -> Fingerprint {
        let message = privacy::whole_message(&self.text);
        Fingerprint::of_error(self.kind, &message, self.top(line))
    }
}

/// The problem that a failed request is; `url` without its query.
fn problem_of(request: &Request<'_>, url: &str) -> Fingerprint {
    let method = request.method.as_deref().map(method);
    Fingerprint::of_request(method.unwrap_or_default(), url, request.status)
}

/// The call that a line's stack begins with. Where the recorder tells none, one may stand in its text.
fn top<'l>(line: &'l LogLine<'_>, text: &'l str) -> &'l str {
    let within = || text.lines().skip(1).find(|frame| stack::is_telling(frame));
    line.top.as_deref().or_else(within).unwrap_or_default()
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

/// Whether an address is of the same site as the page: what is relative is.
fn is_of_site(url: &str, page: Option<&str>) -> bool {
    fn site(url: &str) -> Option<&str> {
        let host = url.find("://")? + 3;
        let end = url[host..]
            .find(['/', '?', '#'])
            .map_or(url.len(), |end| host + end);
        url.get(..end)
    }
    match site(url) {
        Some(of) => page.and_then(site) == Some(of),
        None => !url.starts_with("//"),
    }
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
        text.push_str(&wording::words(argument));
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
            ..LogLine::default()
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
            .occurrences()
            .map(|message| (message.text, message.count))
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
        let ours = Told {
            speaks_to_us: true,
            ..Told::REQUESTS
        };
        let (own, other) = ("https://shop.example/api", "https://stats.example/g");
        let request = |url: &'static str, status, from_script| Request {
            url: url.into(),
            status,
            from_script,
            ..Request::default()
        };
        let unseen = |url| Request {
            indistinct: true,
            ..request(url, Some(0), true)
        };
        let dismissed = |url| Request {
            dismissed: true,
            ..request(url, None, true)
        };
        for (name, request, told, failed) in [
            (
                "answered",
                request(own, Some(200), true),
                Told::REQUESTS,
                Some(0),
            ),
            (
                "not found",
                request(own, Some(404), true),
                Told::REQUESTS,
                Some(1),
            ),
            (
                "of no script",
                request(other, Some(500), false),
                Told::REQUESTS,
                Some(1),
            ),
            (
                "no answer to a script",
                request(own, None, true),
                ours,
                Some(1),
            ),
            (
                "status 0 to a script",
                request(own, Some(0), true),
                ours,
                Some(1),
            ),
            (
                "a picture of elsewhere",
                request(other, None, false),
                ours,
                Some(0),
            ),
            (
                "a beacon",
                request(other, Some(0), false),
                Told::REQUESTS,
                Some(0),
            ),
            ("given up, or opaque", dismissed(own), ours, Some(0)),
            (
                "refused elsewhere",
                request(other, None, true),
                Told::REQUESTS,
                Some(1),
            ),
            (
                "refused or given up",
                request(own, None, true),
                Told::REQUESTS,
                None,
            ),
            (
                "the same, relative",
                request("/api", None, true),
                Told::REQUESTS,
                None,
            ),
            ("anything elsewhere", unseen(other), Told::REQUESTS, Some(0)),
            (
                "anything elsewhere, without a scheme",
                unseen("//stats.example/g"),
                Told::REQUESTS,
                Some(0),
            ),
            ("anything here", unseen(own), Told::REQUESTS, None),
            (
                "nobody tells",
                request(own, Some(404), true),
                Told::CONSOLE,
                None,
            ),
        ] {
            let mut trouble = Trouble::default();
            trouble.request(1, &request, Some("https://shop.example/cart"), told);
            assert_eq!(trouble.failed_requests(told), failed, "{name}");
        }
    }

    #[test]
    fn what_may_have_failed_is_left_out_beside_what_surely_has() {
        let mut trouble = Trouble::default();
        for status in [None, Some(500), None] {
            let request = Request {
                url: "/api".into(),
                status,
                from_script: true,
                ..Request::default()
            };
            trouble.request(1, &request, Some("https://shop.example/"), Told::REQUESTS);
        }
        assert_eq!(trouble.failed_requests(Told::REQUESTS), Some(1));
        assert_eq!(trouble.messages.occurrences().count(), 1);
    }
}
