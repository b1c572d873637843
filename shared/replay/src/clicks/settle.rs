//! What came of a click, once it is known what comes anyway.
//!
//! Half a minute after a click its answers are looked at once more: what keeps a rhythm and was due, what
//! comes so often that chance brought it, and what follows every press wherever it goes, is taken out.

use super::Clicks;
use super::click::{Answer, Click};
use super::effect::Effect;
use crate::definitions::{
    AROUND_EFFECT_MS, DEAD_MS, FOLLOWS_PRESSES, PRESSES_AROUND, PROMPT_MS, SIDE_EFFECT_MS,
    STREAK_GAP_MS,
};

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
        let Some(click) = self.clicks.get(index) else {
            return;
        };
        let mut answers = click.answers.clone();
        let mut requests = click.requests.clone();
        let mut errors = click.errors.clone();
        answers.retain(|answer| {
            let Some(effect) = answer.effect else {
                return true;
            };
            let times = self.background.times(effect, answer.at);
            let waited = click.waited(answer.at);
            // At the control itself something often changes as the mouse comes and goes.
            !match answer.is_near && answer.at - click.opened_at <= DEAD_MS {
                true => times.keep_time(answer.at, waited),
                false => {
                    times.bring(answer.at, waited) || self.follows_presses(index, effect, false)
                }
            } || self.keeps_its_distance(index, answer)
        });
        requests.retain(|request| {
            let effect = Effect::Request(request.kind);
            let times = self.background.times(effect, request.started_at);
            !times.bring(request.started_at, click.waited(request.started_at))
                && !self.follows_presses(index, effect, request.is_elsewhere)
        });
        errors.retain_mut(|error| {
            let effect = Effect::Error(error.kind);
            error.follows_presses = self.follows_presses(index, effect, false);
            let times = self.background.times(effect, error.at);
            !times.bring(error.at, click.waited(error.at))
        });
        let click = &mut self.clicks[index];
        (click.answers, click.requests, click.errors) = (answers, requests, errors);
        click.is_settled = true;
    }

    /// Whether it came that long after other presses of the control as well, each time anew. What comes
    /// by itself does not know of presses; an answer that takes its time does.
    fn keeps_its_distance(&self, index: usize, answer: &Answer) -> bool {
        let click = &self.clicks[index];
        let waited = click.waited(answer.at);
        let leeway = (waited / 5).max(PROMPT_MS);
        let near = index.saturating_sub(PRESSES_AROUND)..self.clicks.len();
        let others = self.clicks[near].iter().take(2 * PRESSES_AROUND);
        let of_control =
            others.filter(|other| (other.control, other.page) == (click.control, click.page));
        let mut alike: Vec<i64> = of_control
            .filter_map(|other| {
                let mut answers = other.answers.iter();
                let same = answers.find(|known| known.effect == answer.effect)?;
                let is_alike = (other.waited(same.at) - waited).abs() <= leeway;
                (is_alike && same.at != answer.at).then_some(same.at)
            })
            .collect();
        alike.dedup();
        alike.len() >= 2
    }

    /// Whether this follows every press, also where nobody expects anything: a collector that posts at every
    /// click, a ripple over the whole page. A site's own requests may all go to one address, so of those only
    /// what follows clicks on nothing counts.
    fn follows_presses(&self, index: usize, effect: Effect, is_elsewhere: bool) -> bool {
        // Hardly any effect comes so often: the rest is asked of few.
        let times = self.background.occurrences(effect);
        if times.len() <= FOLLOWS_PRESSES {
            return false;
        }
        let comes_within = |start: i64, end: i64| {
            let next = times.partition_point(|at| *at < start);
            times.get(next).is_some_and(|at| *at <= end)
        };
        let click = &self.clicks[index];
        let is_other = |other: &&Click| other.control != click.control;
        let before = self.clicks[..index].iter().rev().filter(is_other);
        let after = self.clicks[index + 1..].iter().filter(is_other);
        let others: Vec<&Click> = before
            .take(PRESSES_AROUND)
            .chain(after.take(PRESSES_AROUND))
            .filter(|other| (other.at - click.at).abs() <= 2 * AROUND_EFFECT_MS)
            .collect();
        // Of clicks in a row one request may tell.
        let is_followed = |other: &Click| {
            comes_within(other.opened_at, other.at + SIDE_EFFECT_MS)
                || others.iter().any(|next| {
                    let in_a_row = (next.at - other.at).abs() <= STREAK_GAP_MS;
                    let until = next.at + SIDE_EFFECT_MS;
                    in_a_row && next.control == other.control && comes_within(next.opened_at, until)
                })
        };
        let may_be_alike = is_elsewhere || others.iter().any(|other| !other.interactive);
        if !may_be_alike {
            return false;
        }
        let followed: Vec<&&Click> = others.iter().filter(|other| is_followed(other)).collect();
        let mut controls: Vec<u32> = followed.iter().map(|other| other.control).collect();
        controls.sort_unstable();
        controls.dedup();
        let on_nothing = followed.iter().any(|other| !other.interactive);
        followed.len() >= FOLLOWS_PRESSES
            && 4 * followed.len() >= 3 * others.len()
            && (on_nothing || is_elsewhere && controls.len() > FOLLOWS_PRESSES)
    }
}
