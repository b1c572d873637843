//! What a summary tells of problems: on which day, by our clock.

use identity::SessionId;
use jiff::{SignedDuration, Timestamp};
use replay::{Problem, Summary};

use crate::problems::days::day_of;
use crate::problems::occurrence::{Example, Occurrence};

/// The problems of a session with the days on which it is known to have had them: that of the first time and
/// that of the last.
///
/// `offset`: how far the visitor's clock is behind ours. Nothing happened after `received_at`, when we heard
/// of it.
pub(crate) fn occurrences(
    session: &SessionId,
    summary: &Summary,
    offset: SignedDuration,
    received_at: Timestamp,
) -> Vec<Occurrence> {
    let began = summary.started_at.saturating_add(offset);
    let began = began.unwrap_or(Timestamp::MAX).min(received_at);
    let time = |at_ms: u64| {
        let after = SignedDuration::from_millis(i64::try_from(at_ms).unwrap_or(i64::MAX));
        let at = began.saturating_add(after).unwrap_or(Timestamp::MAX);
        at.min(received_at)
    };
    let mut occurrences = Vec::new();
    for problem in &summary.problems {
        let (first, last) = (time(problem.first_at_ms), time(problem.last_at_ms));
        let occurrence = |at_ms, at, last_at| Occurrence {
            fingerprint: problem.fingerprint,
            kind: problem.kind,
            day: day_of(at),
            last_at,
            example: example(session, summary, problem, (at_ms, at)),
        };
        if day_of(first) == day_of(last) {
            occurrences.push(occurrence(problem.first_at_ms, first, last));
        } else {
            occurrences.push(occurrence(problem.first_at_ms, first, first));
            occurrences.push(occurrence(problem.last_at_ms, last, last));
        }
    }
    occurrences
}

fn example(
    session: &SessionId,
    summary: &Summary,
    problem: &Problem,
    (at_ms, at): (u64, Timestamp),
) -> Example {
    let device = &summary.device;
    let browser = device.browser.as_ref().map(|browser| {
        let version = device.browser_version.iter();
        version.fold(browser.clone(), |name, version| format!("{name} {version}"))
    });
    let pages = summary.pages.iter();
    let page = pages.take_while(|page| page.at_ms <= at_ms).last();
    Example {
        session: session.clone(),
        at_ms,
        at,
        label: problem.label.clone(),
        page: page.map(|page| page.url.clone()),
        browser,
    }
}
