//! What one person is called: names that were said together, and those that were said together with one of
//! them. Pure.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::AliasName;

/// Names, sorted by whose they are. Each is in one of the sets only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: Ord + Deserialize<'de>"))]
pub struct Components<T: Ord = AliasName>(Vec<BTreeSet<T>>);

impl<T: Ord> Default for Components<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord + Clone> Components<T> {
    /// Takes down that these were said together.
    pub fn add(&mut self, names: impl IntoIterator<Item = T>) {
        let mut joined: BTreeSet<T> = names.into_iter().collect();
        if joined.is_empty() {
            return;
        }
        let (with, without) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|names| !names.is_disjoint(&joined));
        let with: Vec<BTreeSet<T>> = with;
        self.0 = without;
        joined.extend(with.into_iter().flatten());
        self.0.push(joined);
    }

    /// Adds to some names whatever is the same person's.
    pub fn close(&self, names: &mut BTreeSet<T>) {
        let theirs = self.0.iter().filter(|others| !others.is_disjoint(names));
        let theirs: Vec<T> = theirs.flatten().cloned().collect();
        names.extend(theirs);
    }

    /// Everybody's.
    pub fn all(&self) -> impl Iterator<Item = T> {
        self.0.iter().flatten().cloned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{AliasHash, AliasKind};

    fn name(number: usize) -> AliasName {
        AliasName {
            kind: AliasKind::UserId,
            hash: AliasHash::parse(&format!("{number:064}")).unwrap(),
        }
    }

    #[test]
    fn what_was_said_together_is_one_persons_over_any_number_of_steps() {
        let mut together = Components::default();
        for said in [&[1, 2][..], &[3, 4], &[], &[5], &[2, 3]] {
            together.add(said.iter().map(|number| name(*number)));
        }
        let mut names = BTreeSet::from([name(4), name(9)]);
        together.close(&mut names);
        assert_eq!(names, [1, 2, 3, 4, 9].map(name).into());
    }

    proptest! {
        #[test]
        fn the_order_in_which_it_is_heard_does_not_matter(
            said in prop::collection::vec(prop::collection::btree_set(0_usize..12, 0..4), 0..12),
            from in 0_usize..12,
        ) {
            let close = |said: &mut dyn Iterator<Item = &BTreeSet<usize>>| {
                let mut together = Components::default();
                said.for_each(|names| together.add(names.iter().map(|number| name(*number))));
                let mut names = BTreeSet::from([name(from)]);
                together.close(&mut names);
                names
            };
            prop_assert_eq!(close(&mut said.iter()), close(&mut said.iter().rev()));
        }
    }
}
