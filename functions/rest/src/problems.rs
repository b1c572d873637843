//! `GET /v1/problems?since=&kind=&limit=&cursor=`: what went wrong for the most people.
//! `GET /v1/problems/{fingerprint}`: one of them, day by day.

use jiff::Timestamp;
use jiff::civil::Date;
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use platform::http::{ApiError, json};
use replay::{Fingerprint, MomentKind};
use serde::Serialize;
use store::{CountedProblem, Days, Example, Grant, MAX_DAYS, MAX_LISTED, ProblemQuery, Tally};

use api::Error;

use crate::State;
use crate::query::Query;

/// Days that are looked back on unless the caller says since when, today included.
const DEFAULT_DAYS: usize = 7;

/// Problems on one page.
#[derive(Serialize)]
struct Listed<'a> {
    data: Vec<PublicProblem<'a>>,
    next_cursor: Option<String>,
}

/// A problem, as callers see it.
#[derive(Serialize)]
struct PublicProblem<'a> {
    fingerprint: Fingerprint,
    kind: MomentKind,
    /// Null once everybody is forgotten whose words it had.
    label: Option<&'a str>,
    people: u64,
    sessions: u64,
    /// Whether the numbers are estimates: there were too many to tell all apart.
    is_estimate: bool,
    first_seen: Timestamp,
    last_seen: Timestamp,
    /// When it was first there at all, as far as is kept.
    known_since: Timestamp,
    examples: Vec<PublicExample<'a>>,
}

#[derive(Serialize)]
struct PublicExample<'a> {
    session_id: &'a str,
    at_ms: u64,
    at: Timestamp,
    page: Option<&'a str>,
    browser: Option<&'a str>,
}

/// One of them, with its days.
#[derive(Serialize)]
struct WholeProblem<'a> {
    #[serde(flatten)]
    problem: PublicProblem<'a>,
    days: Vec<PublicDay>,
}

#[derive(Serialize)]
struct PublicDay {
    day: Date,
    people: u64,
    sessions: u64,
    is_estimate: bool,
}

pub(crate) async fn list(
    state: &State,
    grant: &Grant,
    request: &Request,
) -> Result<Response<Body>, Error> {
    let query = Query::parse(request.uri().query().unwrap_or_default())?;
    let now = state.clock.now();
    let days = match query.since {
        Some(since) => Days::since(since, now),
        None => Days::until(now, DEFAULT_DAYS),
    };
    let asked = ProblemQuery {
        days,
        kind: query.kind,
        only_new: false,
        skip: query.skip,
        limit: query.limit,
    };
    let problems = state.store.of(&grant.organization).problems();
    let list = problems.list(asked, now).await?;
    tracing::info!("problems read");
    let is_since =
        |problem: &&CountedProblem| query.since.is_none_or(|since| problem.last_seen >= since);
    let next = (query.skip + query.limit).min(MAX_LISTED);
    let listed = Listed {
        data: list
            .problems
            .iter()
            .filter(is_since)
            .map(PublicProblem::of)
            .collect(),
        next_cursor: list.has_more.then(|| next.to_string()),
    };
    Ok(json(StatusCode::OK, &listed))
}

pub(crate) async fn show(
    state: &State,
    grant: &Grant,
    fingerprint: Fingerprint,
) -> Result<Response<Body>, Error> {
    let now = state.clock.now();
    let days = Days::until(now, MAX_DAYS);
    let problems = state.store.of(&grant.organization).problems();
    let found = problems.find(fingerprint, days, now).await?;
    tracing::info!("problem read");
    let found = found.ok_or_else(unknown_problem)?;
    let days = found.days.iter();
    let whole = WholeProblem {
        problem: PublicProblem::of(&found),
        days: days
            .map(|(day, tally)| PublicDay::of(*day, *tally))
            .collect(),
    };
    Ok(json(StatusCode::OK, &whole))
}

impl<'a> PublicProblem<'a> {
    fn of(problem: &'a CountedProblem) -> Self {
        Self {
            fingerprint: problem.fingerprint,
            kind: problem.kind,
            label: problem.label.as_deref(),
            people: problem.total.people,
            sessions: problem.total.sessions,
            is_estimate: !problem.total.are_sessions_exact,
            first_seen: problem.first_seen,
            last_seen: problem.last_seen,
            known_since: problem.known_since,
            examples: problem.examples.iter().map(PublicExample::of).collect(),
        }
    }
}

impl<'a> PublicExample<'a> {
    fn of(example: &'a Example) -> Self {
        Self {
            session_id: example.session.as_str(),
            at_ms: example.at_ms,
            at: example.at,
            page: example.page.as_deref(),
            browser: example.browser.as_deref(),
        }
    }
}

impl PublicDay {
    fn of(day: Date, tally: Tally) -> Self {
        Self {
            day,
            people: tally.people,
            sessions: tally.sessions,
            is_estimate: !tally.are_sessions_exact,
        }
    }
}

fn unknown_problem() -> Error {
    ApiError::new(
        StatusCode::NOT_FOUND,
        "unknown_problem",
        "Nobody had this problem in the last 31 days, or all who had it have been erased.",
    )
    .into()
}
