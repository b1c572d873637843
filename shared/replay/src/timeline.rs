//! The key moments of a session, in order.

use crate::activity::Activities;
use crate::clicks::{Episode, Episodes};
use crate::definitions::{MAX_TIMELINE, MAX_TIMELINE_BYTES};
use crate::fingerprint::Fingerprint;
use crate::fold::Fold;
use crate::pages::since;
use crate::summary::{IDLE_LABEL, Moment, MomentKind, Page};

/// Lists what is worth a teammate's look.
pub(crate) fn timeline(
    fold: &Fold,
    activities: &Activities,
    episodes: &Episodes,
    pages: &[Page],
    started: i64,
) -> Vec<Moment> {
    let mut moments = Vec::new();
    let moment = |at: i64, kind, label: String, count| Moment {
        at_ms: since(started, at),
        fingerprint: fingerprint(kind, &label),
        kind,
        label,
        count,
        last_at_ms: None,
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
        episodes
            .iter()
            .map(|episode| moment(episode.at, kind, say(episode), episode.clicks))
            .collect::<Vec<_>>()
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
    for message in &fold.trouble.messages {
        moments.push(moment(
            message.at,
            message.kind,
            message.text.clone(),
            message.count,
        ));
    }
    for run in &fold.fields.runs {
        let more = run.fields - run.names.len() as u64;
        let mut label = format!("Edited {}", run.names.join(", "));
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
    moments
}

/// The rows of a summary. When there is too much, trouble goes before routine.
pub(crate) fn chosen(mut moments: Vec<Moment>) -> Vec<Moment> {
    moments.sort_by_key(|moment| (rank(moment.kind), moment.at_ms));
    moments.truncate(MAX_TIMELINE);
    let mut room = MAX_TIMELINE_BYTES;
    moments.retain(|moment| match room.checked_sub(moment.label.len()) {
        Some(rest) => {
            room = rest;
            true
        }
        None => false,
    });
    moments.sort_by_key(|moment| (moment.at_ms, moment.kind));
    moments
}

/// Of what counts as a problem, without the numbers in it.
fn fingerprint(kind: MomentKind, label: &str) -> Option<Fingerprint> {
    let is_problem = matches!(
        kind,
        MomentKind::RageClick
            | MomentKind::DeadClick
            | MomentKind::JsError
            | MomentKind::ConsoleError
            | MomentKind::FailedRequest
    );
    let words: String = label
        .chars()
        .filter(|character| !character.is_ascii_digit())
        .collect();
    is_problem.then(|| Fingerprint::of(kind, &[&words]))
}

/// What is kept first when there is no room for all.
fn rank(kind: MomentKind) -> u8 {
    match kind {
        MomentKind::RageClick
        | MomentKind::RefusedPress
        | MomentKind::DeadClick
        | MomentKind::SlowClick
        | MomentKind::ErrorClick
        | MomentKind::JsError => 0,
        MomentKind::ConsoleError | MomentKind::FailedRequest => 1,
        MomentKind::Page => 2,
        MomentKind::Input | MomentKind::Resize | MomentKind::Idle => 3,
    }
}
