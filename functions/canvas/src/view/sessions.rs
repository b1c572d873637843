//! The list of sessions: the small first view, and the full pages behind "Show more".

use intercom::canvas::{
    Action, Button, Canvas, CanvasError, Component, Divider, FIRST_CANVAS_PX, List, ListItem,
    Markdown, Text, height,
};
use pages::{format, words};
use replay::Summary;
use store::SessionRow;

use super::evidence::MatchEvidence;
use super::frame::Frame;
use super::live;
use super::others::Others;
use super::told_session::{MAX_MOMENTS, ToldSession};
use crate::position::{PAGE_SESSIONS, Position};
use crate::target::Target;

/// Longest name of the last page, characters: one line of the panel.
const MAX_PAGE_CHARS: usize = 40;

/// Longest story of a session in the list, characters: two lines of the panel.
const MAX_STORY_CHARS: usize = 84;

/// Longest story of another session in the first view, characters: one line.
const MAX_FIRST_STORY_CHARS: usize = 42;

/// What a list shows.
#[derive(Debug)]
pub(crate) struct SessionList<'a> {
    /// What ties them to the contact.
    pub(crate) evidence: &'a MatchEvidence,
    /// The session that is told first.
    pub(crate) told: Option<ToldSession<'a>>,
    /// Who else had the problems of that one.
    pub(crate) others: &'a Others,
    /// Newest first: those of a page, or as many as are counted of the first view.
    pub(crate) sessions: &'a [SessionRow],
    /// Where in the list this is, and where it goes on.
    pub(crate) position: Position,
}

/// Draws the part of the list that its position asks for.
pub(crate) fn draw(list: &SessionList<'_>, frame: &Frame) -> Result<Canvas, CanvasError> {
    let components = match list.position.is_first() {
        true => first(list, frame)?,
        false => page(list, frame)?,
    };
    Canvas::with_stored_data(components, &list.position)
}

/// The view that a conversation opens with: first what happened, then as many other sessions as fit, and
/// where none does, less of what happened.
fn first(list: &SessionList<'_>, frame: &Frame) -> Result<Vec<Component>, CanvasError> {
    let told = list.told.as_ref().map(|told| &told.session.cursor);
    let others = list.sessions.iter();
    let others: Vec<&SessionRow> = others.filter(|row| Some(&row.cursor) != told).collect();
    // Where nothing is told, there is nothing but the list.
    let least = usize::from(told.is_none());
    let (mut shown, mut moments) = (others.len().min(PAGE_SESSIONS), MAX_MOMENTS);
    loop {
        let components = first_of(list, (&others[..shown], others.len()), moments, frame)?;
        if height(&components) <= FIRST_CANVAS_PX {
            return Ok(components);
        }
        match (shown, moments) {
            (shown, 0) if shown <= least && least == 0 => {
                let untold = SessionList {
                    told: None,
                    position: list.position.clone(),
                    ..*list
                };
                return first(&untold, frame);
            }
            (shown, 0) if shown <= least => return Ok(components),
            (shown, _) if shown <= least => moments -= 1,
            _ => shown -= 1,
        }
    }
}

/// The first view with these of so many other sessions, and so many moments.
fn first_of(
    list: &SessionList<'_>,
    (shown, others): (&[&SessionRow], usize),
    moments: usize,
    frame: &Frame,
) -> Result<Vec<Component>, CanvasError> {
    let evidence = list.evidence;
    let telling = list.sessions.iter();
    let telling = telling.filter(|row| evidence.is_telling(&row.person));
    let mut components = Vec::<Component>::new();
    components.extend(evidence.notice().map(Into::into));
    components.extend(live::draw(telling, |person| evidence.mark(person), frame).map(Into::into));
    if let Some(told) = &list.told {
        components.extend(told.draw(evidence.mark(told.person()), moments, list.others, frame)?);
    }
    components.extend(evidence.doubtful().map(Into::into));
    if !shown.is_empty() {
        let others = shown.iter().map(|row| item_in_brief(row, evidence, frame));
        components.push(List::new(others)?.into());
    }
    components.extend(attention(frame).map(Into::into));
    if shown.len() < others || list.position.has_more() {
        components.push(more().into());
    }
    let count = list.sessions.len();
    let all = match list.position.has_more() {
        true => format!("All {count}+ sessions"),
        false => format!("All {}", format::count(count as u64, "session")),
    };
    components.extend(view_all(&all, frame).map(Component::from));
    Ok(components)
}

/// A full page.
fn page(list: &SessionList<'_>, frame: &Frame) -> Result<Vec<Component>, CanvasError> {
    let mut components = Vec::<Component>::new();
    if list.sessions.is_empty() {
        components.push(Text::muted("There are no older sessions.").into());
    } else {
        components.extend(list.evidence.notice().map(Into::into));
        components.extend(list.evidence.matched().map(Into::into));
        components.push(items(list.sessions, list.evidence, frame)?);
    }
    if list.position.has_more() {
        components.push(more().into());
    }
    let back = if list.position.has_newer() {
        "Newer"
    } else {
        "Back"
    };
    components.extend(view_all(ALL_SESSIONS, frame).map(Component::from));
    components.push(Divider::new().into());
    components.push(Button::link(Target::Newer.to_string(), back, Action::Submit).into());
    Ok(components)
}

fn items<'a>(
    sessions: impl IntoIterator<Item = &'a SessionRow>,
    evidence: &MatchEvidence,
    frame: &Frame,
) -> Result<Component, CanvasError> {
    let sessions = sessions.into_iter();
    let items = sessions.map(|row| item(row, evidence, frame));
    Ok(List::new(items)?.into())
}

/// One session: when, how certain it is, what went wrong, how long, and the page it ended on.
fn item(row: &SessionRow, evidence: &MatchEvidence, frame: &Frame) -> ListItem {
    let summary = &row.summary;
    let item = titled(row, evidence, preview(summary), frame);
    match &summary.last_url {
        Some(url) => item.tertiary_text(format!(
            "ended on {}",
            format::clip(&format::page(url), MAX_PAGE_CHARS)
        )),
        None => item,
    }
}

/// One session in two lines: when, how certain it is, and what went wrong.
fn item_in_brief(row: &SessionRow, evidence: &MatchEvidence, frame: &Frame) -> ListItem {
    let summary = &row.summary;
    let told = match story(summary) {
        Some(story) => format::clip_words(story, MAX_FIRST_STORY_CHARS),
        None => preview(summary),
    };
    titled(row, evidence, told, frame)
}

fn titled(row: &SessionRow, evidence: &MatchEvidence, told: String, frame: &Frame) -> ListItem {
    let subtitle = match evidence.mark(&row.person) {
        Some(mark) => format!("{mark} · {told}"),
        None => told,
    };
    let item = ListItem::new(
        Target::Session(row.cursor.clone()).to_string(),
        format::date_and_time(row.summary.started_at, &frame.timezone),
    );
    item.subtitle(subtitle).on_click(Action::Submit)
}

/// The sentence of a session in which something went wrong.
fn story(summary: &Summary) -> Option<&str> {
    let is_told = !summary.problems.is_empty() && !summary.story.is_empty();
    is_told.then(|| summary.story.trim_end_matches('.'))
}

/// What went wrong, in words, and how long it took: `Pressed "Pay" 5 times … · 41s (30s active)`. Where
/// nothing did, how long and how many pages; what is not recorded is not passed over.
fn preview(summary: &Summary) -> String {
    let length = format::duration(summary.duration_ms);
    let active = format::duration(summary.active_ms);
    let time = match length == active {
        true => length,
        false => format!("{length} ({active} active)"),
    };
    let mut parts = Vec::new();
    parts.extend(story(summary).map(|story| format::clip_words(story, MAX_STORY_CHARS)));
    parts.push(time);
    if parts.len() == 1 {
        let happened = happened(summary);
        parts.extend(happened.map(|(count, noun)| format::count(count, noun)));
    }
    parts.extend(words::not_recorded(&summary.not_recorded));
    if summary.incomplete {
        parts.push("incomplete".to_owned());
    }
    parts.join(" · ")
}

/// How often what happened, but for what did not.
fn happened(summary: &Summary) -> impl Iterator<Item = (u64, &'static str)> {
    let counts = summary.counts;
    let happened = [
        (summary.pages.len() as u64, "page"),
        (counts.known_errors(), "error"),
        (counts.rage_clicks, "rage click"),
        (counts.dead_clicks, "dead click"),
    ];
    happened.into_iter().filter(|(count, _)| *count > 0)
}

/// What is wrong with the connection, and where to mend it.
fn attention(frame: &Frame) -> Option<Text> {
    if !frame.needs_attention {
        return None;
    }
    let text = Markdown::from("Intercom has refused our access: ");
    Some(Text::muted(match frame.links.settings() {
        Some(url) => text.link("connect again", &url),
        None => text.plain("an admin has to connect again."),
    }))
}

fn more() -> Button {
    Button::link(Target::More.to_string(), "Show more", Action::Submit)
}

/// Names the sessions of a person where nobody has counted them.
pub(crate) const ALL_SESSIONS: &str = "All sessions";

/// Opens the page of all sessions: `All 13 sessions of Ada Whitfield`
pub(crate) fn view_all(all: &str, frame: &Frame) -> Option<Button> {
    let url = frame.links.all_sessions()?;
    let label = match &frame.name {
        Some(name) => format!("{all} of {name}"),
        None => all.to_owned(),
    };
    Some(Button::link("all", label, url))
}

#[cfg(test)]
mod tests;
