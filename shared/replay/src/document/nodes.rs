//! Nodes by their id.
//!
//! Recorders count ids up: those of a page lie close together and are found by their place. What is far from
//! them is found by its hash.

use hashbrown::HashMap;

use crate::event::NodeId;

/// A map that is an array where it can be.
#[derive(Debug, Clone)]
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

/// The array has at most this many places for each node in it, and [`FREE_PLACES`] more.
const PLACES_OF_A_NODE: usize = 2;
const FREE_PLACES: usize = 64;

impl<N> Nodes<N> {
    /// Forgets all nodes and makes room for these ids, if they lie close together.
    pub(super) fn reset(&mut self, ids: impl Iterator<Item = NodeId>) {
        let (mut count, mut first, mut last) = (0, NodeId::MAX, 0);
        for id in ids {
            count += 1;
            first = first.min(id);
            last = last.max(id);
        }
        let span = (last.saturating_sub(first) as usize).saturating_add(1);
        let room = if span <= PLACES_OF_A_NODE * count + FREE_PLACES {
            span
        } else {
            0
        };
        self.first = first;
        self.near.clear();
        self.near.shrink_to(room);
        self.far = HashMap::new();
        self.len = 0;
        self.make_room(room);
    }

    fn make_room(&mut self, places: usize) {
        let more = places.saturating_sub(self.near.len());
        self.near.reserve_exact(more);
        self.near.resize_with(self.near.len() + more, || None);
    }

    fn place(&self, id: NodeId) -> Option<usize> {
        let place = id.checked_sub(self.first)? as usize;
        (place < self.near.len()).then_some(place)
    }

    #[inline]
    pub(super) fn get(&self, id: NodeId) -> Option<&N> {
        match self.place(id) {
            Some(place) => self.near[place].as_ref(),
            None => self.far.get(&id),
        }
    }

    #[inline]
    pub(super) fn get_mut(&mut self, id: NodeId) -> Option<&mut N> {
        match self.place(id) {
            Some(place) => self.near[place].as_mut(),
            None => self.far.get_mut(&id),
        }
    }

    pub(super) fn insert(&mut self, id: NodeId, node: N) {
        if self.place(id).is_none() {
            self.grow_to(id);
        }
        let former = match self.place(id) {
            Some(place) => self.near[place].replace(node),
            None => self.far.insert(id, node),
        };
        self.len += usize::from(former.is_none());
    }

    /// Gives the id a place if it follows the others closely.
    fn grow_to(&mut self, id: NodeId) {
        let Some(place) = id.checked_sub(self.first).map(|place| place as usize) else {
            return;
        };
        if place >= PLACES_OF_A_NODE * self.len + FREE_PLACES {
            return;
        }
        self.make_room((place + 1).max(self.near.len() + self.near.len() / 8));
        let (first, places) = (self.first, self.near.len());
        let has_place = |id: NodeId| id.checked_sub(first).is_some_and(|place| (place as usize) < places);
        for (id, node) in self.far.extract_if(|id, _| has_place(*id)) {
            self.near[(id - first) as usize] = Some(node);
        }
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

    /// All nodes, in no order that means anything.
    pub(super) fn iter(&self) -> impl Iterator<Item = (NodeId, &N)> {
        let near = self.near.iter().enumerate();
        let near =
            near.filter_map(|(place, node)| Some((self.first + place as NodeId, node.as_ref()?)));
        near.chain(self.far.iter().map(|(id, node)| (*id, node)))
    }

    /// All nodes, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut N> {
        self.near.iter_mut().flatten().chain(self.far.values_mut())
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
