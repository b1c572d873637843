//! Nodes by their id.
//!
//! Recorders count ids up, and a page that is drawn anew has new ones: those of one moment lie close
//! together, at several places. So ids are held by pages of sixteen, and a directory tells where each
//! page is.

use hashbrown::HashMap;

use crate::event::NodeId;

/// A map from ids to nodes.
#[derive(Debug, Clone)]
pub(super) struct Nodes<N> {
    pages: Vec<Page<N>>,
    /// How many nodes each page holds.
    held: Vec<u8>,
    /// Pages that hold none.
    free: Vec<u32>,
    /// Where the pages of the lower ids are, or [`NOWHERE`].
    directory: Vec<u32>,
    /// The same for all higher ids.
    far: HashMap<u32, u32>,
    len: usize,
}

/// Ids of one page. More would be faster by a little; a broken recording may give each node a page of
/// its own.
const PAGE_IDS: usize = 16;

type Page<N> = [Option<N>; PAGE_IDS];

/// Where no page is.
const NOWHERE: u32 = u32::MAX;

/// Pages that the directory has room for, a quarter of a megabyte: ids below a million. No page of a
/// site was seen with more.
const DIRECTORY_PAGES: u32 = 1 << 16;

impl<N> Default for Nodes<N> {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            held: Vec::new(),
            free: Vec::new(),
            directory: Vec::new(),
            far: HashMap::new(),
            len: 0,
        }
    }
}

/// The page of an id, and its place there.
fn split(id: NodeId) -> (u32, usize) {
    let ids = PAGE_IDS as u32;
    (id / ids, (id % ids) as usize)
}

impl<N> Nodes<N> {
    /// Forgets all nodes, and makes room for so many.
    pub(super) fn reset(&mut self, nodes: usize) {
        self.pages.clear();
        self.pages.reserve_exact(nodes / PAGE_IDS + 1);
        self.held.clear();
        self.free.clear();
        self.directory.clear();
        self.far = HashMap::new();
        self.len = 0;
    }

    /// Gives back most of what is reserved.
    pub(super) fn shrink(&mut self) {
        self.pages
            .shrink_to(self.pages.len() + self.pages.len() / 8);
        let pages = self.directory.len();
        self.directory.shrink_to(pages + pages / 8);
    }

    #[inline]
    fn frame(&self, page: u32) -> usize {
        match self.directory.get(page as usize) {
            Some(frame) => *frame as usize,
            None => self.far_frame(page),
        }
    }

    #[cold]
    fn far_frame(&self, page: u32) -> usize {
        self.far.get(&page).copied().unwrap_or(NOWHERE) as usize
    }

    #[inline]
    pub(super) fn get(&self, id: NodeId) -> Option<&N> {
        let (page, place) = split(id);
        self.pages.get(self.frame(page))?[place].as_ref()
    }

    #[inline]
    pub(super) fn get_mut(&mut self, id: NodeId) -> Option<&mut N> {
        let (page, place) = split(id);
        let frame = self.frame(page);
        self.pages.get_mut(frame)?[place].as_mut()
    }

    pub(super) fn insert(&mut self, id: NodeId, node: N) {
        let (page, place) = split(id);
        let mut frame = self.frame(page);
        if frame == NOWHERE as usize {
            frame = self.open(page);
        }
        if self.pages[frame][place].replace(node).is_none() {
            self.held[frame] += 1;
            self.len += 1;
        }
    }

    /// Makes room for a page.
    fn open(&mut self, page: u32) -> usize {
        let frame = match self.free.pop() {
            Some(frame) => frame as usize,
            None => {
                if self.pages.len() == self.pages.capacity() {
                    // A quarter more, not twice as much.
                    self.pages.reserve_exact(self.pages.len() / 4 + 1);
                }
                self.pages.push([const { None }; PAGE_IDS]);
                self.held.push(0);
                self.pages.len() - 1
            }
        };
        self.enter(page, frame as u32);
        frame
    }

    fn enter(&mut self, page: u32, frame: u32) {
        if page >= DIRECTORY_PAGES {
            self.far.insert(page, frame);
            return;
        }
        let page = page as usize;
        if page >= self.directory.len() {
            self.directory.resize(page + 1, NOWHERE);
        }
        self.directory[page] = frame;
    }

    pub(super) fn remove(&mut self, id: NodeId) -> Option<N> {
        let (page, place) = split(id);
        let frame = self.frame(page);
        let removed = self.pages.get_mut(frame)?[place].take()?;
        self.len -= 1;
        self.held[frame] -= 1;
        if self.held[frame] == 0 {
            self.free.push(frame as u32);
            match self.directory.get_mut(page as usize) {
                Some(frame) => *frame = NOWHERE,
                None => drop(self.far.remove(&page)),
            }
        }
        Some(removed)
    }

    pub(super) fn contains(&self, id: NodeId) -> bool {
        self.get(id).is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The ids of all nodes, in no order that means anything.
    pub(super) fn ids(&self) -> impl Iterator<Item = NodeId> {
        let near = (0u32..).zip(&self.directory);
        let near = near
            .filter(|(_, frame)| **frame != NOWHERE)
            .map(|(page, _)| page);
        let pages = near.chain(self.far.keys().copied());
        pages
            .flat_map(|page| (0..PAGE_IDS as u32).map(move |place| page * PAGE_IDS as u32 + place))
            .filter(|id| self.contains(*id))
    }

    /// All nodes, to be changed.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut N> {
        self.pages.iter_mut().flatten().flatten()
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
            steps in prop::collection::vec(
                (any::<bool>(), prop_oneof![0u32..400, 1_048_500u32..1_048_700, NodeId::MAX - 40..=NodeId::MAX]),
                0..300,
            ),
        ) {
            let mut nodes = Nodes::default();
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
            let mut ids: Vec<NodeId> = nodes.ids().collect();
            ids.sort_unstable();
            prop_assert!(ids.iter().eq(map.keys()));
            for id in ids {
                prop_assert_eq!(nodes.get(id), map.get(&id));
            }
            let left: usize = nodes.iter_mut().map(|step| *step).sum();
            prop_assert_eq!(left, map.values().sum::<usize>());
        }
    }

    #[test]
    fn pages_that_were_left_are_used_again() {
        let mut nodes = Nodes::default();
        for id in 0..100_000 {
            nodes.insert(id, id);
            if id >= 1_000 {
                nodes.remove(id - 1_000);
            }
        }
        assert_eq!(nodes.len(), 1_000);
        assert!(nodes.pages.len() * PAGE_IDS <= 1_000 + 2 * PAGE_IDS);
    }

    #[test]
    fn ids_far_apart_take_little_room() {
        let mut nodes = Nodes::default();
        nodes.insert(1, ());
        nodes.insert(NodeId::MAX, ());
        assert!(nodes.contains(NodeId::MAX));
        assert_eq!(nodes.pages.len(), 2);
        assert_eq!(nodes.directory.len(), 1);
    }
}
