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
use super::preceding_session::{MAX_EVENTS, PrecedingSession};
use crate::position::Position;
use crate::target::Target;

/// Longest name of the last page, characters: one line of the panel.
const MAX_PAGE_CHARS: usize = 40;

/// What a list shows.
#[derive(Debug)]
pub(crate) struct SessionList<'a> {
    /// What ties them to the contact.
    pub(crate) evidence: &'a MatchEvidence,
    /// The session that led to the conversation.
    pub(crate) before: Option<PrecedingSession<'a>>,
    /// Newest first.
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

/// The view that a conversation opens with: as many sessions as fit below what is more urgent, and where not
/// even one fits, less of that.
fn first(list: &SessionList<'_>, frame: &Frame) -> Result<Vec<Component>, CanvasError> {
    let (mut shown, mut events) = (list.sessions.len(), MAX_EVENTS);
    loop {
        let components = first_of(list, shown, events, frame)?;
        if height(&components) <= FIRST_CANVAS_PX {
            return Ok(components);
        }
        match (shown, events) {
            (0..=1, 0) => return Ok(components),
            (0..=1, _) => events -= 1,
            _ => shown -= 1,
        }
    }
}

/// The first view with so many sessions, and so many events before the conversation; without any, nothing of
/// that.
fn first_of(
    list: &SessionList<'_>,
    shown: usize,
    events: usize,
    frame: &Frame,
) -> Result<Vec<Component>, CanvasError> {
    let evidence = list.evidence;
    let telling = list.sessions.iter();
    let telling = telling.filter(|row| evidence.is_telling(&row.person));
    let mut components = Vec::<Component>::new();
    components.extend(evidence.notice().map(Into::into));
    components.extend(live::draw(telling, |person| evidence.mark(person), frame).map(Into::into));
    if let Some(before) = list.before.as_ref().filter(|_| events > 0) {
        components.extend(before.draw(evidence.mark(before.person()), events, frame)?);
    }
    components.extend(evidence.matched().map(Into::into));
    components.push(items(&list.sessions[..shown], evidence, frame)?);
    components.extend(attention(frame).map(Into::into));
    if shown < list.sessions.len() || list.position.has_more() {
        components.push(more().into());
    }
    components.extend(view_all(frame).map(Component::from));
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
    components.extend(view_all(frame).map(Component::from));
    components.push(Divider::new().into());
    components.push(Button::link(Target::Newer.to_string(), back, Action::Submit).into());
    Ok(components)
}

fn items(
    sessions: &[SessionRow],
    evidence: &MatchEvidence,
    frame: &Frame,
) -> Result<Component, CanvasError> {
    let items = sessions.iter().map(|row| item(row, evidence, frame));
    Ok(List::new(items)?.into())
}

/// One session: when, how certain it is, how long, what went wrong, and the page it ended on.
fn item(row: &SessionRow, evidence: &MatchEvidence, frame: &Frame) -> ListItem {
    let summary = &row.summary;
    let preview = preview(summary);
    let subtitle = match evidence.mark(&row.person) {
        Some(mark) => format!("{mark} · {preview}"),
        None => preview,
    };
    let item = ListItem::new(
        Target::Session(row.cursor.clone()).to_string(),
        format::date_and_time(summary.started_at, &frame.timezone),
    );
    let item = item.subtitle(subtitle).on_click(Action::Submit);
    match &summary.last_url {
        Some(url) => item.tertiary_text(format::clip(&format::page(url), MAX_PAGE_CHARS)),
        None => item,
    }
}

/// `41s, 30s active · 4 pages · 5 errors · 1 rage click`; what did not happen is left out,
/// what is not recorded is not.
fn preview(summary: &Summary) -> String {
    let counts = summary.counts;
    let length = format::duration(summary.duration_ms);
    let active = format::duration(summary.active_ms);
    let happened = [
        (summary.pages.len() as u64, "page"),
        (counts.known_errors(), "error"),
        (counts.rage_clicks, "rage click"),
        (counts.dead_clicks, "dead click"),
    ];
    let happened = happened.into_iter().filter(|(count, _)| *count > 0);
    let mut parts = vec![match length == active {
        true => format!("{length}, all active"),
        false => format!("{length}, {active} active"),
    }];
    parts.extend(happened.map(|(count, noun)| format::count(count, noun)));
    parts.extend(words::not_recorded(&summary.not_recorded));
    if summary.incomplete {
        parts.push("incomplete".to_owned());
    }
    parts.join(" · ")
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

/// Opens the page of all sessions.
pub(crate) fn view_all(frame: &Frame) -> Option<Button> {
    let url = frame.links.all_sessions()?;
    Some(Button::link("all", "View all sessions", url))
}

#[cfg(test)]
mod tests;
