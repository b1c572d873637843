//! Nodes by their id.
//!
//! Recorders count ids up: those of a snapshot lie close together and are found by their place. The ones that
//! come later, in a session that may go on for hours, are found by their hash.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::event::NodeId;

/// A map that is an array where it can be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Nodes<N> {
    first: NodeId,
    near: Vec<Option<N>>,
    far: HashMap<NodeId, N>,
    len: usize,
}

impl<N> Default for Nodes<N> {
    fn default() -> Self {
        Self {
            first: 0,
            near: Vec::new(),
            far: HashMap::new(),
            len: 0,
        }
    }
}

impl<N> Nodes<N> {
    /// Forgets all nodes and makes room for these ids, if they lie close together, and for some after them.
    pub(super) fn reset(&mut self, ids: impl Iterator<Item = NodeId> + Clone) {
        let count = ids.clone().count();
        let (first, last) = ids.fold((NodeId::MAX, 0), |(first, last), id| {
            (first.min(id), last.max(id))
        });
        let span = (last.saturating_sub(first) as usize).saturating_add(1);
        let room = if span <= 2 * count + 64 {
            span + span / 4
        } else {
            0
        };
        self.first = first;
        self.near.clear();
        self.near.resize_with(room, || None);
        self.far.clear();
        self.len = 0;
    }

    fn place(&self, id: NodeId) -> Option<usize> {
        let place = id.checked_sub(self.first)? as usize;
        (place < self.near.len()).then_some(place)
    }

    pub(super) fn get(&self, id: NodeId) -> Option<&N> {
        match self.place(id) {
            Some(place) => self.near[place].as_ref(),
            None => self.far.get(&id),
        }
    }

    pub(super) fn get_mut(&mut self, id: NodeId) -> Option<&mut N> {
        match self.place(id) {
            Some(place) => self.near[place].as_mut(),
            None => self.far.get_mut(&id),
        }
    }

    pub(super) fn insert(&mut self, id: NodeId, node: N) {
        let former = match self.place(id) {
            Some(place) => self.near[place].replace(node),
            None => self.far.insert(id, node),
        };
        self.len += usize::from(former.is_none());
    }

    pub(super) fn remove(&mut self, id: NodeId) -> Option<N> {
        let removed = match self.place(id) {
            Some(place) => self.near[place].take(),
            None => self.far.remove(&id),
        };
        self.len -= usize::from(removed.is_some());
        removed
    }

    pub(super) fn contains(&self, id: NodeId) -> bool {
        self.get(id).is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn behaves_as_a_map(
            expected in prop::collection::vec(0u32..200, 0..40),
            steps in prop::collection::vec((any::<bool>(), 0u32..400), 0..200),
        ) {
            let mut nodes = Nodes::default();
            nodes.reset(expected.iter().copied());
            let mut map = BTreeMap::new();
            for (step, (insert, id)) in steps.into_iter().enumerate() {
                if insert {
                    nodes.insert(id, step);
                    map.insert(id, step);
                } else {
                    prop_assert_eq!(nodes.remove(id), map.remove(&id));
                }
                prop_assert_eq!(nodes.len(), map.len());
                prop_assert_eq!(nodes.get(id), map.get(&id));
            }
        }
    }

    #[test]
    fn ids_far_apart_take_no_room() {
        let mut nodes = Nodes::default();
        nodes.reset([1, NodeId::MAX].into_iter());
        nodes.insert(NodeId::MAX, ());
        assert!(nodes.contains(NodeId::MAX));
        assert_eq!(nodes.near.len(), 0);
    }
}
