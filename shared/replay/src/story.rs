//! One sentence that tells a colleague what happened.
//!
//! What went wrong is told in the order of time. Where there is no room for all of it, the worst is told, and
//! how much more there was. A label is told whole or not at all.

mod clause;
mod quiet;

use crate::definitions::MAX_STORY_CHARS;
use crate::moment::Moment;
use crate::summary::Page;
use clause::Wrongs;

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
    let sentence =
        of_trouble(&Wrongs::among(visit.moments)).unwrap_or_else(|| quiet::sentence(visit));
    // What is shown of a page may hold signs that no line of text has.
    sentence.replace(char::is_control, " ")
}

/// Tells as many as there is room for, the worst first; `None` when nothing went wrong.
fn of_trouble(wrongs: &Wrongs<'_>) -> Option<String> {
    let mut worst_first = wrongs.to_tell();
    worst_first.sort_by_key(|wrong| (wrong.kind.severity(), wrong.at));
    let all = worst_first.len();
    // In the order of time.
    let mut told: Vec<(u64, String)> = Vec::with_capacity(MAX_CLAUSES);
    for wrong in &worst_first {
        if told.len() == MAX_CLAUSES {
            break;
        }
        let place = told.partition_point(|(at, _)| *at <= wrong.at);
        for said in wrongs.clauses(wrong) {
            told.insert(place, (wrong.at, said));
            if sentence(&told, all - told.len()).chars().count() <= MAX_STORY_CHARS {
                break;
            }
            told.remove(place);
        }
    }
    (all > 0).then(|| sentence(&told, all - told.len()))
}

/// The clauses, and how many were left out.
fn sentence(told: &[(u64, String)], more: usize) -> String {
    let mut sentence = String::with_capacity(2 * MAX_STORY_CHARS);
    for (index, (_, said)) in told.iter().enumerate() {
        if index > 0 {
            sentence.push_str("; then ");
        }
        sentence.push_str(said);
    }
    match more {
        0 => {}
        1 => sentence.push_str("; and one more problem"),
        more => {
            let more = more.to_string();
            sentence.extend(["; and ", &more, " more problems"]);
        }
    }
    sentence.push('.');
    capitalized(sentence)
}

fn capitalized(mut sentence: String) -> String {
    if let Some(first) = sentence.chars().next() {
        let capital = first.to_uppercase().to_string();
        sentence.replace_range(..first.len_utf8(), &capital);
    }
    sentence
}

#[cfg(test)]
mod tests;
