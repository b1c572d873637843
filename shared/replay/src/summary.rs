//! The session summary: the public JSON of `GET /v1/sessions/{session_id}`.
//!
//! Field names are part of the public contract. Every text in here has passed [`crate::privacy`]: no typed
//! text, no query string or fragment, console text scrubbed and cut, labels only from what the recording
//! shows.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::problems::Problem;

/// What a recording amounts to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Wall clock of the first event.
    pub started_at: Timestamp,
    /// Wall clock of the last event.
    pub ended_at: Timestamp,
    /// `ended_at - started_at`, milliseconds.
    pub duration_ms: u64,
    /// Time with somebody at the controls, milliseconds: the gaps of at most ten seconds between user events.
    pub active_ms: u64,
    /// The first page, without query and fragment.
    pub landing_url: Option<String>,
    /// The last page, without query and fragment.
    pub last_url: Option<String>,
    /// Distinct events, duplicates not counted.
    pub events: u64,
    /// Chunks that the summary covers.
    pub chunks: u64,
    /// What the visitor used.
    pub device: Device,
    /// Visits in order; at most [`crate::definitions::MAX_PAGES`].
    pub pages: Vec<Page>,
    /// One plain sentence for a colleague: what went wrong, or what the visit was about. At most
    /// [`crate::definitions::MAX_STORY_CHARS`]; empty in what was stored before there was one.
    #[serde(default)]
    pub story: String,
    /// What went wrong, the worst first; at most [`crate::definitions::MAX_PROBLEMS`].
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// How often what happened.
    pub counts: Counts,
    /// What the recorder does not tell: its numbers in `counts` are null.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_recorded: Vec<NotRecorded>,
    /// Key moments in order, chosen over the whole length; at most [`crate::definitions::MAX_TIMELINE`].
    pub timeline: Vec<Moment>,
    /// How many moments the whole timeline has; 0 in what was stored before it was counted.
    #[serde(default)]
    pub timeline_total: u64,
    /// Set when chunks were lost and a gap was skipped: the counts are lower bounds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
    /// Version of the definitions in [`crate::definitions`].
    pub definitions: u32,
}

/// Activity this recent is "now". Recorders send every few seconds, and a summary follows within six.
const LIVE_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// How far a visitor's clock may be ahead of ours; beyond, its times mean nothing.
const MAX_CLOCK_AHEAD: SignedDuration = SignedDuration::from_mins(5);

impl Summary {
    /// Whether somebody was active in the session within the last minute.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        let age = now.duration_since(self.ended_at);
        -MAX_CLOCK_AHEAD <= age && age <= LIVE_WITHIN
    }
}

/// What the visitor used. rrweb does not record the user agent: everything but the viewport comes from the
/// recorder's context event and may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Browser family, such as `Chrome`.
    pub browser: Option<String>,
    /// Major version.
    pub browser_version: Option<String>,
    /// Operating system, such as `Windows`.
    pub os: Option<String>,
    /// BCP 47 tag of the browser's language.
    pub language: Option<String>,
    /// IANA name.
    pub timezone: Option<String>,
    /// CSS pixels; the latest one seen.
    pub viewport: Option<Viewport>,
}

/// A window's inner size, CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewport {
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels.
    pub height: u32,
}

/// One visit of one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Without query and fragment.
    pub url: String,
    /// Milliseconds from the session's start.
    pub at_ms: u64,
    /// Milliseconds until the next page or the end.
    pub dwell_ms: u64,
}

/// How often what happened. `rage_clicks` and `dead_clicks` count episodes, not single clicks. `None`, null
/// in JSON, is what the recorder does not tell: it may have happened or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The names are the documentation; the rules stand in `definitions`.
pub struct Counts {
    pub clicks: u64,
    pub scrolls: u64,
    pub fields_edited: u64,
    pub rage_clicks: u64,
    pub dead_clicks: u64,
    pub slow_clicks: u64,
    pub error_clicks: Option<u64>,
    pub js_errors: Option<u64>,
    pub console_errors: Option<u64>,
    pub console_warnings: Option<u64>,
    pub failed_requests: Option<u64>,
}

impl Counts {
    /// Errors of scripts, on the console, and failed requests: as many as are known of.
    #[must_use]
    pub fn known_errors(&self) -> u64 {
        let kinds = [self.js_errors, self.console_errors, self.failed_requests];
        kinds.into_iter().flatten().sum()
    }
}

/// Nothing happened, and it was watched.
impl Default for Counts {
    fn default() -> Self {
        Self {
            clicks: 0,
            scrolls: 0,
            fields_edited: 0,
            rage_clicks: 0,
            dead_clicks: 0,
            slow_clicks: 0,
            error_clicks: Some(0),
            js_errors: Some(0),
            console_errors: Some(0),
            console_warnings: Some(0),
            failed_requests: Some(0),
        }
    }
}

/// What a recorder may leave out of what it tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotRecorded {
    /// What the page's code logs: `console_errors`, `console_warnings`.
    Console,
    /// What it throws and nobody catches: `js_errors`, `error_clicks`.
    Errors,
    /// How its requests end: `failed_requests`.
    Requests,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(events: &str) -> Summary {
        crate::summarize(events.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn live_is_within_a_minute_and_a_clock_may_be_five_minutes_ahead() {
        let summary = summary(r#"[{"type":0,"timestamp":1795000000000,"data":{}}]"#);
        for (seconds, live) in [
            (0, true),
            (60, true),
            (61, false),
            (-300, true),
            (-301, false),
        ] {
            let now = summary.ended_at + SignedDuration::from_secs(seconds);
            assert_eq!(summary.is_live(now), live, "{seconds}");
        }
    }
}
