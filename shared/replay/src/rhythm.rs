//! What comes on its own: clocks, polls, banners, clips that loop.
//!
//! One question for all of them: would this have happened without the visitor? It would when the same thing
//! happens at times when nobody did anything, and this time fits to those.

use smallvec::SmallVec;

use crate::definitions::{PROMPT_MS, PROMPT_SHARE, SHORTEST_RHYTHM_MS, SLOW_RHYTHM_MS};

/// Mostly a few.
type Moments = SmallVec<[i64; 16]>;

/// When else the same thing happened.
#[derive(Debug, Default)]
pub(crate) struct Times {
    /// Of those at which nobody had done anything, in order. Of what comes in a row the first one stands
    /// for all.
    unprompted: Moments,
    /// All of them, so counted.
    all: Moments,
    /// When the row began in which the time stands that is asked for, if it is not its first and nobody had
    /// prompted that.
    row_began: Option<i64>,
    gaps: Gaps,
}

/// How far the unprompted times are from one another.
#[derive(Debug, Default)]
struct Gaps {
    /// The mean; `None` of fewer than two.
    mean: Option<i64>,
    /// The rhythm, if there is one.
    period: Option<i64>,
}

impl Gaps {
    /// Most gaps of a rhythm are as long as a short one, or a few times as long, where beats are hidden.
    fn between(moments: &[i64]) -> Self {
        if moments.len() < LEAST_OF_A_RHYTHM {
            return Self::default();
        }
        let gaps = moments.windows(2).map(|two| two[1] - two[0]);
        let mut gaps: Moments = gaps.collect();
        gaps.sort_unstable();
        let period = gaps[gaps.len() / 4];
        let is_beat = |gap: &&i64| {
            let beats = (**gap + period / 2) / period;
            (1..=MAX_BEATS).contains(&beats)
                && (**gap - beats * period).abs() <= slack(period, i64::MAX)
        };
        let alike = gaps.iter().filter(is_beat).count();
        Self {
            mean: Some(gaps.iter().sum::<i64>() / gaps.len() as i64),
            period: (3 * alike > 2 * gaps.len()).then_some(period),
        }
    }
}

/// Times one right after another.
struct Row {
    began: i64,
    last: i64,
    times: usize,
    prompted: bool,
}

impl Row {
    fn beginning(at: i64, prompted: bool) -> Self {
        Self {
            began: at,
            last: at,
            times: 1,
            prompted,
        }
    }

    /// Whether the row goes on at `at`.
    fn takes(&mut self, at: i64) -> bool {
        let goes_on = at - self.last < SHORTEST_RHYTHM_MS;
        if goes_on {
            self.last = at;
            self.times += 1;
        }
        goes_on
    }
}

impl Times {
    /// Around something that happened at `at`: when it happened, itself left out, and whether somebody
    /// had just done something; in order.
    pub(crate) fn around(at: i64, others: impl IntoIterator<Item = (i64, bool)>) -> Self {
        let mut times = Self::default();
        let mut row: Option<Row> = None;
        let mut is_past = false;
        for (other, prompted) in others {
            if !is_past && other > at {
                is_past = true;
                times.take_place(at, &mut row);
            }
            if row.as_mut().is_some_and(|row| row.takes(other)) {
                continue;
            }
            row = Some(Row::beginning(other, prompted));
            times.all.push(other);
            if !prompted {
                times.unprompted.push(other);
            }
        }
        if !is_past {
            times.take_place(at, &mut row);
        }
        times.gaps = Gaps::between(&times.unprompted);
        times
    }

    /// Of things that nobody prompted, in order.
    pub(crate) fn of(times: impl IntoIterator<Item = i64>) -> Self {
        Self::around(i64::MIN, times.into_iter().map(|at| (at, false)))
    }

    /// Notes where `at` stands: in the row that is going on, or at the beginning of one.
    fn take_place(&mut self, at: i64, row: &mut Option<Row>) {
        if let Some(row) = row
            && row.takes(at)
        {
            let is_going_on = row.times > LEAST_OF_A_ROW && !row.prompted;
            self.row_began = is_going_on.then_some(row.began);
        } else if at > i64::MIN {
            *row = Some(Row::beginning(at, true));
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    /// Whether what happened at `at`, and so long after the click that may have caused it, would have come
    /// anyway: it keeps a rhythm and is due, or it comes often and chance may have brought it so soon.
    pub(crate) fn bring(&self, at: i64, waited: i64) -> bool {
        let pressed_at = at - waited;
        if self.row_began.is_some_and(|began| began < pressed_at) || self.keep_time(at, waited) {
            return true;
        }
        let is_late = |mean: i64| waited > mean / PROMPT_SHARE;
        self.period().is_none()
            && self.gaps.mean.is_some_and(is_late)
            && self.is_under_way(pressed_at)
    }

    /// Whether it had come before. What begins with a press and goes on from there is the answer to it: a
    /// count-down, a text that is written word by word.
    fn is_under_way(&self, pressed_at: i64) -> bool {
        let first = self.unprompted.first();
        first.is_some_and(|first| *first < pressed_at)
    }

    /// Whether it keeps a rhythm in which something is due at `at`.
    pub(crate) fn keep_time(&self, at: i64, waited: i64) -> bool {
        // What answers a press may set the clock that comes after it: then only what came before counts.
        let known = |other: &&i64| waited > PROMPT_MS || **other < at;
        let all = self.all.iter().filter(known);
        match self.period() {
            Some(period) if self.is_under_way(at - waited) => is_due(at, all, period, waited),
            Some(period) => {
                // A rhythm that the press has set off begins at once, or with its first beat.
                let is_first_beat = (waited - period).abs() <= slack(period, i64::MAX);
                period >= SLOW_RHYTHM_MS && !is_first_beat && is_due(at, all, period, waited)
            }
            None => is_evenly_spaced(at, self.unprompted.iter().filter(known)),
        }
    }

    /// The rhythm, if there is one.
    pub(crate) fn period(&self) -> Option<i64> {
        self.gaps.period
    }
}

/// Whether two others fit with it into one rhythm: the farther one is a few times as far away as the
/// nearer one. Of three times that must be exact.
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

/// Times that can make a rhythm: two gaps.
pub(crate) const LEAST_OF_A_RHYTHM: usize = 3;

/// Times before it that make something one of a row: two may be a coincidence.
const LEAST_OF_A_ROW: usize = 2;

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

    fn around(at: i64, unprompted: &[i64], prompted: &[i64]) -> Times {
        let mut times: Vec<(i64, bool)> = unprompted.iter().map(|at| (*at, false)).collect();
        times.extend(prompted.iter().map(|at| (*at, true)));
        times.sort_unstable();
        Times::around(at, times)
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
            let times = around(at, unprompted, prompted);
            assert_eq!(times.bring(at, waited), anyway, "{name}");
        }
    }

    #[test]
    fn what_begins_with_a_press_is_its_answer_however_it_goes_on() {
        let dice = [600, 740, 880, 1_020, 1_160];
        for (name, unprompted, at, waited, anyway) in [
            ("the first throw of dice", &dice[..], 460, 40, false),
            ("a throw within another", &dice, 950, 20, true),
            (
                "a count-down",
                &[2_000, 3_001, 4_000, 5_002],
                1_000,
                990,
                false,
            ),
            (
                "one that is heard late",
                &[4_100, 7_000, 9_900, 12_800],
                1_200,
                900,
                true,
            ),
        ] {
            let times = around(at, unprompted, &[]);
            assert_eq!(times.bring(at, waited), anyway, "{name}");
        }
    }

    #[test]
    fn quick_clicks_of_a_hand_are_no_rhythm() {
        assert_eq!(Times::of([0, 200, 400, 600, 800]).period(), None);
        assert_eq!(Times::of([0, 700, 1_400, 2_110]).period(), Some(700));
        let with_hidden_beats = Times::of([0, 2_800, 8_400, 14_000, 19_600]);
        assert_eq!(with_hidden_beats.period(), Some(5_600));
        let with_hidden_beats = Times::of([0, 2_800, 5_600, 11_200, 14_000, 22_400]);
        assert_eq!(with_hidden_beats.period(), Some(2_800));
    }
}
