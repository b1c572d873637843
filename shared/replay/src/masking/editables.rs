//! Where somebody may type into the page itself: editable elements, and what stands in them.

use hashbrown::HashSet;
use serde::{Deserialize, Serialize};

use crate::event::NodeId;

/// Most nodes that are known one by one: whoever edits more edits the whole page.
const MOST_NODES: usize = 2_000;

/// The nodes of a page whose texts somebody may have typed. It is kept with each chunk, for the next one
/// changes the same page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Editables {
    /// `None`: any of them.
    nodes: Option<HashSet<NodeId>>,
}

/// As it stands in a chunk's row, in few bytes: how far each is from the one before, or [`ANYWHERE`].
#[derive(Serialize, Deserialize)]
struct Stored(String);

const ANYWHERE: &str = "*";

impl From<Stored> for Editables {
    fn from(Stored(steps): Stored) -> Self {
        let mut last: NodeId = 0;
        let steps = steps.split_terminator(' ').map(|step| {
            last = last.checked_add(step.parse().ok()?)?;
            Some(last)
        });
        Self {
            nodes: steps.collect(),
        }
    }
}

impl From<Editables> for Stored {
    fn from(editables: Editables) -> Self {
        let Some(nodes) = editables.nodes else {
            return Self(ANYWHERE.to_owned());
        };
        let mut nodes = Vec::from_iter(nodes);
        nodes.sort_unstable();
        let mut last = 0;
        let steps = nodes.into_iter().map(|node| {
            let step = node - last;
            last = node;
            format!("{step} ")
        });
        Self(steps.collect())
    }
}

/// No node.
impl Default for Editables {
    fn default() -> Self {
        Self {
            nodes: Some(HashSet::new()),
        }
    }
}

impl Editables {
    /// Any node: nothing is known of the page.
    pub const ANYWHERE: Self = Self { nodes: None };

    /// Whether it may be any node.
    #[must_use]
    pub fn is_anywhere(&self) -> bool {
        self.nodes.is_none()
    }

    pub(super) fn contains(&self, node: NodeId) -> bool {
        self.nodes
            .as_ref()
            .is_none_or(|nodes| nodes.contains(&node))
    }

    pub(super) fn insert(&mut self, node: NodeId) {
        if let Some(nodes) = &mut self.nodes {
            nodes.insert(node);
            if nodes.len() > MOST_NODES {
                self.nodes = None;
            }
        }
    }

    pub(super) fn remove(&mut self, node: NodeId) {
        if let Some(nodes) = &mut self.nodes {
            nodes.remove(&node);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_kept_in_a_row_and_are_any_when_there_are_too_many() {
        let mut editables = Editables::default();
        for node in [7, 3, 5] {
            editables.insert(node);
        }
        editables.remove(5);
        let stored = serde_json::to_value(&editables).unwrap();
        assert_eq!(stored, serde_json::json!("3 4 "));
        assert_eq!(
            serde_json::from_value::<Editables>(stored).unwrap(),
            editables
        );
        assert!(editables.contains(7) && !editables.contains(5));
        for node in 0..=MOST_NODES as NodeId {
            editables.insert(node);
        }
        assert!(editables.is_anywhere() && editables.contains(123_456));
        let stored = serde_json::to_value(&editables).unwrap();
        assert_eq!(
            serde_json::from_value::<Editables>(stored).unwrap(),
            Editables::ANYWHERE
        );
    }
}
