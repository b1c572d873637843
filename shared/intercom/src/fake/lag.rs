//! Searches that show the past: what has just changed is found a while later.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

/// How finely time is told within a lag.
const STEPS: i32 = 20;

/// A value, and what it was before.
#[derive(Debug, Clone)]
pub(super) struct Lagging<T> {
    now: T,
    /// What it was, and when it ceased to be that; the earliest first.
    before: VecDeque<(T, Timestamp)>,
}

impl<T: Clone> Lagging<T> {
    pub(super) fn new(value: T) -> Self {
        Self {
            now: value,
            before: VecDeque::new(),
        }
    }

    /// As it is.
    pub(super) fn now(&self) -> &T {
        &self.now
    }

    /// To be changed, at this time. What it was stays visible for `lag`.
    ///
    /// Of changes that follow each other within a [`STEPS`]th of the lag, the later ones are seen with the
    /// first: so that a busy workspace is not copied for each of them.
    pub(super) fn change(&mut self, at: Timestamp, lag: SignedDuration) -> &mut T {
        self.before.retain(|(_, ended)| at < *ended + lag);
        let latest = self.before.back().map(|(_, ended)| *ended);
        if lag > SignedDuration::ZERO && latest.is_none_or(|ended| at >= ended + lag / STEPS) {
            self.before.push_back((self.now.clone(), at));
        }
        &mut self.now
    }

    /// As it was `lag` ago.
    pub(super) fn seen(&self, at: Timestamp, lag: SignedDuration) -> &T {
        let mut before = self.before.iter();
        let still_shown = before.find(|(_, ended)| at < *ended + lag);
        still_shown.map_or(&self.now, |(value, _)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_when_the_lag_has_passed() {
        let second = |second| Timestamp::from_second(second).unwrap();
        let lag = SignedDuration::from_secs(2);
        let mut value = Lagging::new("old");
        *value.change(second(10), lag) = "new";
        *value.change(second(11), lag) = "newest";
        assert_eq!(*value.now(), "newest");
        for (at, seen) in [(10, "old"), (11, "old"), (12, "new"), (13, "newest")] {
            assert_eq!(*value.seen(second(at), lag), seen, "{at}");
        }
    }

    #[test]
    fn a_busy_value_is_copied_some_times_within_a_lag() {
        let lag = SignedDuration::from_secs(2);
        let mut value = Lagging::new(0);
        for millisecond in 0..10_000 {
            *value.change(Timestamp::from_millisecond(millisecond).unwrap(), lag) += 1;
        }
        assert!(value.before.len() <= STEPS as usize + 1);
    }

    #[test]
    fn without_a_lag_nothing_is_kept() {
        let mut value = Lagging::new(1);
        *value.change(Timestamp::UNIX_EPOCH, SignedDuration::ZERO) = 2;
        assert!(value.before.is_empty());
        assert_eq!(*value.seen(Timestamp::UNIX_EPOCH, SignedDuration::ZERO), 2);
    }
}
