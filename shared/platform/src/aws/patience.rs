//! How long a function waits for AWS.

use std::time::Duration;

/// How long a call of AWS may take. A function that has to answer in two seconds gains nothing from an answer
/// that it gets in five, and one that works on a queue loses by giving up after two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The longest wait for one attempt. What is stuck is tried again, and may go elsewhere.
    pub attempt: Duration,
    /// The longest wait for the call, with all its attempts and the pauses between them.
    pub call: Duration,
}

impl Patience {
    /// Somebody waits whose own deadline is seconds away: Intercom gives up on a panel after ten, and on a
    /// notification after five, and both functions answer in two and a half.
    pub const DEADLINE: Self = Self {
        attempt: Duration::from_millis(1_000),
        call: Duration::from_millis(2_250),
    };

    /// A browser or a backend waits for a page or an answer. The function has ten seconds or more, and makes
    /// a few calls.
    pub const REQUEST: Self = Self {
        attempt: Duration::from_millis(2_000),
        call: Duration::from_millis(6_000),
    };

    /// A queue waits, and would have all of the work done again. The function has thirty seconds or more.
    pub const WORKER: Self = Self {
        attempt: Duration::from_millis(4_000),
        call: Duration::from_millis(12_000),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_is_stuck_once_is_tried_again_in_time() {
        for patience in [Patience::DEADLINE, Patience::REQUEST, Patience::WORKER] {
            assert!(patience.attempt * 2 <= patience.call, "{patience:?}");
        }
        // What `canvas` and `verify-webhook` give themselves.
        assert!(Patience::DEADLINE.call < Duration::from_millis(2_500));
    }
}
