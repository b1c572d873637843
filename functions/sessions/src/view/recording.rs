//! The page of one recording: what is known of it, around the place where it is played.

use askama::Template;
use identity::{AliasKind, SessionId};
use jiff::Timestamp;
use pages::{csrf, format, words};
use replay::{Counts, Summary};
use store::{Neighbours, StoredSession};

use super::environment;
use super::frame::{self, Frame};
use super::moment::ShownMoment;
use super::naming::{self, ShownAlias};
use crate::access::Viewer;
use crate::context::PageContext;
use crate::last_list;
use crate::media::MediaSources;

/// How large a window is taken to be when the recording does not say, CSS pixels.
const UNKNOWN_WINDOW: (u32, u32) = (1_280, 800);

/// What tokens of the form are for that makes share links.
pub(crate) const SHARE: &str = "share";

/// The page.
#[derive(Template)]
#[template(path = "recording.html")]
pub(crate) struct RecordingPage<'a> {
    who: RecordedPerson<'a>,
    started: String,
    started_at: Timestamp,
    started_at_ms: i64,
    window: (u32, u32),
    sources: &'a str,
    is_live: bool,
    incomplete: bool,
    all_sessions: Option<String>,
    /// The sessions of the same person before and after this one, for whoever may see them.
    neighbours: Neighbours,
    /// The page that was visited first.
    landing_url: &'a str,
    /// The token of the share form; `None` for who may not share.
    share: Option<String>,
    timeline: Vec<Row>,
    pages: Vec<PageRow>,
    facts: Vec<(&'static str, String)>,
    counts: Vec<Counted>,
}

/// Who was recorded.
struct RecordedPerson<'a> {
    name: &'a str,
    history: Option<String>,
    aliases: Vec<ShownAlias>,
}

/// A row of the timeline.
struct Row {
    at_ms: u64,
    at: String,
    link: String,
    kind: &'static str,
    text: String,
}

/// A visit of a page.
struct PageRow {
    at_ms: u64,
    at: String,
    link: String,
    url: String,
    dwell: String,
}

/// Something that is counted.
struct Counted {
    text: String,
    is_trouble: bool,
}

impl<'a> RecordingPage<'a> {
    pub(crate) fn new(
        context: &PageContext<'_>,
        viewer: &Viewer,
        session: &SessionId,
        stored: &'a StoredSession,
        neighbours: Neighbours,
        sources: &'a MediaSources,
    ) -> Self {
        let frame = Frame::of(viewer);
        let summary = &stored.summary;
        let path = format!("/sessions/{session}");
        let link = |at_ms: u64| frame::link(&path, &[("t", &(at_ms / 1_000).to_string())]);
        let viewport = summary.device.viewport;
        let person = stored.person.as_ref().filter(|_| frame.sees_all);
        let history = person.map(|person| format!("/people/{person}"));
        let token = match viewer {
            Viewer::Admin(admin) => Some(csrf::token(&context.signer, &admin.sign_in, SHARE)),
            Viewer::Link(opened) => {
                let form = opened.form_of(session);
                Some(csrf::token_of_link(&context.signer, &form, SHARE))
            }
            Viewer::Share(_) => None,
        };
        Self {
            who: RecordedPerson::new(stored, history, viewer.sees_names()),
            started: frame.date(summary.started_at),
            started_at: summary.started_at,
            started_at_ms: summary.started_at.as_millisecond(),
            window: viewport.map_or(UNKNOWN_WINDOW, |size| (size.width, size.height)),
            sources: sources.as_str(),
            is_live: summary.is_live(context.now),
            incomplete: summary.incomplete,
            all_sessions: frame
                .sees_all
                .then(|| last_list::address(context.headers())),
            neighbours,
            landing_url: summary.landing_url.as_deref().unwrap_or_default(),
            share: token.filter(|_| viewer.may_share(session)),
            timeline: summary
                .timeline
                .iter()
                .map(|moment| Row::new(ShownMoment::new(moment), link(moment.at_ms)))
                .collect(),
            pages: pages(summary, link),
            facts: facts(summary),
            counts: counts(summary),
        }
    }
}

impl RecordingPage<'_> {
    /// What the browser's tab says.
    pub(crate) fn title(&self) -> String {
        format!("{}, {}", self.who.name, self.started)
    }
}

impl<'a> RecordedPerson<'a> {
    fn new(stored: &'a StoredSession, history: Option<String>, is_named: bool) -> Self {
        if !is_named {
            return Self {
                name: "A visitor",
                history: None,
                aliases: Vec::new(),
            };
        }
        let aliases = &stored.aliases;
        let all = [
            (AliasKind::Email, &aliases.email),
            (AliasKind::UserId, &aliases.user_id),
            (AliasKind::AnonymousId, &aliases.anonymous_id),
            (AliasKind::VisitorId, &aliases.visitor_id),
        ];
        Self {
            name: naming::name(aliases.email.as_deref(), aliases.user_id.as_deref()),
            history,
            aliases: all
                .into_iter()
                .filter_map(|(kind, value)| {
                    let is_claimed = !stored.verified.contains(&kind);
                    Some(ShownAlias::new(kind, value.as_deref()?, is_claimed))
                })
                .collect(),
        }
    }
}

impl Row {
    fn new(shown: ShownMoment<'_>, link: String) -> Self {
        let at_ms = shown.moment.at_ms;
        Self {
            at_ms,
            at: format::offset(at_ms),
            link,
            kind: shown.kind(),
            text: shown.text,
        }
    }
}

fn pages(summary: &Summary, link: impl Fn(u64) -> String) -> Vec<PageRow> {
    let pages = summary.pages.iter();
    pages
        .map(|page| PageRow {
            at_ms: page.at_ms,
            at: format::offset(page.at_ms),
            link: link(page.at_ms),
            url: page.url.clone(),
            dwell: format::duration(page.dwell_ms),
        })
        .collect()
}

fn facts(summary: &Summary) -> Vec<(&'static str, String)> {
    let length = format!(
        "{}, active for {}",
        format::duration(summary.duration_ms),
        format::duration(summary.active_ms)
    );
    let mut facts = vec![("Length", length)];
    facts.extend(environment::of(&summary.device));
    facts
}

/// What happened at all, trouble first, and what the recorder does not tell.
fn counts(summary: &Summary) -> Vec<Counted> {
    let counts: &Counts = &summary.counts;
    let counted = [
        (true, Some(counts.rage_clicks), "rage click"),
        (true, Some(counts.dead_clicks), "dead click"),
        (true, Some(counts.slow_clicks), "slow click"),
        (true, counts.error_clicks, "error click"),
        (true, counts.js_errors, "JavaScript error"),
        (true, counts.console_errors, "console error"),
        (true, counts.failed_requests, "failed request"),
        (false, counts.console_warnings, "console warning"),
        (false, Some(counts.clicks), "click"),
        (false, Some(counts.scrolls), "scroll"),
    ];
    let counted = counted.into_iter().filter_map(|(is_trouble, count, noun)| {
        Some((is_trouble, count.filter(|n| *n > 0)?, noun))
    });
    let mut counted: Vec<_> = counted
        .map(|(is_trouble, count, noun)| Counted {
            text: format::count(count, noun),
            is_trouble,
        })
        .collect();
    if counts.fields_edited > 0 {
        let text = format!("{} edited", format::count(counts.fields_edited, "field"));
        counted.push(Counted {
            text,
            is_trouble: false,
        });
    }
    let not_recorded = words::not_recorded(&summary.not_recorded);
    counted.extend(not_recorded.map(|text| Counted {
        text,
        is_trouble: false,
    }));
    counted
}
