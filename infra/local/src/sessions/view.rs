//! What the pages say.

use askama::Template;
use identity::SessionId;
use jiff::Timestamp;
use replay::Summary;

/// All sessions.
#[derive(Template)]
#[template(path = "sessions.html")]
pub(super) struct SessionsPage {
    pub(super) sessions: Vec<SessionLine>,
}

/// One line of the list.
pub(super) struct SessionLine {
    id: String,
    started: String,
    duration: String,
    pages: String,
    last_page: String,
}

impl SessionLine {
    pub(super) fn new(id: &SessionId, summary: &Summary) -> Self {
        Self {
            id: id.to_string(),
            started: date(summary.started_at),
            duration: clock(summary.duration_ms),
            pages: match summary.pages.len() {
                1 => "1 page".to_owned(),
                many => format!("{many} pages"),
            },
            last_page: summary.last_url.clone().unwrap_or_default(),
        }
    }
}

/// One session.
#[derive(Template)]
#[template(path = "session.html")]
pub(super) struct SessionPage {
    id: String,
    started: String,
    asked: Option<String>,
    incomplete: bool,
    facts: Vec<(&'static str, String)>,
    pages: Vec<PageLine>,
    timeline: Vec<MomentLine>,
}

struct PageLine {
    at: String,
    url: String,
    dwell: String,
}

struct MomentLine {
    at: String,
    label: String,
    asked: bool,
}

impl SessionPage {
    /// The page of a session, opened at the second `asked` of it.
    pub(super) fn new(id: &SessionId, summary: &Summary, asked: Option<u64>) -> Self {
        let asked_ms = asked.map(|seconds| seconds.saturating_mul(1_000).min(summary.duration_ms));
        let nearest = asked_ms.and_then(|asked| {
            let moments = summary.timeline.iter().enumerate();
            moments
                .min_by_key(|(_, moment)| moment.at_ms.abs_diff(asked))
                .map(|(index, _)| index)
        });
        Self {
            id: id.to_string(),
            started: date(summary.started_at),
            asked: asked_ms.map(clock),
            incomplete: summary.incomplete,
            facts: facts(summary),
            pages: summary
                .pages
                .iter()
                .map(|page| PageLine {
                    at: clock(page.at_ms),
                    url: page.url.clone(),
                    dwell: clock(page.dwell_ms),
                })
                .collect(),
            timeline: summary
                .timeline
                .iter()
                .enumerate()
                .map(|(index, moment)| MomentLine {
                    at: clock(moment.at_ms),
                    label: match moment.count {
                        1 => moment.label.clone(),
                        many => format!("{} (×{many})", moment.label),
                    },
                    asked: nearest == Some(index),
                })
                .collect(),
        }
    }
}

fn facts(summary: &Summary) -> Vec<(&'static str, String)> {
    let counts = &summary.counts;
    let device = &summary.device;
    let version = device.browser_version.as_deref().unwrap_or_default();
    let browser = device.browser.as_ref();
    let browser = browser.map(|name| format!("{name} {version}").trim_end().to_owned());
    let parts = [&browser, &device.os, &device.language, &device.timezone];
    let named: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
    let mut facts = vec![
        (
            "Duration",
            format!(
                "{} ({} active)",
                clock(summary.duration_ms),
                clock(summary.active_ms)
            ),
        ),
        (
            "Device",
            if named.is_empty() {
                "Unknown".to_owned()
            } else {
                named.join(", ")
            },
        ),
    ];
    facts.extend(device.viewport.map(|viewport| {
        (
            "Window",
            format!("{} × {}", viewport.width, viewport.height),
        )
    }));
    let counted = [
        ("Clicks", counts.clicks),
        ("Scrolls", counts.scrolls),
        ("Fields edited", counts.fields_edited),
        ("Rage clicks", counts.rage_clicks),
        ("Dead clicks", counts.dead_clicks),
        ("Slow clicks", counts.slow_clicks),
        ("Error clicks", counts.error_clicks),
        ("JavaScript errors", counts.js_errors),
        ("Console errors", counts.console_errors),
        ("Console warnings", counts.console_warnings),
        ("Failed requests", counts.failed_requests),
    ];
    facts.extend(counted.map(|(name, count)| (name, count.to_string())));
    facts
}

/// `Nov 20, 2026 at 1:05PM`, in UTC as everything in local mode.
fn date(at: Timestamp) -> String {
    at.strftime("%b %-d, %Y at %-I:%M%p").to_string()
}

/// `1:05`, or `1:00:05` from an hour on.
fn clock(ms: u64) -> String {
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_opens_at_the_moment_nearest_to_the_second_asked_for() {
        let summary: Summary = serde_json::from_value(serde_json::json!({
            "started_at": "2026-11-20T13:05:02Z", "ended_at": "2026-11-20T13:05:42Z", "duration_ms": 40_000, "active_ms": 30_000,
            "landing_url": null, "last_url": null, "events": 3, "chunks": 1, "device": {}, "pages": [],
            "counts": { "clicks": 0, "scrolls": 0, "fields_edited": 0, "rage_clicks": 0, "dead_clicks": 0, "slow_clicks": 0,
                        "error_clicks": 0, "js_errors": 0, "console_errors": 0, "console_warnings": 0, "failed_requests": 0 },
            "timeline": [
                { "at_ms": 0, "kind": "page", "label": "/", "count": 1 },
                { "at_ms": 9_000, "kind": "rage_click", "label": "Rage click on <Buy>", "count": 5 },
            ],
            "definitions": 1
        }))
        .unwrap();
        let id = SessionId::parse("s1").unwrap();
        let cases = [
            (None, "00", None),
            (Some(1), "10", Some("0:01")),
            (Some(8), "01", Some("0:08")),
            (Some(u64::MAX), "01", Some("0:40")),
        ];
        for (asked, marked, said) in cases {
            let page = SessionPage::new(&id, &summary, asked);
            let marks: String = page
                .timeline
                .iter()
                .map(|moment| if moment.asked { '1' } else { '0' })
                .collect();
            assert_eq!(
                (marks.as_str(), page.asked.as_deref()),
                (marked, said),
                "{asked:?}"
            );
        }
        let html = SessionPage::new(&id, &summary, Some(8)).render().unwrap();
        assert!(
            html.contains("Nov 20, 2026 at 1:05PM") && !html.contains("<Buy>"),
            "{html}"
        );
    }

    #[test]
    fn times_read_as_on_a_player() {
        for (ms, shown) in [(0, "0:00"), (65_400, "1:05"), (3_605_000, "1:00:05")] {
            assert_eq!(clock(ms), shown);
        }
    }
}
