//! One sentence that tells a colleague what happened.
//!
//! What went wrong is told in the order of time. Where there is no room for all of it, the worst is told, and
//! how much more there was. A label is told whole or not at all.

mod clause;
mod quiet;

use crate::definitions::MAX_STORY_CHARS;
use crate::moment::Moment;
use crate::summary::Page;
use clause::{Clause, clauses};

/// More of what went wrong makes no sentence.
const MAX_CLAUSES: usize = 3;

/// What a story is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit<'v> {
    pub(crate) moments: &'v [Moment],
    pub(crate) pages: &'v [Page],
    pub(crate) duration_ms: u64,
    pub(crate) active_ms: u64,
}

/// What went wrong; or what the visit was about, when nothing did.
pub(crate) fn story(visit: Visit<'_>) -> String {
    let clauses = clauses(visit.moments);
    let sentence = if clauses.is_empty() {
        quiet::sentence(visit)
    } else {
        of_trouble(clauses)
    };
    // What is shown of a page may hold signs that no line of text has.
    sentence.replace(char::is_control, " ")
}

/// Tells as many as there is room for, the worst first.
fn of_trouble(mut clauses: Vec<Clause>) -> String {
    clauses.sort_by_key(|clause| (clause.rank, clause.at));
    let all = clauses.len();
    let mut told: Vec<(u64, String)> = Vec::new();
    for Clause { at, said, .. } in clauses {
        if told.len() == MAX_CLAUSES {
            break;
        }
        for said in said {
            told.push((at, said));
            let more = all - told.len();
            if sentence(&told, more).chars().count() <= MAX_STORY_CHARS {
                break;
            }
            told.pop();
        }
    }
    let more = all - told.len();
    sentence(&told, more)
}

/// The clauses in the order of time, and how many were left out.
fn sentence(told: &[(u64, String)], more: usize) -> String {
    let mut in_order: Vec<&(u64, String)> = told.iter().collect();
    in_order.sort_by_key(|(at, _)| *at);
    let clauses: Vec<&str> = in_order.iter().map(|(_, said)| said.as_str()).collect();
    let mut sentence = clauses.join("; then ");
    match more {
        0 => {}
        1 => sentence.push_str("; and one more problem"),
        more => sentence.push_str(&format!("; and {more} more problems")),
    }
    capitalized(&sentence) + "."
}

fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut capitalized: String = first.to_uppercase().collect();
    capitalized.push_str(letters.as_str());
    capitalized
}

#[cfg(test)]
mod tests;
