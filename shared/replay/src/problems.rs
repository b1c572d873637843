//! What went wrong in a session, each problem once.

use serde::{Deserialize, Serialize};

use crate::definitions::MAX_PROBLEMS;
use crate::fingerprint::Fingerprint;
use crate::moment::{Moment, MomentKind};

/// Something that went wrong, once or several times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The same at other people.
    pub fingerprint: Fingerprint,
    /// `js_error`, `console_error`, `failed_request`, `rage_click` or `dead_click`.
    pub kind: MomentKind,
    /// For people, as in the timeline.
    pub label: String,
    /// Milliseconds from the session's start.
    pub first_at_ms: u64,
    /// Milliseconds from the session's start.
    pub last_at_ms: u64,
    /// How often; of clicks, how many episodes.
    pub count: u64,
}

/// The problems among the moments, the worst first.
pub(crate) fn problems(moments: &[Moment]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for moment in moments {
        let Some(fingerprint) = moment.fingerprint else {
            continue;
        };
        let last_at_ms = moment.last_at_ms.unwrap_or(moment.at_ms);
        let count = match moment.kind {
            MomentKind::RageClick | MomentKind::DeadClick => 1,
            _ => moment.count,
        };
        match problems
            .iter_mut()
            .find(|problem| problem.fingerprint == fingerprint)
        {
            Some(problem) => {
                problem.last_at_ms = problem.last_at_ms.max(last_at_ms);
                problem.count += count;
            }
            None => problems.push(Problem {
                fingerprint,
                kind: moment.kind,
                label: moment.label.clone(),
                first_at_ms: moment.at_ms,
                last_at_ms,
                count,
            }),
        }
    }
    problems.sort_by_key(|problem| (problem.kind.severity(), problem.first_at_ms));
    problems.truncate(MAX_PROBLEMS);
    problems
}
