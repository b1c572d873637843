//! From clicks and their effects to rage, dead, slow and error clicks.

use hashbrown::HashSet;

use super::{Click, Clicks, Refused};
use crate::definitions::{
    EPISODE_GAP_MS, LEAST_WATCHED_MS, RAGE_CLICKS, RAGE_GAP_MS, RAGE_RADIUS_PX,
};
use crate::event::NodeId;
use crate::told::Told;

/// What the clicks of a session amount to.
#[derive(Debug, Default)]
pub(crate) struct Episodes {
    /// All clicks that somebody made.
    pub(crate) clicks: u64,
    pub(crate) rage: Vec<Episode>,
    pub(crate) dead: Vec<Episode>,
    pub(crate) slow: Vec<Episode>,
    pub(crate) error: Vec<Episode>,
    /// Angry presses of what is switched off. They are no clicks, so they count as none.
    pub(crate) refused: Vec<Episode>,
}

/// Clicks that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Episode {
    /// Of the first click.
    pub(crate) at: i64,
    pub(crate) clicks: u64,
    pub(crate) label: String,
    /// How long a slow click had to wait (the first of several), milliseconds; 0 for others.
    pub(crate) waited_ms: i64,
}

impl Episode {
    fn of(click: &Click) -> Self {
        Self {
            at: click.at,
            clicks: 1,
            label: click.label.to_string(),
            waited_ms: 0,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It did something, or nothing was expected of it, or too little was seen.
    Fine,
    Dead,
    /// How long it took, milliseconds.
    Slow(i64),
}

/// Judges every click, as if the recording ended at `end`.
pub(crate) fn judge(mut clicks: Clicks, end: i64, told: Told) -> Episodes {
    clicks.finish(end);
    clicks.doubt_masked();
    if !(told.requests && told.errors) {
        clicks.doubt_silence();
    }
    let mut episodes = Episodes {
        clicks: clicks.total,
        rage: rage(&clicks.clicks),
        ..Episodes::default()
    };
    episodes
        .refused
        .extend(clicks.refused.iter().filter_map(refused));
    let (mut last_dead, mut last_slow) = (None, None);
    for click in &clicks.clicks {
        match click.verdict() {
            Verdict::Fine => {}
            Verdict::Slow(waited_ms) => {
                join(
                    &mut episodes.slow,
                    last_slow.replace(click),
                    click,
                    waited_ms,
                );
            }
            Verdict::Dead => join(&mut episodes.dead, last_dead.replace(click), click, 0),
        }
        if click.threw() {
            episodes.error.push(Episode::of(click));
        }
    }
    episodes
}

impl Clicks {
    /// A recorder that tells no requests, or no errors, cannot show that a click did nothing. Where one
    /// control alone is silent, its silence tells all the same. Where several are, they may have done
    /// what is not recorded: then only the visitor's own hand tells, who pressed again and again.
    fn doubt_silence(&mut self) {
        let silent = self
            .clicks
            .iter()
            .filter(|click| click.verdict() == Verdict::Dead);
        let controls: HashSet<(u32, NodeId)> =
            silent.map(|click| (click.page, click.control)).collect();
        if controls.len() <= 1 {
            return;
        }
        let angry: HashSet<i64> = bursts(&self.clicks)
            .filter(|burst| rage_of(burst).is_some())
            .flatten()
            .map(|click| click.at)
            .collect();
        for click in &mut self.clicks {
            click.is_unproven = !angry.contains(&click.at);
        }
    }

    /// What is masked cannot be judged by its text: a stepper changes the value, and the stars stay. A
    /// control that has written to a masked field once may have done so at every press, and so may those
    /// beside it.
    fn doubt_masked(&mut self) {
        let mut writes: HashSet<(u32, NodeId)> = HashSet::new();
        for click in &self.clicks {
            if let Some(field) = click.wrote_masked {
                writes.extend([(click.page, click.control), (click.page, field)]);
            }
        }
        for click in &mut self.clicks {
            let by = |node: NodeId| writes.contains(&(click.page, node));
            click.is_unshown |= by(click.control) || by(click.beside_field);
        }
    }
}

/// Somebody's angry presses of what is switched off.
fn refused(refused: &Refused) -> Option<Episode> {
    (refused.presses >= RAGE_CLICKS as u64).then(|| Episode {
        at: refused.at,
        clicks: refused.presses,
        label: refused.label.to_string(),
        waited_ms: 0,
    })
}

/// Adds the click to the last episode if it goes on with it: the same control, soon after.
fn join(episodes: &mut Vec<Episode>, last: Option<&Click>, click: &Click, waited_ms: i64) {
    let goes_on = last.is_some_and(|last| {
        last.control == click.control
            && last.page == click.page
            && click.at - last.at <= EPISODE_GAP_MS
    });
    match episodes.last_mut().filter(|_| goes_on) {
        Some(episode) => episode.clicks += 1,
        None => episodes.push(Episode {
            waited_ms,
            ..Episode::of(click)
        }),
    }
}

impl Click {
    fn verdict(&self) -> Verdict {
        let watched = self.closed_at.unwrap_or(self.opened_at) - self.opened_at;
        let is_known = self.expects_answer && !self.is_unshown;
        if !is_known || self.is_answered() || self.has_failed() {
            return Verdict::Fine;
        }
        if let Some(late) = self.late_at()
            && (self.requests().is_empty() || self.is_answer_to_request(late))
        {
            return Verdict::Slow(late - self.opened_at);
        }
        if self.is_unproven || !self.requests().is_empty() || watched < LEAST_WATCHED_MS {
            return Verdict::Fine;
        }
        Verdict::Dead
    }
}

fn rage(clicks: &[Click]) -> Vec<Episode> {
    bursts(clicks).filter_map(rage_of).collect()
}

/// Clicks one soon after another, at the same place.
fn bursts(clicks: &[Click]) -> impl Iterator<Item = &[Click]> {
    let mut rest = clicks;
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let goes_on = |two: &&[Click]| {
            let (last, click) = (&two[0], &two[1]);
            click.at - last.at <= RAGE_GAP_MS
                && click.page == first.page
                && (click.x - first.x).hypot(click.y - first.y) <= RAGE_RADIUS_PX
        };
        let more = rest.windows(2).take_while(goes_on).count();
        let (burst, others) = rest.split_at(1 + more);
        rest = others;
        Some(burst)
    })
}

/// The rage click that a burst of clicks is, unless it was answered, typed into, or selected text; or nothing
/// can be said, because a key was held or the answers do not show.
fn rage_of(burst: &[Click]) -> Option<Episode> {
    let first = burst.first()?;
    let answered = burst
        .iter()
        .filter(|click| click.is_answered_at_once())
        .count();
    let selects = |click: &Click| click.selected_text && !click.interactive;
    if burst.len() < RAGE_CLICKS
        || 2 * answered >= burst.len()
        || burst.iter().any(|click| click.in_text_field)
        || burst.iter().any(selects)
        || burst.iter().any(|click| click.by_key || click.is_unshown)
    {
        return None;
    }
    Some(Episode {
        clicks: burst.len() as u64,
        ..Episode::of(first)
    })
}
