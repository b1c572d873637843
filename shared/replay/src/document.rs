//! A mirror of the recorded page: just enough of it to tell what was clicked, and near what.

mod label;
mod nodes;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::definitions::{MAX_ATTRIBUTES, MAX_LEVELS, MAX_NODES};
use crate::event::{
    Attribute, Change, Mutation, NodeId, NodeRecord, Subtree, Tag, Traits, attribute_hash,
    content_hash,
};
use crate::json::RawStr;
use nodes::Nodes;

/// The page as it stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Document {
    root: Option<NodeId>,
    nodes: Nodes<Node>,
    /// Values of attributes within controls, as hashes: to see whether a change was undone.
    attributes: HashMap<(NodeId, u64), u64>,
}

/// Node ids stand for "none" as 0: no recorder gives it out.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Node {
    parent: NodeId,
    first_child: NodeId,
    last_child: NodeId,
    previous: NodeId,
    next: NodeId,
    tag: Tag,
    traits: Traits,
    /// A text node's text, an element's own name.
    text: Option<Box<str>>,
}

/// Handlers are looked for this far up from a clicked node.
const CONTROL_LEVELS: usize = 7;

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
}

/// A changed attribute within a control, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AttributeChange {
    pub(crate) attribute: u64,
    pub(crate) before: u64,
    pub(crate) after: u64,
}

impl Document {
    /// Whether a full snapshot has been seen: without one, no click can be judged.
    pub(crate) fn is_known(&self) -> bool {
        self.nodes.len() > 0
    }

    pub(crate) fn contains(&self, id: NodeId) -> bool {
        self.nodes.contains(id)
    }

    /// Replaces the page by a new one.
    pub(crate) fn reset(&mut self, page: &Subtree<'_>) {
        let ids = page.nodes.iter().take(MAX_NODES).map(|node| node.id);
        self.nodes.reset(ids.filter(|id| *id != 0));
        self.attributes.clear();
        self.root = page.nodes.first().map(|root| root.id);
        for record in &page.nodes {
            let parent = record.parent.map_or(0, |index| page.nodes[index].id);
            self.insert(record, parent, 0);
        }
    }

    /// The new ids of this page's nodes in a snapshot of the same page, those that have changed; `None` if it
    /// is not the same page. Recorders mostly keep the ids when they record a page anew, not all do.
    pub(crate) fn renumbered(&self, page: &Subtree<'_>) -> Option<HashMap<NodeId, NodeId>> {
        let old_root = self.root?;
        let mut numbers = HashMap::new();
        let mut old = old_root;
        for record in &page.nodes {
            let node = self.nodes.get(old)?;
            if node.tag != record.tag {
                return None;
            }
            if old != record.id {
                numbers.insert(old, record.id);
            }
            old = self.following(old);
        }
        (old == 0).then_some(numbers)
    }

    /// The next node in document order, or 0.
    fn following(&self, id: NodeId) -> NodeId {
        let mut at = id;
        let mut down = true;
        while let Some(node) = self.nodes.get(at) {
            if down && node.first_child != 0 {
                return node.first_child;
            }
            if node.next != 0 {
                return node.next;
            }
            at = node.parent;
            down = false;
        }
        0
    }

    /// Adds what a mutation adds.
    pub(crate) fn add(&mut self, adds: &Subtree<'_>) {
        let mut roots = adds.roots.iter();
        let (mut parent, mut next) = (0, 0);
        for record in &adds.nodes {
            match record.parent {
                Some(index) => self.insert(record, adds.nodes[index].id, 0),
                None => {
                    if let Some((_, of, before)) = roots.next() {
                        (parent, next) = (*of, *before);
                    }
                    if self.contains(parent) {
                        self.insert(record, parent, next);
                    }
                }
            }
        }
    }

    fn insert(&mut self, record: &NodeRecord<'_>, parent: NodeId, next: NodeId) {
        if record.id == 0 || record.id == parent || self.nodes.len() >= MAX_NODES {
            return;
        }
        if self.contains(record.id) {
            self.remove(record.id);
        }
        let mut traits = record.traits;
        if parent != 0 {
            let Some(parent) = self.nodes.get(parent) else {
                return; // Its parent was not taken in, or went with the node it replaces.
            };
            if parent.traits.has(Traits::IN_CONTROL) {
                traits.set(Traits::IN_CONTROL);
            }
        }
        if traits.has(Traits::CONTROL) {
            traits.set(Traits::IN_CONTROL);
        }
        if traits.has(Traits::IN_CONTROL) {
            for (attribute, value) in record.attributes.hashes() {
                self.note_attribute(record.id, attribute, value);
            }
        }
        let text = match record.tag {
            Tag::Text => label::shorten(record.text),
            _ => label::shorten(record.attributes.name),
        };
        self.nodes.insert(
            record.id,
            Node {
                parent: 0,
                first_child: 0,
                last_child: 0,
                previous: 0,
                next: 0,
                tag: record.tag,
                traits,
                text,
            },
        );
        if parent != 0 {
            self.link(record.id, parent, next);
        }
    }

    /// Puts `id` under `parent`, before `next` if that is one of its children, else last.
    fn link(&mut self, id: NodeId, parent: NodeId, next: NodeId) {
        let next = match self.nodes.get(next) {
            Some(node) if node.parent == parent => next,
            _ => 0,
        };
        let previous = match next {
            0 => self.nodes.get(parent).map_or(0, |node| node.last_child),
            next => self.nodes.get(next).map_or(0, |node| node.previous),
        };
        if let Some(node) = self.nodes.get_mut(id) {
            (node.parent, node.previous, node.next) = (parent, previous, next);
        }
        self.set_next(previous, parent, id);
        self.set_previous(next, parent, id);
    }

    /// Makes `next` follow `previous`, or the first child of `parent` if there is no `previous`.
    fn set_next(&mut self, previous: NodeId, parent: NodeId, next: NodeId) {
        if let Some(node) = self.nodes.get_mut(previous) {
            node.next = next;
        } else if let Some(node) = self.nodes.get_mut(parent) {
            node.first_child = next;
        }
    }

    /// Makes `previous` precede `next`, or the last child of `parent` if there is no `next`.
    fn set_previous(&mut self, next: NodeId, parent: NodeId, previous: NodeId) {
        if let Some(node) = self.nodes.get_mut(next) {
            node.previous = previous;
        } else if let Some(node) = self.nodes.get_mut(parent) {
            node.last_child = previous;
        }
    }

    /// Removes a node with all below it.
    pub(crate) fn remove(&mut self, id: NodeId) {
        let Some(node) = self.nodes.get(id) else {
            return;
        };
        let (parent, previous, next) = (node.parent, node.previous, node.next);
        self.set_next(previous, parent, next);
        self.set_previous(next, parent, previous);
        let mut doomed = vec![id];
        while let Some(id) = doomed.pop() {
            let Some(node) = self.nodes.remove(id) else {
                continue;
            };
            let mut child = node.first_child;
            while let Some(next) = self.nodes.get(child).map(|node| node.next) {
                doomed.push(child);
                child = next;
            }
        }
    }

    pub(crate) fn set_text(&mut self, id: NodeId, text: RawStr<'_>) {
        if let Some(node) = self.nodes.get_mut(id) {
            node.text = label::shorten(text);
        }
    }

    /// Takes an attribute change; tells before and after if the node stands in a control.
    pub(crate) fn set_attribute(
        &mut self,
        id: NodeId,
        attribute: &Attribute<'_>,
    ) -> Option<AttributeChange> {
        let node = self.nodes.get_mut(id)?;
        let value = match &attribute.change {
            Change::Set(value) => value.decode(),
            Change::Removed => "".into(),
        };
        if attribute.property.is_none() {
            node.traits.attribute(node.tag, attribute.name, &value);
            if attribute.name == "aria-label"
                && let Change::Set(name) = attribute.change
            {
                node.text = label::shorten(name);
            }
        }
        if !node.traits.has(Traits::IN_CONTROL) {
            return None;
        }
        let key = attribute_hash(attribute.name, attribute.property);
        let after = content_hash(&value);
        let before = self.note_attribute(id, key, after);
        Some(AttributeChange {
            attribute: key,
            before,
            after,
        })
    }

    /// Remembers a value, and tells the former one.
    fn note_attribute(&mut self, id: NodeId, attribute: u64, value: u64) -> u64 {
        if self.attributes.len() >= MAX_ATTRIBUTES {
            let nodes = &self.nodes;
            self.attributes.retain(|(id, _), _| nodes.contains(*id));
            if self.attributes.len() >= MAX_ATTRIBUTES / 2 {
                self.attributes.clear();
            }
        }
        self.attributes
            .insert((id, attribute), value)
            .unwrap_or_default()
    }

    /// Applies removals, and additions after them, as a mutation orders them.
    pub(crate) fn apply_tree_changes(&mut self, mutation: &Mutation<'_>) {
        for (_, id) in &mutation.removes {
            self.remove(*id);
        }
        self.add(&mutation.adds);
    }

    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.nodes
            .get(id)
            .map(|node| node.parent)
            .filter(|parent| *parent != 0)
    }

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

    /// The control that a click on `id` means: within seven levels, as event handlers are found.
    pub(crate) fn control(&self, id: NodeId) -> Option<NodeId> {
        self.ancestry(id, CONTROL_LEVELS)
            .find(|id| self.has(*id, Traits::CONTROL))
    }

    /// Where a node stands, as far as clicks are judged by it; in one walk to the root.
    pub(crate) fn place(&self, id: NodeId) -> Place {
        let mut place = Place::default();
        let mut at = id;
        for level in 0..MAX_LEVELS {
            let Some(node) = self.nodes.get(at) else {
                break;
            };
            let id = std::mem::replace(&mut at, node.parent);
            place.masked |= node.traits.has(Traits::MASKED);
            place.in_link |= node.traits.has(Traits::LINK);
            place.in_field |= node.traits.has(Traits::FIELD);
            place.in_text_field |= node.traits.has(Traits::TEXT_FIELD);
            if node.traits.has(Traits::CONTROL) && level <= CONTROL_LEVELS {
                place.control = place.control.or(Some(id));
            }
        }
        place
    }
}
