//! Which nodes a mutation touches, and how.

use smallvec::{SmallVec, smallvec};

use crate::definitions::MAX_TOUCHED;
use crate::document::Document;
use crate::event::{Mutation, NodeId, Subtree, Tag};

/// The nodes that one mutation touches.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) touches: SmallVec<[Touch; 8]>,
    /// Changes in the batch, also those below what is itself new: a table sorted anew is one node touched,
    /// and thousands of changes.
    pub(super) size: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Touch {
    pub(super) node: NodeId,
    pub(super) way: Way,
}

/// How a node was touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// Children with something to show came, or any went.
    Tree,
    /// This child without any text came: an icon, or the ripple of a press.
    Wordless(NodeId),
    /// This child went.
    Gone(NodeId),
    Text,
    Attribute,
}

impl Touched {
    pub(super) fn only(node: NodeId, way: Way) -> Self {
        Self {
            touches: smallvec![Touch { node, way }],
            size: 1,
        }
    }

    /// What is touched is what stood on the page before: the parent of what comes or goes. To be asked
    /// before the mutation is applied.
    pub(super) fn by(mutation: &Mutation<'_>, document: &Document) -> Self {
        let mut touched = Self::default();
        let mut touch = |node: NodeId, way: Way| {
            if node != 0 && touched.touches.len() < MAX_TOUCHED {
                touched.touches.push(Touch { node, way });
            }
        };
        for (parent, id) in &mutation.removes {
            touch(*parent, Way::Gone(*id));
        }
        for (nth, (index, parent, _)) in mutation.adds.roots.iter().enumerate().take(MAX_TOUCHED) {
            // Below what is itself new, nothing was touched.
            if document.contains(*parent) {
                let way = match mutation.adds.nodes.get(*index as usize) {
                    Some(root) if !says_something(&mutation.adds, nth) => Way::Wordless(root.id),
                    _ => Way::Tree,
                };
                touch(*parent, way);
            }
        }
        for (id, _) in &mutation.texts {
            let element = match document.is_text(*id) {
                true => document.parent(*id).unwrap_or(*id),
                false => *id,
            };
            touch(element, Way::Text);
        }
        for (id, _) in &mutation.changed {
            touch(*id, Way::Attribute);
        }
        touched.size = mutation.removes.len()
            + mutation.adds.roots.len()
            + mutation.texts.len()
            + mutation.changed.len();
        touched
    }
}

/// These ids in order, each once.
pub(super) fn distinct(ids: impl Iterator<Item = NodeId>) -> Vec<NodeId> {
    let mut ids: Vec<NodeId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Whether the nth added subtree shows any text, by itself or by what the same batch adds below it.
fn says_something(adds: &Subtree<'_>, nth: usize) -> bool {
    let subtree = |nth: usize| {
        let begin = |nth: usize| {
            let root = adds.roots.get(nth);
            root.map_or(adds.nodes.len(), |root| root.0 as usize)
        };
        adds.nodes
            .get(begin(nth)..begin(nth + 1))
            .unwrap_or_default()
    };
    let shows_text = |nth: usize| {
        let mut nodes = subtree(nth).iter();
        nodes.any(|node| node.tag == Tag::Text && !node.text.raw().trim().is_empty())
    };
    let own = subtree(nth);
    shows_text(nth)
        || adds
            .roots
            .iter()
            .enumerate()
            .take(MAX_TOUCHED)
            .any(|(other, (_, parent, _))| {
                own.iter().any(|node| node.id == *parent) && shows_text(other)
            })
}
