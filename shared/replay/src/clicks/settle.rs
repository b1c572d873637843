//! What came of a click, once it is known what comes anyway.
//!
//! Half a minute after a click its answers are looked at once more: what keeps a rhythm and was due, what
//! comes so often that chance brought it, and what follows every press wherever it goes, is taken out.

use smallvec::SmallVec;

use super::Clicks;
use super::background::Occurrences;
use super::click::{Answer, Click};
use super::effect::Effect;
use crate::definitions::{
    AROUND_EFFECT_MS, DEAD_MS, FOLLOWS_PRESSES, PRESSES_AROUND, PROMPT_MS, SIDE_EFFECT_MS,
    STREAK_GAP_MS,
};
use crate::event::NodeId;

impl Clicks {
    /// Settles the clicks of which all is known.
    pub(super) fn settle_until(&mut self, now: i64) {
        while let Some(click) = self.clicks.get(self.settled)
            && click.closed_at.is_some()
            && now - click.opened_at > AROUND_EFFECT_MS
        {
            self.settle_next();
        }
    }

    /// Settles all clicks: nothing more of this page is told, or of the recording.
    pub(super) fn settle_all(&mut self) {
        while self.settled < self.clicks.len() {
            self.settle_next();
        }
    }

    fn settle_next(&mut self) {
        let index = self.settled;
        self.settled += 1;
        let Some(click) = self.clicks.get_mut(index) else {
            return;
        };
        click.is_settled = true;
        if click.answers.is_empty() && click.caused.is_none() {
            return;
        }
        let mut answers = std::mem::take(&mut click.answers);
        let mut caused = click.caused.take();
        let click = &self.clicks[index];
        let around = self.presses_around(index);
        answers.retain(|answer| {
            let Some(effect) = answer.effect else {
                return true;
            };
            let at = click.opened_at + answer.after;
            let occurrences = self.background.occurrences(effect);
            let times = occurrences.around(at);
            let waited = click.waited(at);
            // At the control itself something often changes as the mouse comes and goes.
            !match answer.is_near && answer.after <= DEAD_MS {
                true => times.keep_time(at, waited),
                false => times.bring(at, waited) || around.bring(&occurrences, false),
            } || self.keeps_its_distance(index, answer)
        });
        if let Some(caused) = &mut caused {
            caused.requests.retain(|request| {
                let occurrences = self.background.occurrences(Effect::Request(request.kind));
                let times = occurrences.around(request.started_at);
                !times.bring(request.started_at, click.waited(request.started_at))
                    && !around.bring(&occurrences, request.is_elsewhere)
            });
            caused.errors.retain_mut(|error| {
                let occurrences = self.background.occurrences(Effect::Error(error.kind));
                error.follows_presses = around.bring(&occurrences, false);
                let times = occurrences.around(error.at);
                !times.bring(error.at, click.waited(error.at))
            });
        }
        drop(around);
        let click = &mut self.clicks[index];
        (click.answers, click.caused) = (answers, caused);
    }

    /// Whether it came that long after other presses of the control as well, each time anew. What comes
    /// by itself does not know of presses; an answer that takes its time does.
    fn keeps_its_distance(&self, index: usize, answer: &Answer) -> bool {
        let click = &self.clicks[index];
        let at = click.opened_at + answer.after;
        let waited = click.waited(at);
        let leeway = (waited / 5).max(PROMPT_MS);
        let near = index.saturating_sub(PRESSES_AROUND)..self.clicks.len();
        let others = self.clicks[near].iter().take(2 * PRESSES_AROUND);
        let of_control =
            others.filter(|other| (other.control, other.page) == (click.control, click.page));
        let mut alike: Vec<i64> = of_control
            .filter_map(|other| {
                let mut answers = other.answers.iter();
                let same = answers.find(|known| known.effect == answer.effect)?;
                let then = other.opened_at + same.after;
                let is_alike = (other.waited(then) - waited).abs() <= leeway;
                (is_alike && then != at).then_some(then)
            })
            .collect();
        alike.dedup();
        alike.len() >= 2
    }

    /// The presses of other controls before this one and after it.
    fn presses_around(&self, index: usize) -> PressesAround<'_> {
        let click = &self.clicks[index];
        let is_near = |other: &&Click| (other.at - click.at).abs() <= 2 * AROUND_EFFECT_MS;
        let is_other = |other: &&Click| other.control != click.control;
        let before = self.clicks[..index].iter().rev().filter(is_other);
        let after = self.clicks[index + 1..].iter().filter(is_other);
        let mut around = PressesAround {
            presses: SmallVec::new(),
            any_on_nothing: false,
        };
        around
            .presses
            .extend(before.take(PRESSES_AROUND).take_while(is_near));
        around
            .presses
            .extend(after.take(PRESSES_AROUND).take_while(is_near));
        around.any_on_nothing = around.presses.iter().any(|other| !other.interactive);
        around
    }
}

/// Presses of other controls.
struct PressesAround<'c> {
    presses: SmallVec<[&'c Click; 2 * PRESSES_AROUND]>,
    /// Whether one of them was on what nobody expects anything of.
    any_on_nothing: bool,
}

impl PressesAround<'_> {
    /// Whether this follows every press, also where nobody expects anything: a collector that posts at every
    /// click, a ripple over the whole page. A site's own requests may all go to one address, so of those only
    /// what follows clicks on nothing counts.
    fn bring(&self, occurrences: &Occurrences, is_elsewhere: bool) -> bool {
        let is_told = self.any_on_nothing || is_elsewhere;
        // Hardly any effect comes so often: the rest is asked of few.
        if !is_told
            || self.presses.len() < FOLLOWS_PRESSES
            || occurrences.count() <= FOLLOWS_PRESSES
        {
            return false;
        }
        let comes_within = |from: i64, until: i64| occurrences.any_within(from, until);
        // Of clicks in a row one request may tell.
        let is_followed = |other: &Click| {
            comes_within(other.opened_at, other.at + SIDE_EFFECT_MS)
                || self.presses.iter().any(|next| {
                    let in_a_row = (next.at - other.at).abs() <= STREAK_GAP_MS;
                    let until = next.at + SIDE_EFFECT_MS;
                    in_a_row && next.control == other.control && comes_within(next.opened_at, until)
                })
        };
        let may_be_missed = self.presses.len() / 4;
        let mut missed = 0;
        let mut on_nothing = false;
        let mut controls: SmallVec<[NodeId; 2 * PRESSES_AROUND]> = SmallVec::new();
        for other in &self.presses {
            if is_followed(other) {
                on_nothing |= !other.interactive;
                controls.push(other.control);
            } else {
                missed += 1;
                if missed > may_be_missed {
                    return false;
                }
            }
        }
        let followed = controls.len();
        controls.sort_unstable();
        controls.dedup();
        followed >= FOLLOWS_PRESSES
            && (on_nothing || is_elsewhere && controls.len() > FOLLOWS_PRESSES)
    }
}
