//! The key moments of a session, in order: all of them, and the rows of a summary.

mod choice;

use serde::Serialize;

use crate::activity::Activities;
use crate::clicks::{Episode, Episodes};
use crate::definitions::MAX_MOMENTS;
use crate::fingerprint::Fingerprint;
use crate::fold::Fold;
use crate::pages::since;
use crate::spread::{Place, thin};
use crate::summary::{IDLE_LABEL, Moment, MomentKind, Page};

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
    /// As rows: all of them, and those of a summary.
    pub(crate) fn rows(&self) -> (u64, Vec<Moment>) {
        let rows = choice::rows(&self.moments);
        (rows.len() as u64, choice::chosen(rows))
    }
}

/// Lists what is worth a teammate's look.
pub(crate) fn timeline(
    fold: &Fold,
    activities: &Activities,
    episodes: &Episodes,
    pages: &[Page],
    started: i64,
) -> Timeline {
    let mut moments = Vec::new();
    let moment = |at: i64, kind, label: String, count| Moment {
        at_ms: since(started, at),
        kind,
        label,
        count,
        last_at_ms: None,
        fingerprint: None,
    };
    for page in pages {
        moments.push(Moment {
            at_ms: page.at_ms,
            kind: MomentKind::Page,
            label: page.url.clone(),
            count: 1,
            last_at_ms: None,
            fingerprint: None,
        });
    }
    let clicks = |kind, episodes: &[Episode], say: fn(&Episode) -> String| {
        let moment = |episode: &Episode| {
            let row = moment(episode.at, kind, say(episode), episode.clicks);
            let is_problem = matches!(kind, MomentKind::RageClick | MomentKind::DeadClick);
            let page = page_at(pages, row.at_ms);
            Moment {
                fingerprint: is_problem
                    .then(|| Fingerprint::of_control(kind, &episode.label, page)),
                ..row
            }
        };
        episodes.iter().map(moment).collect::<Vec<_>>()
    };
    moments.extend(clicks(MomentKind::RageClick, &episodes.rage, |episode| {
        format!("Rage click on {}", episode.label)
    }));
    moments.extend(clicks(MomentKind::DeadClick, &episodes.dead, |episode| {
        format!("Dead click on {}", episode.label)
    }));
    moments.extend(clicks(MomentKind::SlowClick, &episodes.slow, |episode| {
        let seconds = episode.waited_ms as f64 / 1_000.0;
        format!("Slow click on {}: {seconds:.1} s", episode.label)
    }));
    moments.extend(clicks(MomentKind::ErrorClick, &episodes.error, |episode| {
        format!("Error after a click on {}", episode.label)
    }));
    moments.extend(clicks(
        MomentKind::RefusedPress,
        &episodes.refused,
        |episode| format!("Pressed {}, which is switched off", episode.label),
    ));
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
        let label = format!("{IDLE_LABEL}{} s", pause / 1_000);
        moments.push(moment(*at, MomentKind::Idle, label, 1));
    }
    moments.sort_by_key(|moment| (moment.at_ms, moment.kind));
    let are_too_many = moments.len() > MAX_MOMENTS;
    if are_too_many {
        thin(&mut moments, MAX_MOMENTS, |moment| Place {
            at: moment.at_ms.cast_signed(),
            rank: rank(moment.kind),
        });
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

/// How bad a moment is: the worst has the smallest.
pub(crate) fn rank(kind: MomentKind) -> u8 {
    match kind {
        MomentKind::RageClick => 0,
        MomentKind::JsError => 1,
        MomentKind::ErrorClick => 2,
        MomentKind::RefusedPress => 3,
        MomentKind::FailedRequest => 4,
        MomentKind::DeadClick => 5,
        MomentKind::SlowClick => 6,
        MomentKind::ConsoleError => 7,
        MomentKind::Page => 8,
        MomentKind::Input => 9,
        MomentKind::Idle => 10,
        MomentKind::Resize => 11,
    }
}
