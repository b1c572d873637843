//! The time as a value: logic takes a `now`, and only the edges ask a clock.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Tells the time: the machine's, or one that stands still until a test moves it.
///
/// A clone of a standing clock shows the same time as its original.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    standing: Option<Arc<Mutex<Timestamp>>>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands at `at` until it is [advanced](Self::advance).
    pub fn fixed(at: Timestamp) -> Self {
        Self {
            standing: Some(Arc::new(Mutex::new(at))),
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match &self.standing {
            Some(standing) => *standing.lock().unwrap_or_else(PoisonError::into_inner),
            None => Timestamp::now(),
        }
    }

    /// Moves a standing clock by `by`; the machine's clock takes no notice.
    pub fn advance(&self, by: SignedDuration) {
        if let Some(standing) = &self.standing {
            let mut at = standing.lock().unwrap_or_else(PoisonError::into_inner);
            *at = at.saturating_add(by).unwrap_or(*at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_advanced_and_its_clones_move_with_it() {
        let start = Timestamp::from_second(1_000).unwrap();
        let clock = Clock::fixed(start);
        let clone = clock.clone();
        assert_eq!(clock.now(), start);

        clock.advance(SignedDuration::from_secs(30));

        assert_eq!(clone.now(), start + SignedDuration::from_secs(30));
    }

    #[test]
    fn the_system_clock_cannot_be_moved() {
        let clock = Clock::system();
        clock.advance(SignedDuration::from_hours(24));
        let off = clock.now().duration_since(Timestamp::now()).abs();
        assert!(off < SignedDuration::from_secs(60));
    }
}
