//! One session: what happened in it, each moment a link into the recording.

use intercom::HttpsUrl;
use intercom::canvas::{
    Action, Button, Canvas, CanvasError, Component, DataTable, Divider, FieldValue, Input, List,
    ListItem, Text,
};
use jiff::Timestamp;
use pages::{format, words};
use replay::{Counts, Device, Fingerprint, Summary};
use store::SessionRow;

use super::evidence::MatchEvidence;
use super::frame::Frame;
use super::moment;
use super::others::{self, Others};
use super::sessions::{ALL_SESSIONS, view_all};
use crate::position::Position;
use crate::target::Target;

/// Pages listed.
const MAX_PAGES: usize = 12;

/// Moments listed; a summary has many more, and a panel is no place to read them.
const MAX_MOMENTS: usize = 20;

/// Problems listed.
const MAX_PROBLEMS: usize = 5;

/// Draws a session's details.
pub(crate) fn details(
    row: &SessionRow,
    evidence: &MatchEvidence,
    others: &Others,
    frame: &Frame,
    position: &Position,
) -> Result<Canvas, CanvasError> {
    let summary = &row.summary;
    let mut components = heading(summary, frame);
    components.extend(evidence.note(&row.person).map(Into::into));
    if !summary.story.is_empty() {
        let story = ListItem::new("story", summary.story.as_str());
        components.push(List::new([story])?.into());
    }
    components.extend(view_session(row, frame).map(Component::from));
    components.extend(problems(row, others, frame)?);
    components.extend(timeline(row, frame)?);
    components.extend([
        section("In numbers"),
        DataTable::new(numbers(summary))?.into(),
    ]);
    components.extend(pages(summary)?);
    components.extend(device(&summary.device)?);
    components.extend(evidence.matched_for_certain(&row.person).map(Into::into));
    components.push(Divider::new().into());
    if frame.links.recording(&row.session_id, 0).is_some() {
        let link = Target::Link(row.cursor.clone());
        components.push(Button::link(link.to_string(), "Get a share link", Action::Submit).into());
    }
    components.extend(view_all(ALL_SESSIONS, frame).map(Component::from));
    components.push(Divider::new().into());
    components.push(back_to(&Target::Sessions).into());
    Canvas::with_stored_data(components, position)
}

/// A link to hand on.
#[derive(Debug, Clone)]
pub(crate) struct LinkToCopy {
    /// Where it leads.
    pub(crate) url: HttpsUrl,
    /// When it stops opening to whoever has it; `None` where that is not for us to say.
    pub(crate) until: Option<Timestamp>,
}

/// Draws a session's link, to copy: nothing in the Inbox can put it on the clipboard for the teammate.
pub(crate) fn link(
    row: &SessionRow,
    link: &LinkToCopy,
    frame: &Frame,
    position: &Position,
) -> Result<Canvas, CanvasError> {
    let date = format::date_and_time(row.summary.started_at, &frame.timezone);
    let mut components: Vec<Component> = vec![
        Text::header(date).into(),
        Text::muted("Select the link and copy it.").into(),
        Input::new("url")
            .label("Link to this session")
            .value(link.url.as_str())
            .into(),
    ];
    components.extend(link.until.map(|until| {
        let until = format::date_and_time(until, &frame.timezone);
        let opens = format!(
            "Anyone with this link can watch this session until {until}. An admin can revoke it in Settings."
        );
        Text::muted(opens).into()
    }));
    components.extend(view_session(row, frame).map(Component::from));
    components.push(Divider::new().into());
    components.push(back_to(&Target::Session(row.cursor.clone())).into());
    Canvas::with_stored_data(components, position)
}

fn heading(summary: &Summary, frame: &Frame) -> Vec<Component> {
    let mut components =
        vec![Text::header(format::date_and_time(summary.started_at, &frame.timezone)).into()];
    if summary.is_live(frame.now) {
        components.push(Text::muted("● Live: this session is still going on.").into());
    }
    if summary.incomplete {
        let lost =
            "Part of this recording was lost: what is counted here happened at least that often.";
        components.push(Text::muted(lost).into());
    }
    components
}

/// How often what happened, what went wrong first. What did not happen is left out, what is not recorded is
/// not.
fn numbers(summary: &Summary) -> Vec<FieldValue> {
    let at_least = if summary.incomplete { "at least " } else { "" };
    let counts: &Counts = &summary.counts;
    let told = [
        ("Rage clicks", Some(counts.rage_clicks)),
        ("Dead clicks", Some(counts.dead_clicks)),
        ("Error clicks", counts.error_clicks),
        ("Slow clicks", Some(counts.slow_clicks)),
        ("JS errors", counts.js_errors),
        ("Failed requests", counts.failed_requests),
        ("Console errors", counts.console_errors),
        ("Warnings", counts.console_warnings),
        ("Pages", Some(summary.pages.len() as u64)),
        ("Clicks", Some(counts.clicks)),
        ("Scrolls", Some(counts.scrolls)),
        ("Fields edited", Some(counts.fields_edited)),
    ];
    let times = [
        ("Duration", format::duration(summary.duration_ms)),
        ("Active time", format::duration(summary.active_ms)),
    ];
    let told = told.into_iter().filter(|(_, count)| *count != Some(0));
    let told = told.map(|(name, count)| match count {
        Some(count) => FieldValue::new(name, format!("{at_least}{count}")),
        None => FieldValue::new(name, words::NOT_RECORDED),
    });
    let times = times.map(|(name, time)| FieldValue::new(name, time));
    told.chain(times).collect()
}

/// The problems that are listed.
pub(crate) fn fingerprints(summary: &Summary) -> Vec<Fingerprint> {
    let listed = summary.problems.iter().take(MAX_PROBLEMS);
    listed.map(|problem| problem.fingerprint).collect()
}

/// What went wrong, the worst first, each a link to its first time.
fn problems(
    row: &SessionRow,
    others: &Others,
    frame: &Frame,
) -> Result<Vec<Component>, CanvasError> {
    let problems = &row.summary.problems;
    if problems.is_empty() {
        return Ok(Vec::new());
    }
    let listed = problems.iter().take(MAX_PROBLEMS).enumerate();
    let items = listed.map(|(place, problem)| {
        let label = format::clip_words(&problem.label, moment::MAX_LABEL_CHARS);
        let label = match problem.count {
            0 | 1 => label,
            count => format!("{count}× {label}"),
        };
        let time = |at_ms| {
            let at = format::wall_clock(row.summary.started_at, at_ms);
            format::time_to_the_second(at, &frame.timezone)
        };
        let first = time(problem.first_at_ms);
        let when = match problem.last_at_ms > problem.first_at_ms {
            true => format!("{first}, last at {}", time(problem.last_at_ms)),
            false => first,
        };
        let item = ListItem::new(format!("problem:{place}"), label).subtitle(when);
        let item = match others::line(Some(problem.fingerprint), others, frame) {
            Some(others) => item.tertiary_text(others),
            None => item,
        };
        match frame
            .links
            .recording(&row.session_id, problem.first_at_ms / 1_000)
        {
            Some(url) => item.on_click(url),
            None => item,
        }
    });
    let mut components = vec![section("What went wrong"), List::new(items)?.into()];
    let more = problems.len().saturating_sub(MAX_PROBLEMS) as u64;
    components.extend(rest(more, "problem"));
    Ok(components)
}

/// Where the visitor was, from when on and for how long.
fn pages(summary: &Summary) -> Result<Vec<Component>, CanvasError> {
    if summary.pages.is_empty() {
        return Ok(Vec::new());
    }
    let rows = summary.pages.iter().take(MAX_PAGES).map(|page| {
        let stay = format!(
            "{} for {}",
            format::offset(page.at_ms),
            format::duration(page.dwell_ms)
        );
        FieldValue::new(stay, format::page(&page.url))
    });
    let mut components = vec![section("Pages"), DataTable::new(rows)?.into()];
    let more = summary.pages.len().saturating_sub(MAX_PAGES) as u64;
    components.extend(rest(more, "page"));
    Ok(components)
}

/// The moments worth a look, each opening the recording at its second.
fn timeline(row: &SessionRow, frame: &Frame) -> Result<Vec<Component>, CanvasError> {
    let moments = &row.summary.timeline;
    if moments.is_empty() {
        return Ok(Vec::new());
    }
    let items = replay::most_telling(moments, MAX_MOMENTS)
        .into_iter()
        .enumerate()
        .map(|(place, moment)| {
            let at = format::wall_clock(row.summary.started_at, moment.at_ms);
            let time = format::time_to_the_second(at, &frame.timezone);
            let item = ListItem::new(format!("moment:{place}"), moment::line(&moment))
                .subtitle(format::offset(moment.at_ms))
                .tertiary_text(time);
            match frame.links.recording(&row.session_id, moment.at_ms / 1_000) {
                Some(url) => item.on_click(url),
                None => item,
            }
        });
    let mut components = vec![section("Timeline"), List::new(items)?.into()];
    let total = row.summary.timeline_total.max(moments.len() as u64);
    components.extend(rest(total.saturating_sub(MAX_MOMENTS as u64), "moment"));
    Ok(components)
}

fn device(device: &Device) -> Result<Vec<Component>, CanvasError> {
    let words = |words: [&Option<String>; 2]| {
        let known: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
        (!known.is_empty()).then(|| known.join(" "))
    };
    let window = device
        .viewport
        .map(|window| format!("{} × {}", window.width, window.height));
    let facts = [
        ("Browser", words([&device.browser, &device.browser_version])),
        ("System", device.os.clone()),
        ("Window", window),
        ("Language", device.language.clone()),
        ("Time zone", device.timezone.clone()),
    ];
    let known = facts
        .into_iter()
        .filter_map(|(name, fact)| Some(FieldValue::new(name, fact?)));
    let rows: Vec<FieldValue> = known.collect();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![section("Device"), DataTable::new(rows)?.into()])
}

fn section(title: &str) -> Component {
    Text::header(title).without_margin().into()
}

/// `3 more moments: open the recording`, when not everything is listed.
fn rest(more: u64, noun: &str) -> Option<Component> {
    let nouns = format::count(more, &format!("more {noun}"));
    (more > 0).then(|| Text::muted(format!("{nouns}: open the recording")).into())
}

fn view_session(row: &SessionRow, frame: &Frame) -> Option<Button> {
    let url = frame.links.recording(&row.session_id, 0)?;
    Some(Button::link("view", "View session", url))
}

fn back_to(target: &Target) -> Button {
    Button::link(target.to_string(), "Back", Action::Submit)
}

#[cfg(test)]
mod tests;
