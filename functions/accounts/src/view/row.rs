//! A problem as a row of the list.

use jiff::tz::TimeZone;
use pages::format;
use store::{CountedProblem, Days, Example};

use super::words;

/// Pages and browsers that a row names.
const NAMED: usize = 2;

/// How long before a problem its recording is opened, milliseconds: one sees what led to it.
const LEAD_MS: u64 = 5_000;

/// A row.
pub(super) struct Row {
    pub(super) link: String,
    pub(super) label: String,
    pub(super) sign: &'static str,
    pub(super) kind: &'static str,
    pub(super) people: String,
    pub(super) sessions: String,
    pub(super) last_seen: String,
    pub(super) first_seen: String,
    pub(super) is_new: bool,
    pub(super) is_growing: bool,
    /// Where it was met, and with which browsers.
    pub(super) notes: Vec<String>,
    /// The recording of the latest example.
    pub(super) watch: Option<String>,
}

impl Row {
    pub(super) fn new(problem: &CountedProblem, days: Days, timezone: &TimeZone) -> Self {
        let (sign, kind) = words::kind(problem.kind);
        let pages = problem
            .examples
            .iter()
            .filter_map(|example| example.page.as_deref());
        let pages = named(pages.map(format::page));
        let browsers = problem
            .examples
            .iter()
            .filter_map(|example| example.browser.clone());
        let notes = [pages, named(browsers)];
        Self {
            link: format!("/problems/{}", problem.fingerprint),
            label: label(problem),
            sign,
            kind,
            people: words::people(problem.total),
            sessions: words::sessions(problem.total),
            last_seen: format::date_and_time(problem.last_seen, timezone),
            first_seen: format::date_and_time(problem.known_since, timezone),
            is_new: problem.is_new_in(days),
            is_growing: problem.is_growing(days),
            notes: notes.into_iter().flatten().collect(),
            watch: problem.examples.first().map(watch),
        }
    }
}

/// A problem in its words, or by its kind when they are forgotten.
pub(super) fn label(problem: &CountedProblem) -> String {
    let (_, kind) = words::kind(problem.kind);
    problem.label.clone().unwrap_or_else(|| kind.to_owned())
}

/// The address of the recording, at what led to the problem.
pub(super) fn watch(example: &Example) -> String {
    let seconds = example.at_ms.saturating_sub(LEAD_MS) / 1_000;
    format!("/sessions/{}?t={seconds}", example.session)
}

/// `/cart`, `/cart and /pay`, `/cart, /pay and 3 more`; `None` of none.
fn named(names: impl Iterator<Item = String>) -> Option<String> {
    let distinct = distinct(names);
    let shown = distinct.get(..NAMED.min(distinct.len()))?;
    match (shown, distinct.len() - shown.len()) {
        ([], _) => None,
        (shown, 0) => Some(shown.join(" and ")),
        (shown, more) => Some(format!("{} and {more} more", shown.join(", "))),
    }
}

/// Each once, in the order in which they come.
pub(super) fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_said_once_and_not_all() {
        for (names, said) in [
            (&[][..], None),
            (&["/cart", "/cart"][..], Some("/cart")),
            (&["/cart", "/pay"], Some("/cart and /pay")),
            (
                &["/cart", "/pay", "/a", "/b"],
                Some("/cart, /pay and 2 more"),
            ),
        ] {
            let named = named(names.iter().map(|name| (*name).to_owned()));
            assert_eq!(named.as_deref(), said);
        }
    }
}
