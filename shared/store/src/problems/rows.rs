//! The rows of problems: each day of each, and which there are on a day.

use identity::OrganizationId;
use jiff::civil::Date;
use replay::Fingerprint;
use table::{Key, Spelling};

/// A problem on a day: who had it, since when, examples. The panel reads some of today's in one batch; pages
/// and the API read the days of one in order.
pub(crate) const PROBLEM_DAY: Spelling =
    Spelling::new("ORG#{organization}#PROBLEM#{fingerprint}", "DAY#{day}");

/// The key of [`PROBLEM_DAY`].
pub(crate) fn problem_day(
    organization: &OrganizationId,
    fingerprint: Fingerprint,
    day: Date,
) -> Key {
    Key::new(
        problem_partition(organization, fingerprint),
        problem_day_sort(day),
    )
}

/// The partition of [`PROBLEM_DAY`]. DynamoDB takes a thousand writes a second of one.
pub(crate) fn problem_partition(organization: &OrganizationId, fingerprint: Fingerprint) -> String {
    format!("ORG#{organization}#PROBLEM#{fingerprint}")
}

/// The sort key of [`PROBLEM_DAY`].
pub(crate) fn problem_day_sort(day: Date) -> String {
    format!("{PROBLEM_DAY_PREFIX}{day}")
}

/// Begins the sort key of every [`PROBLEM_DAY`].
pub(crate) const PROBLEM_DAY_PREFIX: &str = "DAY#";

/// That a problem was there on a day, and by how many people, roughly; of those that had been there on
/// earlier days. Lists read the most frequent first.
pub(crate) const KNOWN_PROBLEM: Spelling = Spelling::new(
    "ORG#{organization}#PROBLEMS#{day}",
    "KNOWN#{power of two}#{fingerprint}",
);

/// The same of those that nobody had before that day.
pub(crate) const NEW_PROBLEM: Spelling = Spelling::new(
    "ORG#{organization}#PROBLEMS#{day}",
    "NEW#{power of two}#{fingerprint}",
);

/// The key of [`KNOWN_PROBLEM`] or [`NEW_PROBLEM`]. `power`: the number of people has so many binary digits.
pub(crate) fn listed_problem(
    organization: &OrganizationId,
    day: Date,
    (is_new, power): (bool, u32),
    fingerprint: Fingerprint,
) -> Key {
    let prefix = listed_prefix(is_new);
    Key::new(
        day_partition(organization, day),
        format!("{prefix}{power:02}#{fingerprint}"),
    )
}

/// The partition of [`KNOWN_PROBLEM`] and [`NEW_PROBLEM`].
pub(crate) fn day_partition(organization: &OrganizationId, day: Date) -> String {
    format!("ORG#{organization}#PROBLEMS#{day}")
}

/// Begins the sort key of every [`NEW_PROBLEM`], or of every [`KNOWN_PROBLEM`].
pub(crate) fn listed_prefix(is_new: bool) -> &'static str {
    match is_new {
        true => "NEW#",
        false => "KNOWN#",
    }
}

/// The power of two and the problem that a sort key of either names.
pub(crate) fn parse_listed(sort: &str) -> Option<(u32, Fingerprint)> {
    let mut parts = sort.split('#').skip(1);
    let power = parts.next()?.parse().ok()?;
    Some((power, Fingerprint::parse(parts.next()?)?))
}

/// All of these.
pub(crate) const ROWS: [Spelling; 3] = [PROBLEM_DAY, KNOWN_PROBLEM, NEW_PROBLEM];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn keys_are_spelled_as_they_say() {
        let organization = OrganizationId::parse("org_a").unwrap();
        let fingerprint = Fingerprint::parse("00c0ffee00c0ffee").unwrap();
        let day = date(2026, 11, 30);
        assert!(PROBLEM_DAY.spells(&problem_day(&organization, fingerprint, day)));
        for (is_new, row) in [(true, NEW_PROBLEM), (false, KNOWN_PROBLEM)] {
            let key = listed_problem(&organization, day, (is_new, 7), fingerprint);
            assert!(row.spells(&key), "{key:?}");
            assert!(key.sort.starts_with(row.prefix()));
            assert_eq!(listed_prefix(is_new), row.prefix());
            assert_eq!(parse_listed(&key.sort), Some((7, fingerprint)));
        }
        assert_eq!(parse_listed("NEW#x#00c0ffee00c0ffee"), None);
        assert_eq!(problem_day_sort(day), "DAY#2026-11-30");
    }
}
