//! One problem: who had it when, and recordings of it.

use askama::Template;
use pages::format;
use pages::sign_in::SignedIn;
use store::CountedProblem;

use super::row::{distinct, label, watch};
use super::words;

/// The page.
#[derive(Template)]
#[template(path = "problem.html")]
pub(crate) struct ProblemPage {
    label: String,
    sign: &'static str,
    kind: &'static str,
    facts: Vec<(&'static str, String)>,
    days: Vec<Day>,
    sessions: Vec<Session>,
    /// Whether there are more sessions than these.
    is_some: bool,
}

/// A day of it.
struct Day {
    day: String,
    people: String,
    sessions: String,
}

/// A session that had it.
struct Session {
    link: String,
    at: String,
    offset: String,
    page: String,
    browser: String,
}

impl ProblemPage {
    pub(crate) fn new(admin: &SignedIn, problem: &CountedProblem) -> Self {
        let timezone = admin.connection.timezone.zone();
        let date = |at| format::date_and_time(at, &timezone);
        let (sign, kind) = words::kind(problem.kind);
        let examples = problem.examples.iter();
        let pages = distinct(examples.clone().filter_map(|example| example.page.clone()));
        let browsers = distinct(
            examples
                .clone()
                .filter_map(|example| example.browser.clone()),
        );
        let facts = [
            ("People", words::people(problem.total)),
            ("Sessions", words::sessions(problem.total)),
            ("First seen", date(problem.known_since)),
            ("Last seen", date(problem.last_seen)),
            ("Browsers of these sessions", browsers.join(", ")),
            ("Pages of these sessions", pages.join(", ")),
            ("Fingerprint", problem.fingerprint.to_string()),
        ];
        let days = problem.days.iter().rev();
        let sessions: Vec<Session> = examples
            .map(|example| Session {
                link: watch(example),
                at: date(example.at),
                offset: format::offset(example.at_ms),
                page: example.page.as_deref().map_or(String::new(), format::page),
                browser: example.browser.clone().unwrap_or_default(),
            })
            .collect();
        Self {
            label: label(problem),
            sign,
            kind,
            facts: facts
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            days: days
                .map(|(day, tally)| Day {
                    day: day.strftime("%b %-d, %Y").to_string(),
                    people: words::people(*tally),
                    sessions: words::sessions(*tally),
                })
                .collect(),
            is_some: problem.total.sessions > sessions.len() as u64,
            sessions,
        }
    }
}
