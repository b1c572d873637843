//! The count of one quota in its window. Pure: time comes in as a value.

use jiff::{SignedDuration, Timestamp};

use super::limits::Window;

/// What has been counted, here and by the other instances as far as they have told.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    window: Window,
    began: Timestamp,
    /// Counted here.
    own: u64,
    /// Counted by the others, when they were last heard of in this window.
    others: u64,
    /// Counted here, and not told yet.
    untold: u64,
    /// The window of all instances that was told last, and how much.
    told: (Timestamp, u64),
}

/// What the other instances are to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct News {
    /// The window of all instances.
    pub(crate) window: Timestamp,
    pub(crate) by: u64,
}

impl Tally {
    pub(crate) fn new(window: Window, now: Timestamp) -> Self {
        Self {
            window,
            began: window.beginning(now),
            own: 0,
            others: 0,
            untold: 0,
            told: (window.shared(now), 0),
        }
    }

    /// Whether its window is over, so that it says nothing any more. A clock that was set back ends it too.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        now < self.began || now.duration_since(self.began) >= self.window.length()
    }

    /// Whether `by` more fit below the limit.
    pub(crate) fn has_room(&self, by: u64, limit: u64, now: Timestamp) -> bool {
        let counted = match self.is_over(now) {
            true => 0,
            false => self.own.saturating_add(self.others),
        };
        counted.saturating_add(by) <= limit
    }

    /// Counts `by` more, or says how long there is no room for them.
    pub(crate) fn take(
        &mut self,
        by: u64,
        limit: u64,
        now: Timestamp,
    ) -> Result<(), SignedDuration> {
        if !self.has_room(by, limit, now) {
            return Err(self.left(now));
        }
        self.note(by, now);
        Ok(())
    }

    /// Counts `by` more, also above the limit.
    pub(crate) fn note(&mut self, by: u64, now: Timestamp) {
        if self.is_over(now) {
            *self = Self {
                told: self.told,
                ..Self::new(self.window, now)
            };
        }
        self.own = self.own.saturating_add(by);
        self.untold = self.untold.saturating_add(by);
    }

    /// How long the window lasts still.
    pub(crate) fn left(&self, now: Timestamp) -> SignedDuration {
        match self.is_over(now) {
            // More than the limit at once: there will never be room.
            true => self.window.length(),
            false => self.window.length() - now.duration_since(self.began),
        }
    }

    /// What is to be told now, where that is done `every` so many. It counts as told.
    pub(crate) fn news(&mut self, every: u64, now: Timestamp) -> Option<News> {
        if self.untold < every {
            return None;
        }
        let news = News {
            window: self.window.shared(now),
            by: std::mem::take(&mut self.untold),
        };
        if self.told.0 != news.window {
            self.told = (news.window, 0);
        }
        self.told.1 = self.told.1.saturating_add(news.by);
        Some(news)
    }

    /// Takes what all instances have counted in the window that was told of.
    pub(crate) fn hear(&mut self, news: News, total: u64) {
        if self.told.0 == news.window {
            self.others = total.saturating_sub(self.told.1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn a_minute_begins_with_the_first_and_holds_the_limit() {
        let mut tally = Tally::new(Window::Minute, at(59_000));
        for _ in 0..3 {
            assert_eq!(tally.take(1, 3, at(59_000)), Ok(()));
        }
        // The clock's minute is another one, the window is not.
        for (now, left) in [(59_000, 60_000), (60_000, 59_000), (118_999, 1)] {
            let refused = tally.take(1, 3, at(now));
            assert_eq!(refused, Err(SignedDuration::from_millis(left)), "{now}");
        }
        assert_eq!(tally.take(3, 3, at(119_000)), Ok(()));
        assert!(!tally.has_room(1, 3, at(119_000)));
    }

    #[test]
    fn a_day_is_one_of_the_clock() {
        let day = 86_400_000;
        let mut tally = Tally::new(Window::Day, at(day - 1_000));
        assert_eq!(tally.take(10, 10, at(day - 1_000)), Ok(()));
        assert_eq!(
            tally.take(1, 10, at(day - 400)),
            Err(SignedDuration::from_millis(400))
        );
        assert_eq!(tally.take(10, 10, at(day)), Ok(()));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let mut tally = Tally::new(Window::Minute, at(1_000_000));
        assert_eq!(tally.take(3, 3, at(1_000_000)), Ok(()));
        assert_eq!(tally.take(3, 3, at(500_000)), Ok(()));
    }

    #[test]
    fn whatever_comes_when_a_window_never_lets_more_pass_than_the_limit() {
        // A linear congruential generator: any spread will do.
        let mut random = 1_u64;
        let mut next = |most: u64| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (random >> 33) % most
        };
        for _ in 0..200 {
            let limit = 1 + next(50);
            let mut now = 0;
            let mut tally = Tally::new(Window::Minute, at(now));
            let mut window = (0, 0);
            for _ in 0..500 {
                now += i64::try_from(next(3_000)).unwrap();
                let by = 1 + next(3);
                let is_new = now - window.0 >= 60_000;
                let before = if is_new { 0 } else { window.1 };
                match tally.take(by, limit, at(now)) {
                    Ok(()) => {
                        window = (if is_new { now } else { window.0 }, before + by);
                        assert!(window.1 <= limit);
                    }
                    Err(left) => {
                        assert!(before + by > limit, "what has room is taken");
                        assert!(left.is_positive() && left <= Window::Minute.length());
                    }
                }
            }
        }
    }

    #[test]
    fn instances_that_tell_each_other_pass_the_limit_by_what_they_have_not_told() {
        let (limit, every) = (600, 30);
        for instances in [1, 2, 7, 40] {
            let mut tallies = vec![Tally::new(Window::Minute, at(0)); instances];
            let (mut total, mut passed) = (0, 0);
            for turn in 0..instances * 700 {
                let tally = &mut tallies[turn % instances];
                if tally.take(1, limit, at(0)).is_err() {
                    continue;
                }
                passed += 1;
                if let Some(news) = tally.news(every, at(0)) {
                    total += news.by;
                    tally.hear(news, total);
                }
            }
            let most = limit + every * (instances as u64 - 1);
            assert!((limit..=most).contains(&passed), "{instances}: {passed}");
        }
    }
}
