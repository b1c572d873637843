//! Who else had a problem today: whether an agent can answer "we know".

use std::collections::HashMap;

use jiff::Timestamp;
use pages::format;
use replay::Fingerprint;
use store::Seen;

use super::frame::Frame;

/// The problems that others had today. Nobody is named.
pub(crate) type Others = HashMap<Fingerprint, Seen>;

/// How many others had a problem.
pub(super) fn people(fingerprint: Option<Fingerprint>, others: &Others) -> u64 {
    let seen = fingerprint.and_then(|fingerprint| others.get(&fingerprint));
    seen.map_or(0, |seen| seen.others.people)
}

/// `12 other people had this today, first at 9:12AM`, by whomever; `None` where nobody else did.
pub(super) fn line(
    fingerprint: Option<Fingerprint>,
    others: &Others,
    frame: &Frame,
) -> Option<String> {
    let seen = others.get(&fingerprint?)?;
    let people = match seen.others.people {
        1 => "1 other person".to_owned(),
        people => format!("{people} other people"),
    };
    let people = match seen.others.is_exact {
        true => people,
        false => format!("About {people}"),
    };
    // Days are counted in UTC; the teammate's began at another hour.
    let date = |at: Timestamp| at.to_zoned(frame.timezone.clone()).date();
    Some(match date(seen.first_at) == date(frame.now) {
        true => {
            let first = format::time(seen.first_at, &frame.timezone);
            format!("{people} had this today, first at {first}")
        }
        false => {
            let first = format::date_and_time(seen.first_at, &frame.timezone);
            format!("{people} had this since {first}")
        }
    })
}

#[cfg(test)]
mod tests {
    use store::Tally;

    use super::*;
    use crate::view::testing::{frame, moment};

    #[test]
    fn what_began_yesterday_where_the_teammate_is_was_not_first_today() {
        let fingerprint = Fingerprint::parse("00000000000000a1");
        let others = Tally {
            people: 2,
            sessions: 2,
            is_exact: true,
            are_sessions_exact: true,
        };
        let first_at = moment("2026-11-20T01:00:00Z");
        let others = Others::from([(fingerprint.unwrap(), Seen { others, first_at })]);
        let mut frame = frame();
        frame.timezone = jiff::tz::TimeZone::get("America/New_York").unwrap();
        assert_eq!(
            line(fingerprint, &others, &frame).as_deref(),
            Some("2 other people had this since Nov 19, 2026 at 8:00PM")
        );
    }

    #[test]
    fn others_are_counted_and_not_named() {
        let fingerprint = Fingerprint::parse("00000000000000a1");
        for (people, is_exact, said) in [
            (1, true, "1 other person had this today, first at 9:12AM"),
            (12, true, "12 other people had this today, first at 9:12AM"),
            (
                1_200,
                false,
                "About 1200 other people had this today, first at 9:12AM",
            ),
        ] {
            let others = Tally {
                people,
                sessions: people,
                is_exact,
                // One person may have had it in more sessions than are told apart.
                are_sessions_exact: false,
            };
            let first_at = moment("2026-11-20T09:12:40Z");
            let others = Others::from([(fingerprint.unwrap(), Seen { others, first_at })]);
            assert_eq!(line(fingerprint, &others, &frame()).as_deref(), Some(said));
            assert_eq!(
                line(Fingerprint::parse("00000000000000a2"), &others, &frame()),
                None
            );
            assert_eq!(line(None, &others, &frame()), None);
        }
    }
}
