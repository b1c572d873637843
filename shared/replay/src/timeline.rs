//! The key moments of a session, in order: all of them, and the rows of a summary.

mod choice;

use serde::Serialize;

use crate::activity::Activities;
use crate::clicks::{Episode, Episodes};
use crate::definitions::MAX_MOMENTS;
use crate::fingerprint::Fingerprint;
use crate::fold::Fold;
use crate::moment::{Moment, MomentKind, click_label, idle_label};
use crate::pages::since;
use crate::spread::thin;
use crate::summary::Page;

/// All key moments of a recording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// In order; at most [`crate::definitions::MAX_MOMENTS`].
    pub moments: Vec<Moment>,
    /// Whether nothing had to be left out.
    #[serde(rename = "complete")]
    pub is_complete: bool,
}

impl Timeline {
    /// As rows: how many there are, and those of a summary.
    pub(crate) fn into_rows(self) -> (u64, Vec<Moment>) {
        let rows = choice::rows(self.moments);
        (rows.len() as u64, choice::chosen(rows))
    }
}

/// At most so many of the moments, which are in order: the worst of each stretch of the visit, and what was
/// first and last.
#[must_use]
pub fn most_telling(moments: &[Moment], room: usize) -> Vec<Moment> {
    let mut telling = moments.to_vec();
    if telling.len() > room {
        thin(&mut telling, room, choice::place);
    }
    telling
}

/// Lists what is worth a teammate's look.
pub(crate) fn timeline(
    fold: &Fold,
    activities: &Activities,
    episodes: &Episodes,
    pages: &[Page],
    started: i64,
) -> Timeline {
    let moment =
        |at: i64, kind, label: String, count| Moment::new(since(started, at), kind, label, count);
    let opened = |page: &Page| Moment::new(page.at_ms, MomentKind::Page, page.url.clone(), 1);
    let mut moments: Vec<Moment> = pages.iter().map(opened).collect();
    for (kind, episodes) in [
        (MomentKind::RageClick, &episodes.rage),
        (MomentKind::DeadClick, &episodes.dead),
        (MomentKind::SlowClick, &episodes.slow),
        (MomentKind::ErrorClick, &episodes.error),
        (MomentKind::RefusedPress, &episodes.refused),
    ] {
        let row = |episode: &Episode| {
            let label = click_label(kind, &episode.label, episode.waited_ms);
            let row = moment(episode.at, kind, label, episode.clicks);
            let is_problem = MomentKind::PROBLEMS.contains(&kind);
            let page = page_at(pages, row.at_ms);
            Moment {
                fingerprint: is_problem
                    .then(|| Fingerprint::of_control(kind, &episode.label, page)),
                ..row
            }
        };
        moments.extend(episodes.iter().map(row));
    }
    for message in fold.trouble.messages.occurrences() {
        let lasts = message.last_at > message.at;
        moments.push(Moment {
            last_at_ms: lasts.then(|| since(started, message.last_at)),
            fingerprint: Some(message.fingerprint),
            ..moment(
                message.at,
                message.kind,
                message.text.to_owned(),
                message.count,
            )
        });
    }
    for run in &fold.fields.runs {
        let more = run.fields - run.names.len() as u64;
        let mut label = format!("Filled in {}", run.names.join(", "));
        if more > 0 {
            label.push_str(&format!(" and {more} more"));
        }
        moments.push(moment(run.at, MomentKind::Input, label, run.fields));
    }
    for (at, viewport) in &fold.seen.resizes {
        let label = format!("Window resized to {} × {}", viewport.width, viewport.height);
        moments.push(moment(*at, MomentKind::Resize, label, 1));
    }
    for (at, pause) in &activities.pauses {
        moments.push(moment(*at, MomentKind::Idle, idle_label(*pause), 1));
    }
    moments.sort_by_key(|moment| (moment.at_ms, moment.kind));
    let are_too_many = moments.len() > MAX_MOMENTS;
    if are_too_many {
        thin(&mut moments, MAX_MOMENTS, choice::place);
    }
    let are_thinned = [
        fold.pages.are_thinned,
        fold.fields.are_thinned,
        fold.trouble.messages.are_thinned,
        are_too_many,
    ];
    Timeline {
        moments,
        is_complete: !are_thinned.contains(&true),
    }
}

/// The page that was open at a moment.
fn page_at(pages: &[Page], at_ms: u64) -> &str {
    let after = pages.partition_point(|page| page.at_ms <= at_ms);
    let page = pages.get(after.saturating_sub(1));
    page.map_or("", |page| &page.url)
}
