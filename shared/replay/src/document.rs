//! A mirror of the recorded page: just enough of it to tell what was clicked, and near what.

mod label;
mod nodes;
mod place;
mod stored;
mod texts;

use std::collections::BTreeSet;

use crate::definitions::{MAX_ATTRIBUTES, MAX_NODES, MAX_UNSHOWN};
use crate::event::{
    Attribute, Change, MAX_PLACES, Mutation, NodeId, NodeRecord, Styles, Subtree, Tag, Traits,
    attribute_hash, content_hash,
};
use crate::json::RawStr;
use hashbrown::HashMap;
use nodes::Nodes;
pub(crate) use place::Place;
pub(crate) use texts::shorten;
use texts::{Text, Texts};

/// The page as it stands. How it is stored between two chunks: `stored`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document {
    root: Option<NodeId>,
    nodes: Nodes<Node>,
    texts: Texts,
    /// Values of attributes within controls, as hashes: to see whether a change was undone.
    attributes: HashMap<(NodeId, u32), u32>,
    /// What the style sheets tell.
    styles: Styles,
    /// Hashes of the ids of elements, in no order; some may stand there twice.
    places: Vec<u32>,
    /// Canvases and frames: what they show is not recorded.
    unshown: BTreeSet<NodeId>,
}

/// 24 bytes: a page may have tens of thousands, and they are walked all the time. Node ids stand for
/// "none" as 0: no recorder gives it out.
#[derive(Debug, Clone)]
struct Node {
    parent: NodeId,
    first_child: NodeId,
    /// The sibling before it; of a first child the last one, so that children are added without a walk.
    previous: NodeId,
    next: NodeId,
    /// A text node's text, an element's own name.
    text: Text,
    tag: Tag,
    traits: Traits,
}

/// A changed attribute within a control, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AttributeChange {
    pub(crate) attribute: u32,
    pub(crate) before: u32,
    pub(crate) after: u32,
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
        self.nodes.reset(page.nodes.len().min(MAX_NODES));
        self.texts.clear();
        self.attributes.clear();
        self.unshown.clear();
        self.styles = Styles::default();
        self.places.clear();
        self.learn(page);
        self.root = page.nodes.first().map(|root| root.id);
        for (nth, record) in page.nodes.iter().enumerate() {
            let parent = page.parent(nth).map_or(0, |parent| parent.id);
            self.insert(record, parent, 0);
        }
        self.nodes.shrink();
        self.texts.shrink();
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
        self.following_within(id, 0)
    }

    /// The next node in document order that stands in `container` as this one does, or 0.
    fn following_within(&self, id: NodeId, container: NodeId) -> NodeId {
        let mut at = id;
        let mut down = true;
        while let Some(node) = self.nodes.get(at) {
            if down && node.first_child != 0 {
                return node.first_child;
            }
            if at == container {
                return 0;
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
        self.learn(adds);
        let mut roots = adds.roots.iter();
        let (mut parent, mut next) = (0, 0);
        for (nth, record) in adds.nodes.iter().enumerate() {
            match adds.parent(nth) {
                Some(parent) => self.insert(record, parent.id, 0),
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

    /// Takes what is known of nodes before they are added.
    fn learn(&mut self, adds: &Subtree<'_>) {
        let Some(about) = &adds.about else {
            return;
        };
        self.restyle(&about.styles);
        if self.places.len() + about.places.len() > MAX_PLACES {
            self.places.sort_unstable();
            self.places.dedup();
        }
        let room = MAX_PLACES.saturating_sub(self.places.len());
        self.places.extend(about.places.iter().take(room));
    }

    /// Whether a fragment leads to a place on the page: an element, or its top.
    pub(crate) fn has_place(&self, fragment: &str) -> bool {
        fragment.eq_ignore_ascii_case("top") || self.places.contains(&content_hash(fragment))
    }

    /// Takes what a style sheet tells. It says so of the elements that come after it.
    pub(crate) fn restyle(&mut self, styles: &Styles) {
        self.styles.extend(styles);
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
            record.each_attribute(|attribute, value| {
                self.note_attribute(record.id, attribute, value);
            });
        }
        if !self.styles.shows_by_focus.is_empty() && record.is_selected(&self.styles.shows_by_focus)
        {
            traits.set(Traits::SHOWS_BY_FOCUS);
        }
        self.note_unshown(record.id, record.tag);
        let node = Node {
            parent: 0,
            first_child: 0,
            previous: 0,
            next: 0,
            text: self.texts.add(record.text),
            tag: record.tag,
            traits,
        };
        self.place_in(record.id, node, parent, next);
    }

    /// Puts a node that is not yet there under `parent`, before `next` if that is one of its children,
    /// else last. Without a parent it stands alone.
    fn place_in(&mut self, id: NodeId, mut node: Node, parent: NodeId, next: NodeId) {
        let next = match next {
            0 => 0,
            next => match self.nodes.get(next) {
                Some(node) if parent != 0 && node.parent == parent => next,
                _ => 0,
            },
        };
        let first = self.nodes.get(parent).map_or(0, |node| node.first_child);
        (node.parent, node.next) = (parent, next);
        node.previous = match (first, next) {
            (0, _) => id,
            (_, 0) => self.previous(first),
            (_, next) => self.previous(next),
        };
        let previous = node.previous;
        self.nodes.insert(id, node);
        if first == next {
            // Its first child. With no child before, both are 0.
            if let Some(parent) = self.nodes.get_mut(parent) {
                parent.first_child = id;
            }
        } else if let Some(previous) = self.nodes.get_mut(previous) {
            previous.next = id;
        }
        // The last child is known to the first one.
        let after = if next == 0 { first } else { next };
        if let Some(after) = self.nodes.get_mut(after) {
            after.previous = id;
        }
    }

    fn previous(&self, id: NodeId) -> NodeId {
        self.nodes.get(id).map_or(0, |node| node.previous)
    }

    /// Takes a node out of the row of its siblings.
    fn unlink(&mut self, id: NodeId, node: &Node) {
        let first = self
            .nodes
            .get(node.parent)
            .map_or(0, |parent| parent.first_child);
        if first == id {
            if let Some(parent) = self.nodes.get_mut(node.parent) {
                parent.first_child = node.next;
            }
        } else if let Some(previous) = self.nodes.get_mut(node.previous) {
            previous.next = node.next;
        }
        let after = if node.next == 0 { first } else { node.next };
        if let Some(after) = self.nodes.get_mut(after) {
            after.previous = node.previous;
        }
    }

    /// Removes a node with all below it.
    pub(crate) fn remove(&mut self, id: NodeId) {
        let Some(node) = self.nodes.remove(id) else {
            return;
        };
        self.unlink(id, &node);
        self.texts.forget(node.text);
        self.unshown.remove(&id);
        // Down and along from here: each of these is the first of siblings that go with it.
        let mut doomed = Vec::new();
        let mut at = node.first_child;
        loop {
            let Some(node) = self.nodes.remove(at) else {
                match doomed.pop() {
                    Some(next) => at = next,
                    None => break,
                }
                continue;
            };
            self.texts.forget(node.text);
            self.unshown.remove(&at);
            if node.first_child != 0 && node.next != 0 {
                doomed.push(node.next);
            }
            at = if node.first_child == 0 {
                node.next
            } else {
                node.first_child
            };
        }
        self.tidy();
    }

    pub(crate) fn set_text(&mut self, id: NodeId, text: RawStr<'_>) {
        let Some(node) = self.nodes.get_mut(id) else {
            return;
        };
        self.texts.forget(node.text);
        node.text = self.texts.add(text);
        self.tidy();
    }

    fn tidy(&mut self) {
        if self.texts.is_wasteful() {
            let nodes = self.nodes.iter_mut();
            self.texts.tidy(nodes.map(|node| &mut node.text));
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
        node.traits.forget_attribute(attribute.name);
        if attribute.property.is_none() && !matches!(attribute.change, Change::Removed) {
            node.traits.attribute(node.tag, attribute.name, &value);
        }
        let in_control = node.traits.has(Traits::IN_CONTROL);
        if attribute.property.is_none()
            && attribute.name == "aria-label"
            && let Change::Set(name) = attribute.change
        {
            self.set_text(id, name);
        }
        if !in_control {
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
    fn note_attribute(&mut self, id: NodeId, attribute: u32, value: u32) -> u32 {
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

    fn note_unshown(&mut self, id: NodeId, tag: Tag) {
        if matches!(tag, Tag::Canvas | Tag::Frame) && self.unshown.len() < MAX_UNSHOWN {
            self.unshown.insert(id);
        }
    }
}
