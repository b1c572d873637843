//! What a recorder tells at all: an error that nobody tells of is not "no error".
//!
//! Some recorders put no console line, no error or no request among the events. It is known only from what
//! comes: a kind of which one event was seen in the whole recording is told, and counts from the beginning.
//! A recorder that says which browser it runs in speaks to us, and tells everything that it does not leave
//! out of its `records`.

use serde::{Deserialize, Serialize};

use crate::event::{Context, LogLine};
use crate::summary::NotRecorded;

/// The kinds of trouble that a recorder tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// What the page's code logs.
    pub(crate) console: bool,
    /// What the page's code throws and nobody catches.
    pub(crate) errors: bool,
    /// The page's requests, and what became of them.
    pub(crate) requests: bool,
    /// Whether it is one that speaks to us: it knows which requests the page itself gave up.
    pub(crate) speaks_to_us: bool,
}

impl Told {
    /// A line of the console, and no word of what was thrown: a breadcrumb.
    pub(crate) const CONSOLE: Self = Self {
        console: true,
        errors: false,
        requests: false,
        speaks_to_us: false,
    };
    /// The console as rrweb's plugin tells it: what nobody caught is among its lines.
    pub(crate) const LINES: Self = Self {
        errors: true,
        ..Self::CONSOLE
    };
    /// Requests alone.
    pub(crate) const REQUESTS: Self = Self {
        console: false,
        requests: true,
        ..Self::CONSOLE
    };

    /// What one word of a context event's `records` declares.
    pub(crate) fn declared(record: &str) -> Self {
        match record {
            "console" => Self::LINES,
            "errors" => Self {
                console: false,
                ..Self::LINES
            },
            "requests" => Self::REQUESTS,
            _ => Self::default(),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            console: self.console | other.console,
            errors: self.errors | other.errors,
            requests: self.requests | other.requests,
            speaks_to_us: self.speaks_to_us | other.speaks_to_us,
        }
    }

    /// Takes what an event shows.
    pub(crate) fn see(&mut self, shown: Self) {
        *self = self.and(shown);
    }

    pub(crate) fn see_line(&mut self, line: &LogLine<'_>) {
        self.see(match line.is_breadcrumb {
            true => Self::CONSOLE,
            false => Self::LINES,
        });
    }

    pub(crate) fn see_context(&mut self, context: &Context<'_>) {
        if context.user_agent.is_some() {
            let told = context.records.unwrap_or(Self::REQUESTS.and(Self::LINES));
            self.see(Self {
                speaks_to_us: true,
                ..told
            });
        }
    }

    /// What is not told, in the summary's words. `requests` are missing as well when nothing is known of how
    /// they ended.
    pub(crate) fn missing(self, failed_requests: Option<u64>) -> Vec<NotRecorded> {
        let kinds = [
            (self.console, NotRecorded::Console),
            (self.errors, NotRecorded::Errors),
            (failed_requests.is_some(), NotRecorded::Requests),
        ];
        let missing = kinds.into_iter().filter(|(is_told, _)| !is_told);
        missing.map(|(_, kind)| kind).collect()
    }
}

/// The number, if it is one of what is told.
pub(crate) fn known(is_told: bool, count: u64) -> Option<u64> {
    is_told.then_some(count)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::summary::NotRecorded::{self, Console, Errors, Requests};

    const START: i64 = 1_795_000_000_000;

    fn event(at: i64, kind: u8, data: Value) -> Value {
        json!({"type": kind, "timestamp": START + at, "data": data})
    }

    fn not_recorded(data: &[(u8, Value)]) -> Vec<NotRecorded> {
        let mut events = vec![event(0, 4, json!({"href": "https://shop.example/"}))];
        for (at, (kind, data)) in (1..).zip(data) {
            events.push(event(at, *kind, data.clone()));
        }
        let payload = json!(events).to_string();
        let summary = crate::summarize(payload.as_bytes()).unwrap().unwrap();
        let counts = summary.counts;
        let is_null = |kind| summary.not_recorded.contains(&kind);
        assert_eq!(counts.console_errors.is_none(), is_null(Console));
        assert_eq!(counts.console_warnings.is_none(), is_null(Console));
        assert_eq!(counts.js_errors.is_none(), is_null(Errors));
        assert_eq!(counts.error_clicks.is_none(), is_null(Errors));
        assert_eq!(counts.failed_requests.is_none(), is_null(Requests));
        summary.not_recorded
    }

    #[test]
    fn what_no_event_shows_and_no_context_declares_is_not_recorded() {
        let plugin = |name: &str, payload| (6, json!({"plugin": name, "payload": payload}));
        let custom = |tag: &str, payload| (5, json!({"tag": tag, "payload": payload}));
        let line = plugin("rrweb/console@1", json!({"level": "log", "payload": ["1"]}));
        let requests = plugin("rrweb/network@1", json!({"requests": []}));
        let breadcrumb = |category: &str| custom("breadcrumb", json!({"category": category}));
        let span = |op: &str| {
            custom(
                "performanceSpan",
                json!({"op": op, "description": "/a", "data": {"statusCode": 200}}),
            )
        };
        let context = |extra: Value| {
            let mut payload = json!({"userAgent": "Mozilla/5.0 Chrome/156.0.0.0"});
            payload
                .as_object_mut()
                .unwrap()
                .extend(extra.as_object().unwrap().clone());
            custom("recapt:context", payload)
        };
        for (name, data, expected) in [
            ("nothing", vec![], vec![Console, Errors, Requests]),
            ("a console line", vec![line.clone()], vec![Requests]),
            ("a request", vec![requests.clone()], vec![Console, Errors]),
            ("both", vec![line.clone(), requests], vec![]),
            (
                "rrweb 1's log source",
                vec![(3, json!({"source": 11, "level": "info", "payload": []}))],
                vec![Requests],
            ),
            (
                "a line's breadcrumb",
                vec![breadcrumb("console")],
                vec![Errors, Requests],
            ),
            (
                "any breadcrumb",
                vec![breadcrumb("ui.click")],
                vec![Errors, Requests],
            ),
            ("any span", vec![span("paint")], vec![Console, Errors]),
            (
                "a request's span",
                vec![span("resource.fetch")],
                vec![Console, Errors],
            ),
            ("ours", vec![context(json!({}))], vec![]),
            (
                "ours without requests",
                vec![context(json!({"records": ["console"]}))],
                vec![Requests],
            ),
            (
                "ours without anything",
                vec![context(json!({"records": []}))],
                vec![Console, Errors, Requests],
            ),
            (
                "what is shown is told whatever was declared",
                vec![context(json!({"records": []})), line],
                vec![Requests],
            ),
            (
                "a language alone says nothing",
                vec![custom("any", json!({"language": "en"}))],
                vec![Console, Errors, Requests],
            ),
        ] {
            assert_eq!(not_recorded(&data), expected, "{name}");
        }
    }
}
