//! How the keys of a kind of row are spelled, and whether two kinds can be told apart by that.

use crate::Key;

/// Divides the parts of a key. No identifier holds it, so no two different keys are spelled the same.
const DIVIDER: char = '#';

/// How the keys of one kind of row are spelled: parts divided by `#`, each a word or a `{placeholder}`.
///
/// ```
/// use table::{Key, Spelling};
///
/// const CHUNK: Spelling = Spelling::new("ORG#{organization}#SESSION#{session}", "CHUNK#{seq}");
/// assert!(CHUNK.spells(&Key::new("ORG#org_a#SESSION#s1", "CHUNK#0000000007")));
/// assert!(!CHUNK.spells(&Key::new("ORG#org_a#SESSION#s1", "META")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling {
    partition: &'static str,
    sort: &'static str,
}

impl Spelling {
    /// The spelling of these two parts of a key.
    pub const fn new(partition: &'static str, sort: &'static str) -> Self {
        Self { partition, sort }
    }

    /// Whether a key is spelled so.
    pub fn spells(&self, key: &Key) -> bool {
        agree(self.partition, &key.partition) && agree(self.sort, &key.sort)
    }

    /// What every sort key of the kind begins with: queries of a kind go by it.
    pub fn prefix(&self) -> &'static str {
        self.sort.split('{').next().unwrap_or_default()
    }

    /// Whether no query can take a row of one kind for a row of the other: they never stand in the same
    /// partition, or neither prefix begins with the other.
    pub fn is_apart_from(&self, other: &Self) -> bool {
        let (own, others) = (self.prefix(), other.prefix());
        !agree(self.partition, other.partition)
            || !(own.starts_with(others) || others.starts_with(own))
    }
}

/// Whether two texts of the same number of parts can be the same.
fn agree(one: &str, other: &str) -> bool {
    let (one, other): (Vec<_>, Vec<_>) =
        (one.split(DIVIDER).collect(), other.split(DIVIDER).collect());
    let is_placeholder = |part: &str| part.starts_with('{');
    one.len() == other.len()
        && one
            .iter()
            .zip(&other)
            .all(|(one, other)| is_placeholder(one) || is_placeholder(other) || one == other)
}

/// Asserts that no two of these kinds of row can be taken for one another. For the tests of crates with rows.
///
/// # Panics
/// With the two that can.
pub fn assert_apart(rows: &[Spelling]) {
    for (index, row) in rows.iter().enumerate() {
        for other in &rows[index + 1..] {
            assert!(row.is_apart_from(other), "{row:?} meets {other:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_meet_in_one_partition_by_a_common_prefix() {
        let row = Spelling::new;
        for (one, other, is_apart) in [
            (row("ORG#{o}", "ORG"), row("ORG#{o}", "ORG"), false),
            (row("ORG#{o}", "A#{a}"), row("ORG#{o}", "B#{b}"), true),
            (row("ORG#{o}", "A#{a}"), row("ORG#{o}", "A#B#{b}"), false),
            (row("ORG#{o}", "ACTIVE"), row("ORG#{o}", "ACT"), false),
            (row("ORG#{o}", "A"), row("ORG#{o}#P#{p}", "A"), true),
            (row("ORG#{o}#P#{p}", "A"), row("ORG#{o}#Q#{q}", "A"), true),
            (row("{o}#P", "A"), row("ORG#{q}", "A"), false),
        ] {
            assert_eq!(one.is_apart_from(&other), is_apart, "{one:?} {other:?}");
            assert_eq!(other.is_apart_from(&one), is_apart, "{other:?} {one:?}");
        }
    }
}
