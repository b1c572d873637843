//! One sentence that tells a colleague what happened.

use crate::definitions::MAX_STORY_CHARS;
use crate::problems::Problem;
use crate::summary::Page;

/// What went wrong, the worst first; or what the visit was about.
pub(crate) fn story(problems: &[Problem], pages: &[Page]) -> String {
    let mut story = String::new();
    for problem in problems {
        let begun = if story.is_empty() { "" } else { "; then " };
        let more = format!("{story}{begun}{}", problem.label);
        if more.chars().count() < MAX_STORY_CHARS {
            story = more;
        }
    }
    if story.is_empty() {
        story = match pages.len() {
            1 => "Looked at one page".to_owned(),
            count => format!("Looked at {count} pages"),
        };
    }
    story + "."
}
