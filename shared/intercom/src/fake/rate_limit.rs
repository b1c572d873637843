//! How much may still be asked.

use std::collections::HashMap;

use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;

use super::Rate;

/// The calls of every workspace's current window.
#[derive(Debug, Clone, Default)]
pub(super) struct Windows(HashMap<String, Window>);

#[derive(Debug, Clone, Copy)]
struct Window {
    ends: Timestamp,
    calls: u64,
}

/// What a call is told about its window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance {
    limit: u64,
    /// `None` for a call too many.
    remaining: Option<u64>,
    reset: Timestamp,
}

impl Windows {
    /// Counts a call.
    pub(super) fn count(&mut self, workspace: &str, rate: Rate, now: Timestamp) -> Allowance {
        let fresh = Window {
            ends: now + rate.window,
            calls: 0,
        };
        let window = self.0.entry(workspace.to_owned()).or_insert(fresh);
        if window.ends <= now {
            *window = fresh;
        }
        window.calls += 1;
        Allowance {
            limit: rate.calls,
            remaining: rate.calls.checked_sub(window.calls),
            reset: window.ends,
        }
    }
}

impl Allowance {
    /// The allowance of a call too many, whose window ends then.
    pub(super) fn spent(limit: u64, reset: Timestamp) -> Self {
        Self {
            limit,
            remaining: None,
            reset,
        }
    }

    pub(super) fn is_spent(self) -> bool {
        self.remaining.is_none()
    }

    /// Says so on an answer.
    pub(super) fn write(self, headers: &mut HeaderMap) {
        for (name, value) in [
            ("x-ratelimit-limit", self.limit),
            ("x-ratelimit-remaining", self.remaining.unwrap_or(0)),
            ("x-ratelimit-reset", self.reset.as_second().unsigned_abs()),
        ] {
            headers.insert(name, HeaderValue::from(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_call_too_many_is_told_when_the_next_window_begins() {
        let rate = Rate {
            calls: 2,
            window: SignedDuration::from_secs(10),
        };
        let second = |second| Timestamp::from_second(second).unwrap();
        let mut windows = Windows::default();
        for (workspace, at, remaining, reset) in [
            ("acme", 1, Some(1), 11),
            ("acme", 2, Some(0), 11),
            ("acme", 10, None, 11),
            ("other", 10, Some(1), 20),
            ("acme", 11, Some(1), 21),
        ] {
            let allowance = windows.count(workspace, rate, second(at));
            let told = (allowance.remaining, allowance.reset);
            assert_eq!(told, (remaining, second(reset)), "{workspace} at {at}");
        }
    }
}
