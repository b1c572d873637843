//! When an event happened.

use jiff::{SignedDuration, Timestamp};

/// How far in the future a client's clock may be before it is certainly wrong. Clocks that are kept right
/// differ by less, and a request is on its way for less.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// What an event says of times.
#[derive(Default)]
pub(super) struct Times {
    /// When it happened, as the program said, or the client.
    pub(super) timestamp: Option<Timestamp>,
    /// The same, of clients that leave `timestamp` to the service.
    pub(super) original: Option<Timestamp>,
    /// When it was sent, by the client's clock.
    pub(super) sent_at: Option<Timestamp>,
}

/// Nobody had such a client before 1970: a zero is what a program has for "not said".
pub(super) fn is_said(moment: &Timestamp) -> bool {
    *moment > Timestamp::UNIX_EPOCH
}

impl Times {
    /// Whether the event says any time itself.
    pub(super) fn are_said(&self) -> bool {
        let said = [self.timestamp, self.original, self.sent_at];
        said.iter().flatten().any(is_said)
    }

    /// When it happened. `sent_at`: of the batch.
    ///
    /// A clock is known to be wrong only where it says that the request is yet to be sent: then it is
    /// put right by that much. Segment also moves events whose request came late, but that is what a
    /// request does that waited in a client without a network, and its clock was right. Nothing happens
    /// after it was received.
    pub(super) fn happened_at(
        &self,
        sent_at: Option<Timestamp>,
        received_at: Timestamp,
    ) -> Timestamp {
        let sent_at = self.sent_at.or(sent_at);
        // Without a time of its own: when it was sent, which a repeat says again.
        let mut said = [self.timestamp, self.original, sent_at]
            .into_iter()
            .flatten();
        let said = said.find(is_said).unwrap_or(received_at);
        let ahead = sent_at.map_or(SignedDuration::ZERO, |sent_at| {
            sent_at.duration_since(received_at)
        });
        let put_right = if ahead > TOLERANCE {
            said.checked_sub(ahead).unwrap_or(said)
        } else {
            said
        };
        let happened_at = put_right.min(received_at);
        // As fine as it is stored.
        Timestamp::from_millisecond(happened_at.as_millisecond()).unwrap_or(happened_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-30T{text}Z").parse().unwrap()
    }

    #[test]
    fn a_time_before_there_were_clients_is_none() {
        let times = Times {
            timestamp: Some("0001-01-01T00:00:00Z".parse().unwrap()),
            original: Some(at("11:00:00")),
            sent_at: None,
        };
        assert_eq!(times.happened_at(None, at("12:00:00")), at("11:00:00"));
    }

    #[test]
    fn only_a_clock_that_is_certainly_wrong_is_put_right() {
        let received = "12:00:00";
        for (timestamp, sent_at, expected) in [
            (Some("11:59:58"), Some("12:00:00"), "11:59:58"),
            // A request that waited an hour: its clock was right.
            (Some("10:59:58"), Some("11:00:00"), "10:59:58"),
            (Some("12:59:58"), Some("13:00:00"), "11:59:58"),
            (Some("12:00:30"), Some("12:00:31"), "12:00:00"),
            (Some("12:30:00"), None, "12:00:00"),
            (None, Some("11:59:00"), "11:59:00"),
            (None, Some("13:00:00"), "12:00:00"),
            (None, None, "12:00:00"),
        ] {
            let times = Times {
                timestamp: None,
                original: timestamp.map(at),
                sent_at: sent_at.map(at),
            };
            let happened_at = times.happened_at(None, at(received));
            assert_eq!(happened_at, at(expected), "{timestamp:?} {sent_at:?}");
        }
    }
}
