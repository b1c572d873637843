//! What a visit was about in which nothing went wrong.

use super::Visit;
use super::clause::path;
use crate::definitions::{IDLE_MS, MAX_STORY_CHARS};
use crate::moment::MomentKind;

pub(super) fn sentence(visit: Visit<'_>) -> String {
    let looked = format!("{}{}", looked_at(visit), how_long(visit));
    let filled = filled_in(visit);
    let last = match visit.pages {
        [_, .., last] => Some(format!(", last {}", path(&last.url))),
        _ => None,
    };
    let last = last.unwrap_or_default();
    let mut wordings = Vec::new();
    if let Some(filled) = &filled {
        wordings.push(format!("{looked}{last}; {filled}."));
        wordings.push(format!("{looked}; {filled}."));
    }
    wordings.push(format!("{looked}{last}."));
    let short = format!("{looked}.");
    let fits = |wording: &String| wording.chars().count() <= MAX_STORY_CHARS;
    wordings.into_iter().find(fits).unwrap_or(short)
}

fn looked_at(visit: Visit<'_>) -> String {
    match visit.pages {
        [] => "Looked around".to_owned(),
        [page] => match path(&page.url) {
            // A long one leaves no room for what is said of it.
            long if long.chars().count() > MAX_STORY_CHARS / 2 => "Looked at one page".to_owned(),
            path => format!("Looked at {path}"),
        },
        pages => format!("Looked at {} pages", pages.len()),
    }
}

/// How long, and for how much of it somebody was there.
fn how_long(visit: Visit<'_>) -> String {
    let idle = visit.duration_ms.saturating_sub(visit.active_ms);
    let is_mostly_idle = idle >= IDLE_MS.cast_unsigned() && visit.active_ms < visit.duration_ms / 2;
    match (is_mostly_idle, visit.active_ms / 1_000) {
        (false, _) => format!(" for {}", span(visit.duration_ms)),
        (true, 0) => format!(" for {} without doing anything", span(visit.duration_ms)),
        (true, _) => format!(
            " in {}, active for {}",
            span(visit.duration_ms),
            span(visit.active_ms)
        ),
    }
}

/// A time in the largest unit of which there are two.
fn span(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    let (count, unit) = match seconds {
        0 => return "a moment".to_owned(),
        1..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        _ => (seconds / 3_600, "hour"),
    };
    match count {
        1 => format!("1 {unit}"),
        count => format!("{count} {unit}s"),
    }
}

/// What was typed into, if there was anything.
fn filled_in(visit: Visit<'_>) -> Option<String> {
    let inputs = visit
        .moments
        .iter()
        .filter(|moment| moment.kind == MomentKind::Input);
    match inputs.map(|moment| moment.count).sum::<u64>() {
        0 => None,
        1 => Some("filled in one field".to_owned()),
        fields => Some(format!("filled in {fields} fields")),
    }
}
