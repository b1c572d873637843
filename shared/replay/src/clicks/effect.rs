//! What can be somebody's answer, and what a background is kept of.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::event::NodeId;

/// What happened, without when: two of them are equal when the page did the same thing twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Effect {
    /// This node, or what stands in it, changed; 0 stands for a repaint that no node tells of.
    Node(NodeId),
    /// A request of this kind: hash of its method and address.
    Request(u32),
    /// An error with this message: hash of its words.
    Error(u32),
    /// A video or sound was played, paused or sought.
    Media(NodeId),
    Scroll(NodeId),
    Focus(NodeId),
    /// A value was set.
    Input(NodeId),
    /// The page pressed a control of its own.
    ScriptClick,
    /// Something that no recording of the page shows (a download, a dialog): hash of its kind.
    Outside(u32),
}

impl Effect {
    /// One of 64 bits: what has another one is another effect.
    pub(super) fn bit(self) -> u64 {
        let word = match self {
            Self::Node(id) => id,
            Self::Request(hash) | Self::Error(hash) | Self::Outside(hash) => hash,
            Self::Media(id) | Self::Scroll(id) | Self::Focus(id) | Self::Input(id) => !id,
            Self::ScriptClick => 0,
        };
        1 << (word.wrapping_mul(0x9e37_79b1) >> 26)
    }

    /// The same of a page that was recorded anew.
    pub(super) fn renumbered(self, numbers: &HashMap<NodeId, NodeId>) -> Self {
        let new = |id: NodeId| numbers.get(&id).copied().unwrap_or(id);
        match self {
            Self::Node(id) => Self::Node(new(id)),
            Self::Media(id) => Self::Media(new(id)),
            Self::Scroll(id) => Self::Scroll(new(id)),
            Self::Focus(id) => Self::Focus(new(id)),
            Self::Input(id) => Self::Input(new(id)),
            Self::Request(_) | Self::Error(_) | Self::ScriptClick | Self::Outside(_) => self,
        }
    }
}
