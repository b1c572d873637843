//! Randomness taken out of texts: nonces, tokens, ids that nobody can guess are others in every run.
//!
//! What is random is found, not listed: the words that two runs of the same step do not have in common. Of
//! such a word its length alone is compared.

use std::collections::HashSet;

/// The words that every run of a step has.
pub(crate) struct Words(HashSet<String>);

impl Words {
    /// The words of both runs.
    pub(crate) fn common<'a>(
        one: impl Iterator<Item = &'a String>,
        other: impl Iterator<Item = &'a String>,
    ) -> Self {
        let (one, other) = (words(one), words(other));
        Self(
            one.intersection(&other)
                .map(|word| (*word).to_owned())
                .collect(),
        )
    }

    /// A text with the length of each other word in its place.
    pub(crate) fn mask(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        for piece in text.split_inclusive(|character| !is_of_word(character)) {
            let word = piece.trim_end_matches(|character| !is_of_word(character));
            match self.0.contains(word) || word.is_empty() {
                true => masked.push_str(piece),
                false => {
                    masked.push_str(&format!("<{}>", word.len()));
                    masked.push_str(&piece[word.len()..]);
                }
            }
        }
        masked
    }
}

fn words<'a>(texts: impl Iterator<Item = &'a String>) -> HashSet<&'a str> {
    texts
        .flat_map(|text| text.split(|character| !is_of_word(character)))
        .collect()
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_runs_do_not_share_is_masked_and_its_length_stays() {
        let one = ["key=abcd; count=2".to_owned()];
        let other = ["key=efgh; count=2".to_owned()];
        let words = Words::common(one.iter(), other.iter());
        for (text, masked) in [
            ("key=abcd; count=2", "key=<4>; count=2"),
            ("key=wxyz; count=2", "key=<4>; count=2"),
            ("key=vwxyz; count=3", "key=<5>; count=<1>"),
            ("", ""),
        ] {
            assert_eq!(words.mask(text), masked);
        }
    }
}
