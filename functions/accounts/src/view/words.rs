//! What problems and numbers are called.

use pages::format;
use replay::MomentKind;
use store::Tally;

/// A kind of problem.
pub(crate) struct Kind {
    pub(crate) kind: MomentKind,
    /// Of several.
    pub(crate) plural: &'static str,
    /// Of one.
    pub(crate) one: &'static str,
}

/// The kinds of problems.
pub(crate) const KINDS: [Kind; 5] = [
    Kind {
        kind: MomentKind::JsError,
        plural: "JavaScript errors",
        one: "JavaScript error",
    },
    Kind {
        kind: MomentKind::ConsoleError,
        plural: "Console errors",
        one: "Console error",
    },
    Kind {
        kind: MomentKind::FailedRequest,
        plural: "Failed requests",
        one: "Failed request",
    },
    Kind {
        kind: MomentKind::RageClick,
        plural: "Rage clicks",
        one: "Rage click",
    },
    Kind {
        kind: MomentKind::DeadClick,
        plural: "Dead clicks",
        one: "Dead click",
    },
];

/// The name of a kind, which signs and colours have as well, and what it is called.
pub(crate) fn kind(kind: MomentKind) -> (&'static str, &'static str) {
    let known = KINDS.iter().find(|known| known.kind == kind);
    (kind.name(), known.map_or("Problem", |known| known.one))
}

/// `12 people`, `1 person`, `about 1,200 people`
pub(crate) fn people(tally: Tally) -> String {
    match tally.people {
        1 => "1 person".to_owned(),
        people => format!("{} people", number(people, tally.is_exact)),
    }
}

/// `15 sessions`, `about 1,300 sessions`
pub(crate) fn sessions(tally: Tally) -> String {
    match (tally.are_sessions_exact, tally.sessions) {
        (true, sessions) => format::count(sessions, "session"),
        (false, sessions) => format!("{} sessions", number(sessions, false)),
    }
}

/// An estimate has two digits that mean something.
fn number(number: u64, is_exact: bool) -> String {
    if is_exact {
        return grouped(number);
    }
    let unit = 10_u64.pow(number.max(1).ilog10().saturating_sub(1));
    format!("about {}", grouped(number.div_ceil(unit) * unit))
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said_as_exactly_as_they_are_known() {
        let tally = |people, sessions, is_exact| Tally {
            people,
            sessions,
            is_exact,
            are_sessions_exact: is_exact,
        };
        let mostly_exact = Tally {
            is_exact: true,
            ..tally(12, 20, false)
        };
        for (tally, said) in [
            (tally(1, 1, true), ("1 person", "1 session")),
            (tally(12, 15, true), ("12 people", "15 sessions")),
            (tally(1, 8, false), ("1 person", "about 8 sessions")),
            (mostly_exact, ("12 people", "about 20 sessions")),
            (
                tally(104, 130, false),
                ("about 110 people", "about 130 sessions"),
            ),
            (
                tally(1_216, 1_351, false),
                ("about 1,300 people", "about 1,400 sessions"),
            ),
            (
                tally(1_000_001, 2_000_000, false),
                ("about 1,100,000 people", "about 2,000,000 sessions"),
            ),
        ] {
            assert_eq!((people(tally).as_str(), sessions(tally).as_str()), said);
        }
    }
}
