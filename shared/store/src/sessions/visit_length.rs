//! How long sessions are, as far as lists tell them apart. Pure.

use replay::Summary;

/// The shortest sessions that are looked for.
///
/// A few steps and not any number: the index of all sessions has to be written again when one is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MinLength {
    /// A minute.
    Minute,
    /// Five minutes.
    FiveMinutes,
    /// Half an hour.
    HalfHour,
}

impl MinLength {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::FiveMinutes, Self::HalfHour];

    /// As an address has it: minutes.
    #[must_use]
    pub fn minutes(self) -> u64 {
        match self {
            Self::Minute => 1,
            Self::FiveMinutes => 5,
            Self::HalfHour => 30,
        }
    }

    /// The one of these minutes.
    #[must_use]
    pub fn parse(minutes: &str) -> Option<Self> {
        let is_it = |length: &Self| length.minutes().to_string() == minutes;
        Self::ALL.into_iter().find(is_it)
    }

    pub(crate) fn takes(self, summary: &Summary) -> bool {
        summary.duration_ms >= self.minutes() * 60_000
    }

    /// How many of the steps a session has reached.
    pub(crate) fn reached(summary: &Summary) -> u8 {
        Self::ALL
            .map(|length| u8::from(length.takes(summary)))
            .iter()
            .sum()
    }

    /// Whether a session that has reached so many is at least so long.
    pub(crate) fn is_reached_by(self, steps: u8) -> bool {
        let own = Self::ALL.iter().position(|length| *length == self);
        own.is_some_and(|own| usize::from(steps) > own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_reached_with_all_shorter_ones() {
        for (steps, reached) in [(0, 0), (1, 1), (2, 2), (3, 3)] {
            let lengths = MinLength::ALL.into_iter();
            let lengths = lengths.filter(|length| length.is_reached_by(steps));
            assert_eq!(lengths.count(), reached);
        }
    }

    #[test]
    fn a_length_parses_back_and_what_is_none_is_none() {
        for length in MinLength::ALL {
            let minutes = length.minutes().to_string();
            assert_eq!(MinLength::parse(&minutes), Some(length));
        }
        for text in ["", "0", "2", "01", "-1"] {
            assert_eq!(MinLength::parse(text), None, "{text}");
        }
    }
}
