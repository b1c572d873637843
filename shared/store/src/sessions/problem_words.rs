//! Sessions by the text of what went wrong in them: the words of their problems. Pure.

use std::collections::BTreeSet;

use replay::Summary;

/// Fewest characters of a word that counts.
const MIN_CHARS: usize = 3;

/// Most characters of a word that are kept; one that is longer is told by those.
const MAX_CHARS: usize = 24;

/// Most bytes of a session's words in its row of the index. A session that had more is read before it is
/// left out.
const MAX_BYTES: usize = 400;

/// Longest text that is looked for, bytes.
const MAX_TEXT_BYTES: usize = 500;

/// Problems whose text has these words, or words that begin so, in any order.
///
/// Personal data, as what it is compared with: `Debug` leaves it out.
#[derive(Clone, PartialEq, Eq)]
pub struct ProblemFilter {
    words: BTreeSet<String>,
}

/// The words of a session's problems, as its row of the index has them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ProblemWords {
    /// With spaces between them.
    pub(crate) words: String,
    /// Whether there were more.
    pub(crate) has_more: bool,
}

impl ProblemFilter {
    /// Takes what somebody wrote; `None` for what has no word of three characters in it, and so is no filter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT_BYTES {
            return None;
        }
        let words = words_of(text);
        (!words.is_empty()).then_some(Self { words })
    }

    pub(crate) fn takes(&self, summary: &Summary) -> bool {
        let mut labels = summary.problems.iter().map(|problem| &problem.label);
        labels.any(|label| self.are_in(&words_of(label)))
    }

    pub(crate) fn may_be_in(&self, words: &str) -> bool {
        self.are_in(&words.split(' ').map(str::to_owned).collect())
    }

    fn are_in(&self, words: &BTreeSet<String>) -> bool {
        let mut wanted = self.words.iter();
        wanted.all(|wanted| {
            let from = words.range::<String, _>(wanted..);
            from.take(1).any(|word| word.starts_with(wanted.as_str()))
        })
    }
}

impl std::fmt::Debug for ProblemFilter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ProblemFilter(..)")
    }
}

impl ProblemWords {
    pub(crate) fn of(summary: &Summary) -> Self {
        let mut found = Self::default();
        let mut taken = BTreeSet::new();
        let labels = summary.problems.iter();
        for word in labels.flat_map(|problem| words_of(&problem.label)) {
            if taken.contains(&word) {
                continue;
            }
            if found.words.len() + 1 + word.len() > MAX_BYTES {
                found.has_more = true;
                break;
            }
            if !found.words.is_empty() {
                found.words.push(' ');
            }
            found.words.push_str(&word);
            taken.insert(word);
        }
        found
    }
}

/// What a text is made of: letters and digits, in lower case.
fn words_of(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| word.chars().count() >= MIN_CHARS);
    words
        .map(|word| word.chars().take(MAX_CHARS).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_by_its_words_and_their_beginnings_in_any_order() {
        let label = words_of("TypeError: coupon.apply is not a function");
        for (text, found) in [
            ("coupon.apply is not a function", true),
            ("function coupon", true),
            ("COUP", true),
            ("typeerror: coupon.appl", true),
            ("coupon refuse", false),
            ("upon", false),
        ] {
            let filter = ProblemFilter::parse(text).unwrap();
            assert_eq!(filter.are_in(&label), found, "{text}");
        }
    }

    #[test]
    fn what_has_no_word_is_no_filter() {
        for text in ["", "  ", "a is", "-!-", &"x".repeat(501)] {
            assert_eq!(ProblemFilter::parse(text), None, "{text}");
        }
    }
}
