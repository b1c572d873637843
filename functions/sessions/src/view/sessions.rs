//! Sessions as rows of a table: on the list of all, and on a person's page.

use jiff::Timestamp;
use pages::{format, words};
use replay::{Counts, Summary};
use store::StoredSession;

use super::frame::Frame;
use super::naming;

/// One session.
pub(super) struct SessionRow {
    pub(super) link: String,
    pub(super) started: String,
    pub(super) is_live: bool,
    pub(super) who: String,
    /// Whether whoever has the public write key may have said so.
    pub(super) is_claimed: bool,
    /// Their page, if they are known.
    pub(super) person: Option<String>,
    pub(super) length: String,
    pub(super) pages: String,
    pub(super) last_page: String,
    pub(super) device: String,
    pub(super) trouble: Vec<Trouble>,
    /// What its recorder does not tell, in words.
    pub(super) not_recorded: Option<String>,
    pub(super) incomplete: bool,
}

/// Something that went wrong in it.
pub(super) struct Trouble {
    pub(super) kind: &'static str,
    pub(super) text: String,
}

impl SessionRow {
    /// `link` leads to it.
    pub(super) fn new(
        session: &StoredSession,
        link: String,
        frame: &Frame,
        now: Timestamp,
    ) -> Self {
        let summary = &session.summary;
        let aliases = &session.aliases;
        let name = naming::name(aliases.email.as_deref(), aliases.user_id.as_deref());
        let person = session.person.as_ref().filter(|_| frame.sees_all);
        Self {
            link,
            started: frame.date(summary.started_at),
            is_live: summary.is_live(now),
            who: name.to_owned(),
            is_claimed: session.is_claimed,
            person: person.map(|person| format!("/people/{person}")),
            length: format::duration(summary.duration_ms),
            pages: format::count(summary.pages.len() as u64, "page"),
            last_page: summary
                .last_url
                .as_deref()
                .map_or(String::new(), format::page),
            device: device(summary),
            trouble: trouble(&summary.counts),
            not_recorded: words::not_recorded(&summary.not_recorded),
            incomplete: summary.incomplete,
        }
    }
}

fn device(summary: &Summary) -> String {
    let parts = [&summary.device.browser, &summary.device.os];
    let known: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
    known.join(" on ")
}

/// Errors are of scripts, on the console, and failed requests, as the filter counts them.
fn trouble(counts: &Counts) -> Vec<Trouble> {
    [
        ("rage_click", counts.rage_clicks, "rage click"),
        ("dead_click", counts.dead_clicks, "dead click"),
        ("js_error", counts.known_errors(), "error"),
    ]
    .into_iter()
    .filter(|(_, count, _)| *count > 0)
    .map(|(kind, count, noun)| Trouble {
        kind,
        text: format::count(count, noun),
    })
    .collect()
}
