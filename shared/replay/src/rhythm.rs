//! What comes on its own: clocks, polls, banners, clips that loop.
//!
//! One question for all of them: would this have happened without the visitor? It would when the same thing
//! happens at times when nobody did anything, and this time fits to those.

use crate::definitions::{PROMPT_MS, PROMPT_SHARE, SHORTEST_RHYTHM_MS, SLOW_RHYTHM_MS};

/// Times at which the same thing happened, in order.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// Those at which nobody had done anything.
    pub(crate) unprompted: Vec<i64>,
    /// All of them.
    pub(crate) all: Vec<i64>,
}

impl Times {
    /// Whether what happened at `at`, and so long after the click that may have caused it, would have come
    /// anyway: it keeps a rhythm and is due, or it comes often and chance may have brought it so soon.
    pub(crate) fn bring(&self, at: i64, waited: i64) -> bool {
        self.keep_time(at, waited) || {
            let gaps = self.gaps();
            let mean = gaps.iter().sum::<i64>() / (gaps.len() as i64).max(1);
            gaps.len() >= 2
                && self.period().is_none()
                && self.is_under_way(at - waited)
                && waited > mean / PROMPT_SHARE
        }
    }

    /// Whether it had come before. What begins with a press and goes on from there is the answer to it: a
    /// count-down, a text that is written word by word.
    fn is_under_way(&self, pressed_at: i64) -> bool {
        self.unprompted
            .first()
            .is_some_and(|first| *first < pressed_at)
    }

    /// Whether it keeps a rhythm in which something is due at `at`.
    pub(crate) fn keep_time(&self, at: i64, waited: i64) -> bool {
        // What answers a press may set the clock that comes after it: then only what came before counts.
        let known = |other: &&i64| waited > PROMPT_MS || **other < at;
        match self.period() {
            Some(period) if !self.is_under_way(at - waited) => {
                // A rhythm that the press has set off begins at once, or with its first beat.
                let first_beat = (waited - period).abs() <= slack(period, i64::MAX);
                period >= SLOW_RHYTHM_MS
                    && !first_beat
                    && is_due(at, self.all.iter().filter(known), period, waited)
            }
            Some(period) => is_due(at, self.all.iter().filter(known), period, waited),
            None => is_evenly_spaced(at, self.unprompted.iter().filter(known)),
        }
    }

    /// The rhythm, if there is one: most gaps are as long as the middle one.
    pub(crate) fn period(&self) -> Option<i64> {
        let gaps = self.gaps();
        let period = *gaps.get(gaps.len() / 2)?;
        let alike = gaps
            .iter()
            .filter(|gap| (*gap - period).abs() <= slack(period, i64::MAX));
        (gaps.len() >= 2 && 2 * alike.count() > gaps.len()).then_some(period)
    }

    /// From one time to the next, the shortest first. What comes in a row is one.
    fn gaps(&self) -> Vec<i64> {
        let gaps = self.unprompted.windows(2).map(|two| two[1] - two[0]);
        let mut gaps: Vec<i64> = gaps.filter(|gap| *gap >= SHORTEST_RHYTHM_MS).collect();
        gaps.sort_unstable();
        gaps
    }
}

/// Whether two others fit with it into one rhythm: the farther one is a few times as far away as the nearer one.
/// Of three times that must be exact.
fn is_evenly_spaced<'t>(at: i64, times: impl Iterator<Item = &'t i64> + Clone) -> bool {
    times.clone().any(|near| {
        let period = (at - near).abs();
        period >= SHORTEST_RHYTHM_MS
            && times.clone().any(|far| {
                let distance = (at - far).abs();
                let beats = (distance + period / 2) / period;
                far != near
                    && (1..=MAX_BEATS).contains(&beats)
                    && (distance - beats * period).abs() <= slack(period, 0)
                    // On the same side the nearer one lies between.
                    && (beats > 1 || (at - near).signum() != (at - far).signum())
            })
    })
}

/// Periods over which a rhythm is followed where its beats are hidden among answers.
const MAX_BEATS: i64 = 3;

fn is_due<'t>(at: i64, mut times: impl Iterator<Item = &'t i64>, period: i64, waited: i64) -> bool {
    times.any(|other| {
        let distance = (at - other).abs();
        let beats = (distance + period / 2) / period;
        (1..=MAX_BEATS).contains(&beats)
            && (distance - beats * period).abs() <= slack(period, waited)
    })
}

/// How far a beat may be off. Close to a click a coincidence needs to be exact: timers are, within some
/// milliseconds, and requests in a row are not.
fn slack(period: i64, waited: i64) -> i64 {
    match waited {
        ..=PROMPT_MS => (period / 50).clamp(40, 80),
        _ => (period / 10).clamp(50, 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(unprompted: &[i64], prompted: &[i64]) -> Times {
        let mut all = [unprompted, prompted].concat();
        all.sort_unstable();
        Times {
            unprompted: unprompted.to_vec(),
            all,
        }
    }

    #[test]
    fn what_is_due_comes_anyway_and_what_is_early_is_an_answer() {
        let banner = [2_000, 4_000, 6_001];
        let quote = [6_000, 18_001];
        let feed = [1_000, 2_100, 4_900, 5_600, 9_000];
        for (name, unprompted, prompted, at, waited, anyway) in [
            ("nothing came before", &[][..], &[][..], 8_000, 300, false),
            ("it came once before", &[2_000], &[], 8_000, 300, false),
            ("a banner when it is due", &banner, &[], 8_002, 300, true),
            (
                "a banner when it is due, right after the press",
                &banner,
                &[],
                8_002,
                20,
                true,
            ),
            ("a banner at the press", &banner, &[], 7_412, 3, false),
            (
                "a banner that goes on from the press",
                &[2_000, 4_000, 6_001, 9_413],
                &[],
                7_412,
                3,
                false,
            ),
            (
                "a banner that a press has moved",
                &banner,
                &[7_412],
                9_413,
                900,
                true,
            ),
            ("a quote every six seconds", &quote, &[], 12_000, 200, true),
            (
                "a quote of which one change is hidden",
                &[6_000, 24_000],
                &[12_001],
                18_000,
                900,
                true,
            ),
            ("a quote at the press", &quote, &[], 11_500, 10, false),
            ("an entry of a feed", &feed, &[], 7_000, 900, true),
            (
                "an entry of a feed at the press",
                &feed,
                &[],
                7_000,
                40,
                false,
            ),
        ] {
            let times = times(unprompted, prompted);
            assert_eq!(times.bring(at, waited), anyway, "{name}");
        }
    }

    #[test]
    fn quick_clicks_of_a_hand_are_no_rhythm() {
        assert_eq!(times(&[0, 200, 400, 600, 800], &[]).period(), None);
        assert_eq!(times(&[0, 700, 1_400, 2_110], &[]).period(), Some(700));
    }
}
