//! When a lane is looked at again. Pure, but for the chance that spreads callers.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use platform::random::{self, NoEntropy};

/// The shortest time until Intercom is tried again that did not work.
const SHORTEST_PAUSE: SignedDuration = SignedDuration::from_secs(2);
/// The longest.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(5);
/// For how long an event is tried again while Intercom does not work: then it has failed, and can be
/// sent again.
pub(crate) const TRIED_FOR: SignedDuration = SignedDuration::from_hours(12);

/// How far callers are spread who wait for the same moment: a window of Intercom's.
const SPREAD: SignedDuration = SignedDuration::from_secs(10);

/// When Intercom is tried again after it did not work: after half as long as it has been tried, so that
/// waits grow; by chance up to a half later than that, since all lanes have failed at once.
pub(crate) fn after_failure(
    tried_since: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, NoEntropy> {
    let tried_for = now.duration_since(tried_since);
    let pause = (tried_for / 2).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
    let chance = i32::from(u16::from_be_bytes(random::bytes()?));
    let pause = pause + pause / 2 * chance / i32::from(u16::MAX);
    Ok(now.checked_add(pause).unwrap_or(now))
}

/// A moment, and by chance up to [`SPREAD`] later, so that nobody who waits for it comes back with all
/// others.
pub(crate) fn spread(at: Timestamp) -> Result<Timestamp, NoEntropy> {
    let chance = i32::from(u16::from_be_bytes(random::bytes()?));
    let later = SPREAD * chance / i32::from(u16::MAX);
    Ok(at.checked_add(later).unwrap_or(at))
}

/// A moment, but not before the next second, and by chance up to two seconds earlier or later than it:
/// for whoever waits for one other run, which is mostly done long before.
pub(crate) fn spread_a_little(until: Timestamp, now: Timestamp) -> Result<Timestamp, NoEntropy> {
    let soon = now.checked_add(SHORTEST_PAUSE).unwrap_or(now);
    let chance = i32::from(u16::from_be_bytes(random::bytes()?));
    let later = SHORTEST_PAUSE * chance / i32::from(u16::MAX);
    let at = until.min(soon);
    Ok(at.checked_add(later).unwrap_or(at))
}

/// When a lane is looked at though nobody has woken it: whoever made its person known may have died before.
/// Each time it has waited twice as long as before; all who ask at one time are told the same moment.
pub(crate) fn next_look(since: Timestamp, now: Timestamp) -> Timestamp {
    const FIRST: SignedDuration = SignedDuration::from_mins(1);
    let mut wait = FIRST;
    while since.checked_add(wait).is_ok_and(|at| at <= now) {
        wait = wait.saturating_mul(2);
    }
    since.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// How long until then.
pub(crate) fn until(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(at.duration_since(now)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let tried_since = Timestamp::UNIX_EPOCH;
        let mut now = tried_since;
        let mut tries = 0;
        while now.duration_since(tried_since) < TRIED_FOR {
            let next = after_failure(tried_since, now).unwrap();
            let wait = next.duration_since(now);
            let longest = LONGEST_PAUSE + LONGEST_PAUSE / 2;
            assert!(SHORTEST_PAUSE <= wait && wait <= longest, "{wait}");
            (now, tries) = (next, tries + 1);
        }
        assert!((100..200).contains(&tries), "{tries}");
    }

    #[test]
    fn who_waits_is_looked_at_after_twice_as_long_each_time() {
        let since = Timestamp::UNIX_EPOCH;
        for (waited, next) in [(0, 60), (59, 60), (60, 120), (119, 120), (500, 960)] {
            let now = since + SignedDuration::from_secs(waited);
            assert_eq!(next_look(since, now).as_second(), next, "{waited}");
        }
        assert_eq!(next_look(since, Timestamp::MAX), Timestamp::MAX);
    }

    #[test]
    fn those_who_wait_for_one_moment_come_back_at_different_ones() {
        let at = Timestamp::UNIX_EPOCH;
        let hour_later = at + SignedDuration::from_hours(1);
        let failed: std::collections::BTreeSet<_> = (0..20)
            .map(|_| after_failure(at, hour_later).unwrap())
            .collect();
        assert!(failed.len() > 15, "{failed:?}");
        let mut moments: Vec<_> = (0..20).map(|_| spread(at).unwrap()).collect();
        assert!(
            moments
                .iter()
                .all(|later| *later >= at && *later <= at + SPREAD)
        );
        moments.sort();
        moments.dedup();
        assert!(moments.len() > 15, "{moments:?}");
    }
}
