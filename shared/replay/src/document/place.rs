//! Where a node stands, as far as clicks are judged by it.

use super::Document;
use crate::definitions::MAX_LEVELS;
use crate::event::{NodeId, Tag, Traits};

/// Handlers are looked for this far up from a clicked node.
const CONTROL_LEVELS: usize = 7;

/// Elements that are looked at beside a control.
const MAX_BESIDE: usize = 8;

/// A canvas shares an ancestor with its controls no farther up than this.
const UNSHOWN_LEVELS: usize = 3;

/// What a clicked node stands in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Place {
    pub(crate) control: Option<NodeId>,
    pub(crate) in_link: bool,
    /// A field or a selection, which answers by focus.
    pub(crate) in_field: bool,
    pub(crate) in_text_field: bool,
    /// Masked or blocked by the recorder: nothing of it may be shown.
    pub(crate) masked: bool,
    /// What a click does here, no recording shows.
    pub(crate) is_unshown: bool,
    /// The control is switched off.
    pub(crate) is_disabled: bool,
}

impl Document {
    /// The node itself and what it stands in, innermost first; at most `levels` above it.
    pub(crate) fn ancestry(&self, id: NodeId, levels: usize) -> impl Iterator<Item = NodeId> {
        std::iter::successors(Some(id), |id| self.parent(*id)).take(levels + 1)
    }

    pub(crate) fn is_within(&self, id: NodeId, container: NodeId) -> bool {
        self.ancestry(id, MAX_LEVELS)
            .any(|ancestor| ancestor == container)
    }

    fn has(&self, id: NodeId, traits: Traits) -> bool {
        self.nodes
            .get(id)
            .is_some_and(|node| node.traits.has(traits))
    }

    pub(crate) fn is_text(&self, id: NodeId) -> bool {
        self.nodes.get(id).is_some_and(|node| node.tag == Tag::Text)
    }

    /// Whether everything on the page stands in this node: touching it says nothing.
    pub(crate) fn is_root(&self, id: NodeId) -> bool {
        self.nodes.get(id).is_none_or(|node| {
            matches!(node.tag, Tag::Document | Tag::Html | Tag::Body | Tag::Main)
        })
    }

    /// What kind of node it is; `None` if it is not known.
    pub(crate) fn tag(&self, id: NodeId) -> Option<Tag> {
        self.nodes.get(id).map(|node| node.tag)
    }

    /// Whether the node stands in a label.
    pub(crate) fn in_label(&self, id: NodeId) -> bool {
        self.ancestry(id, CONTROL_LEVELS)
            .any(|id| self.tag(id) == Some(Tag::Label))
    }

    /// Whether a label can be this element's.
    pub(crate) fn is_labelable(&self, id: NodeId) -> bool {
        self.tag(id).is_some_and(|tag| {
            matches!(
                tag,
                Tag::Input | Tag::Checkbox | Tag::File | Tag::Select | Tag::Textarea | Tag::Button
            )
        })
    }

    /// Whether a click on it opens the browser's chooser of files.
    pub(crate) fn chooses_file(&self, id: NodeId) -> bool {
        self.tag(id) == Some(Tag::File)
    }

    /// The element that is typed into when this node changes; `None` outside of any.
    pub(crate) fn editable(&self, id: NodeId) -> Option<NodeId> {
        self.ancestry(id, MAX_LEVELS)
            .find(|id| self.has(*id, Traits::EDITABLE))
    }

    /// The first field that stands with a control in the same element, or 0.
    pub(crate) fn field_beside(&self, control: NodeId) -> NodeId {
        let first = self
            .parent(control)
            .and_then(|parent| self.nodes.get(parent))
            .map(|parent| parent.first_child);
        let next = |id: &NodeId| self.nodes.get(*id).map(|node| node.next);
        std::iter::successors(first, next)
            .take_while(|id| *id != 0)
            .take(MAX_BESIDE)
            .find(|id| self.has(*id, Traits::TEXT_FIELD))
            .unwrap_or(0)
    }

    /// Whether the next element beside a control can be shown over the page: a script may do that, and leaves
    /// no trace.
    pub(crate) fn opens_next(&self, control: NodeId) -> bool {
        let next = |id: &NodeId| self.nodes.get(*id).map(|node| node.next);
        std::iter::successors(next(&control), next)
            .take_while(|id| *id != 0)
            .find(|id| !self.is_text(*id))
            .is_some_and(|id| self.has(id, Traits::POPOVER))
    }

    /// Whether nothing is known of what a frame shows: of another site's, a browser tells at most the
    /// blank page that stood there first.
    fn is_blank(&self, frame: NodeId) -> bool {
        const NODES_OF_BLANK_PAGE: usize = 5;
        let next = |id: &NodeId| Some(self.following_within(*id, frame));
        let within = std::iter::successors(Some(frame), next);
        let mut within = within.take_while(|id| *id != 0);
        within.nth(NODES_OF_BLANK_PAGE).is_none()
    }

    /// Whether a canvas, or a frame of another site, stands near a control: what it does may show there. Near
    /// is in the same part of the page, or beside it where the page has no parts.
    pub(crate) fn is_beside_unshown(&self, control: NodeId) -> bool {
        if self.unshown.is_empty() {
            return false;
        }
        let near: Vec<NodeId> = self.ancestry(control, UNSHOWN_LEVELS).collect();
        self.unshown.iter().any(|id| {
            let is_unshown = match self.tag(*id) {
                _ if self.has(*id, Traits::HIDDEN) => false,
                Some(Tag::Canvas) => true,
                Some(Tag::Frame) => self.is_blank(*id),
                _ => false,
            };
            let shared = self
                .ancestry(*id, UNSHOWN_LEVELS)
                .find(|ancestor| near.contains(ancestor));
            is_unshown
                && shared.is_some_and(|shared| {
                    !self.is_root(shared) || self.parent(control) == Some(shared)
                })
        })
    }

    /// The control that a click on `id` means: within seven levels, as event handlers are found.
    pub(crate) fn control(&self, id: NodeId) -> Option<NodeId> {
        self.ancestry(id, CONTROL_LEVELS)
            .find(|id| self.has(*id, Traits::CONTROL))
    }

    /// Where a node stands, as far as clicks are judged by it; in one walk to the root.
    pub(crate) fn place(&self, id: NodeId) -> Place {
        let mut place = Place::default();
        let mut seen = Traits::default();
        let mut at = id;
        for level in 0..MAX_LEVELS {
            let Some(node) = self.nodes.get(at) else {
                break;
            };
            let id = std::mem::replace(&mut at, node.parent);
            seen.set(node.traits);
            if level <= CONTROL_LEVELS {
                place.is_unshown |= node.traits.has(Traits::SHOWS_BY_FOCUS)
                    || self.styles.has_states && node.traits.has(Traits::CUSTOM)
                    || level == 0 && node.traits.has(Traits::CUSTOM) && node.first_child == 0
                    || matches!(node.tag, Tag::Canvas | Tag::Frame);
                if place.control.is_none() {
                    place.is_unshown |= node.traits.has(Traits::UNSHOWN);
                    place.is_disabled |= node.traits.has(Traits::DISABLED);
                }
            }
            if node.traits.has(Traits::CONTROL) && level <= CONTROL_LEVELS {
                // It may show what it is by a state of its own.
                place.is_unshown |= place.control.is_none() && node.traits.has(Traits::CUSTOM);
                place.control = place.control.or(Some(id));
            }
        }
        place.masked = seen.has(Traits::MASKED);
        place.in_link = seen.has(Traits::LINK);
        place.in_field = seen.has(Traits::FIELD);
        place.in_text_field = seen.has(Traits::TEXT_FIELD);
        place
    }
}
