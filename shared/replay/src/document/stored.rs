//! The page between two chunks.
//!
//! Nodes stand in document order, each of their properties in a column of its own: ids that mostly count
//! up, tags that mostly repeat. That is a fifth of the nodes one by one, and compresses to a twentieth.

use std::collections::BTreeSet;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};
use serde::{Deserialize as Read, Serialize as Write};

use super::{Document, Node};
use crate::definitions::MAX_NODES;
use crate::event::{NodeId, Styles, Tag, Traits};

/// The columns.
#[derive(Default, Write, Read)]
struct Stored {
    root: Option<NodeId>,
    /// How much more each id is than the one before it.
    ids: Vec<i64>,
    /// How many levels further up each node stands than a child of the one before it would.
    ups: Vec<u32>,
    tags: Vec<Tag>,
    traits: Vec<Traits>,
    /// Bytes of each text.
    lengths: Vec<u8>,
    texts: String,
    attributes: Vec<StoredAttribute>,
    styles: Styles,
    unshown: BTreeSet<NodeId>,
    /// How much more each is than the one before it.
    places: Vec<u32>,
}

/// How much more each of these is than the one before it, once they are in order.
fn differences(places: &[u32]) -> Vec<u32> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places.dedup();
    let mut last = 0;
    for place in &mut places {
        *place -= std::mem::replace(&mut last, *place);
    }
    places
}

/// Node (how much more its id is than the one before it), attribute, value.
type StoredAttribute = (NodeId, [u8; 4], [u8; 4]);

impl Document {
    fn stored(&self) -> Stored {
        let mut stored = Stored {
            root: self.root,
            styles: self.styles.clone(),
            unshown: self.unshown.clone(),
            places: differences(&self.places),
            ..Stored::default()
        };
        let is_root = |id: &NodeId| self.parent(*id).is_none();
        let mut roots: Vec<NodeId> = self.nodes.ids().filter(is_root).collect();
        roots.sort_unstable();
        let mut last = 0;
        let mut ups = 0;
        for root in roots {
            let mut at = root;
            while let Some(node) = self.nodes.get(at) {
                stored.ids.push(i64::from(at) - i64::from(last));
                stored.ups.push(ups);
                stored.tags.push(node.tag);
                stored.traits.push(node.traits);
                let text = self.texts.get(node.text).unwrap_or_default();
                stored.lengths.push(text.len() as u8);
                stored.texts.push_str(text);
                last = at;
                (at, ups) = self.step(at);
            }
        }
        stored.attributes = self.stored_attributes();
        stored
    }

    /// The next node in document order, or 0; and how many levels it stands further up than a child
    /// would.
    fn step(&self, id: NodeId) -> (NodeId, u32) {
        let (mut at, mut ups) = (id, 0);
        while let Some(node) = self.nodes.get(at) {
            if ups == 0 && node.first_child != 0 {
                return (node.first_child, 0);
            }
            ups += 1;
            if node.next != 0 {
                return (node.next, ups);
            }
            at = node.parent;
        }
        (0, ups)
    }

    fn stored_attributes(&self) -> Vec<StoredAttribute> {
        let mut attributes: Vec<_> = self.attributes.iter().collect();
        attributes.sort_unstable();
        let mut last = 0;
        attributes
            .into_iter()
            .map(|((id, attribute), value)| {
                let more = *id - std::mem::replace(&mut last, *id);
                (more, attribute.to_le_bytes(), value.to_le_bytes())
            })
            .collect()
    }

    /// The page that was stored; `None` if nothing that was stored looks so.
    fn restored(stored: &Stored) -> Option<Self> {
        let count = stored.ids.len();
        let columns = [
            stored.ups.len(),
            stored.tags.len(),
            stored.traits.len(),
            stored.lengths.len(),
        ];
        if columns.iter().any(|length| *length != count) {
            return None;
        }
        let mut ids = Vec::with_capacity(count);
        let mut last = 0i64;
        for more in &stored.ids {
            last = last.checked_add(*more)?;
            ids.push(NodeId::try_from(last).ok().filter(|id| *id != 0)?);
        }
        let mut document = Self {
            root: stored.root,
            styles: stored.styles.clone(),
            unshown: stored.unshown.clone(),
            places: sums(&stored.places),
            ..Self::default()
        };
        document.nodes.reset(count.min(MAX_NODES));
        document.texts.reserve(stored.texts.len());
        let mut texts = stored.texts.as_str();
        let mut ancestors: Vec<NodeId> = Vec::new();
        for (nth, id) in ids.into_iter().enumerate() {
            let left = ancestors.len().checked_sub(stored.ups[nth] as usize)?;
            ancestors.truncate(left);
            if document.contains(id) {
                return None;
            }
            let (text, rest) = texts.split_at_checked(usize::from(stored.lengths[nth]))?;
            texts = rest;
            let node = Node {
                parent: 0,
                first_child: 0,
                previous: 0,
                next: 0,
                text: document.texts.restore(text)?,
                tag: stored.tags[nth],
                traits: stored.traits[nth],
            };
            document.place_in(id, node, ancestors.last().copied().unwrap_or(0), 0);
            ancestors.push(id);
        }
        let mut id: NodeId = 0;
        for (more, attribute, value) in &stored.attributes {
            id = id.checked_add(*more)?;
            let key = (id, u32::from_le_bytes(*attribute));
            document.attributes.insert(key, u32::from_le_bytes(*value));
        }
        document.nodes.shrink();
        Some(document)
    }
}

/// The numbers of which these are the differences.
fn sums(differences: &[u32]) -> Vec<u32> {
    let add = |last: &mut u32, more: &u32| {
        *last = last.wrapping_add(*more);
        Some(*last)
    };
    differences.iter().scan(0, add).collect()
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.stored().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        Self::restored(&stored).ok_or_else(|| D::Error::custom("no page"))
    }
}
