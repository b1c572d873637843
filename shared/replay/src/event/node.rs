//! Serialized nodes: what a page is made of, reduced to what judging and naming a click needs.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::style::{self, Styles};
use super::{NodeId, Tag, Traits, node_id};
use crate::error::Fault;
use crate::json::{Cursor, Kind, RawStr};

/// A flat list of nodes, parents before children.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Subtree<'a> {
    #[serde(borrow)]
    pub(crate) nodes: Vec<NodeRecord<'a>>,
    /// Of a mutation: index of each added root, its parent's id and its next sibling's id (0: none).
    pub(crate) roots: Vec<(u32, NodeId, NodeId)>,
    /// What they tell beside what they are; most have nothing to tell.
    pub(crate) about: Option<Box<About>>,
}

/// What nodes tell of the page.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct About {
    /// Of the style sheets among them.
    pub(crate) styles: Styles,
    /// Hashes of the ids of elements: the places that a fragment leads to.
    pub(crate) places: Vec<u32>,
}

impl<'a> Subtree<'a> {
    /// The record of the nth node's parent; `None` for a root.
    pub(crate) fn parent(&self, nth: usize) -> Option<&NodeRecord<'a>> {
        self.nodes.get(self.parent_index(nth)?)
    }

    /// Whether the numbers count up in document order, as those of a page that was never recorded before.
    pub(crate) fn is_numbered_afresh(&self) -> bool {
        self.nodes
            .is_sorted_by(|before, after| before.id < after.id)
    }

    pub(super) fn parent_index(&self, nth: usize) -> Option<usize> {
        match self.nodes.get(nth)?.up {
            0 => None,
            up => nth.checked_sub(up as usize),
        }
    }
}

/// One node as the recorder wrote it. A page has tens of thousands: they are kept small.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct NodeRecord<'a> {
    pub(crate) id: NodeId,
    /// How many places before it its parent stands in [`Subtree::nodes`]; 0 for a root.
    up: u32,
    pub(crate) tag: Tag,
    pub(crate) traits: Traits,
    /// A text node's text; of an element what names it: its `aria-label`, or what comes nearest.
    #[serde(borrow)]
    pub(crate) text: RawStr<'a>,
    /// The JSON object of its attributes. Hashed only inside of controls, where press animations are
    /// looked for.
    pub(crate) attributes: &'a str,
}

impl NodeRecord<'_> {
    /// Whether a selector with one of these keys selects it.
    pub(crate) fn is_selected(&self, keys: &[u32]) -> bool {
        let of_tag = self.tag.selector().map(style::key);
        let mut is_selected = of_tag.is_some_and(|key| keys.contains(&key));
        // The text was read before: it cannot fail now.
        let _ = Cursor::new(self.attributes).object_if_any(|cursor, name| {
            let mark = match name {
                "class" => '.',
                "id" => '#',
                _ => return cursor.skip(),
            };
            let value = cursor.string_if_any()?.unwrap_or_default().decode();
            is_selected |= value
                .split_ascii_whitespace()
                .take(64)
                .any(|word| keys.contains(&style::key(&format!("{mark}{word}"))));
            Ok(())
        });
        is_selected
    }

    /// Calls `take` with name and value hash of every attribute.
    pub(crate) fn each_attribute(&self, mut take: impl FnMut(u32, u32)) {
        if self.attributes.is_empty() {
            return; // It has none.
        }
        // The text was read before: it cannot fail now.
        let _ = Cursor::new(self.attributes).object_if_any(|cursor, name| {
            if let Some(value) = cursor.string_if_any()? {
                take(attribute_hash(name, None), content_hash(&value.decode()));
            }
            Ok(())
        });
    }
}

/// Ids that are kept of one page, or of one mutation.
pub(crate) const MAX_PLACES: usize = 2_000;

/// What an element's attributes say about it.
#[derive(Debug, Default)]
struct Attributes<'a> {
    /// What names the element.
    name: RawStr<'a>,
    /// How good `name` is; see [`name_rank`].
    rank: u8,
    /// An input's type.
    kind: RawStr<'a>,
    /// The JSON object itself.
    text: &'a str,
}

/// How well an attribute names an element, or 0. A value names only what shows it as its caption.
fn name_rank(name: &str) -> u8 {
    match name {
        "aria-label" => 5,
        "alt" => 4,
        "placeholder" => 3,
        "title" => 2,
        "name" => 1,
        _ => 0,
    }
}

/// Identifies an attribute, or one property of a `style`, among those of one node.
pub(crate) fn attribute_hash(name: &str, property: Option<&str>) -> u32 {
    xxh3_64_with_seed(
        name.as_bytes(),
        property.map_or(0, |property| xxh3_64(property.as_bytes())),
    ) as u32
}

/// Hash of an attribute's value. Setting an attribute to nothing and removing it look the same: to a person
/// they are the same, and a press animation undone by `classList.remove` leaves an empty class behind.
pub(crate) fn content_hash(value: &str) -> u32 {
    if value.is_empty() {
        0
    } else {
        (xxh3_64(value.as_bytes()) as u32).max(1)
    }
}

/// Reads the node object that comes next, with all below it, into `tree`.
pub(super) fn parse<'a>(
    cursor: &mut Cursor<'a>,
    tree: &mut Subtree<'a>,
    parent: Option<usize>,
) -> Result<(), Fault> {
    let index = tree.nodes.len();
    // `childNodes` comes before `id`: the children need their parent's place, not yet its id.
    tree.nodes.push(NodeRecord {
        id: 0,
        up: parent.map_or(0, |parent| (index - parent) as u32),
        tag: Tag::Other,
        traits: Traits::default(),
        text: RawStr::default(),
        attributes: "",
    });
    let mut id = 0;
    let mut tag = None;
    let (mut masked, mut custom) = (false, false);
    let mut text = RawStr::default();
    let mut read = Attributes::default();
    let mut traits = None;
    let mut attributes_at: Option<Cursor<'a>> = None;
    cursor.open_object()?;
    // So rrweb writes nodes: type, then name, attributes and children, or text. Any other order is read
    // below.
    let is_element = cursor.take_literal(b"\"type\":2,\"tagName\":");
    let begun = is_element || cursor.take_literal(b"\"type\":");
    if begun {
        if is_element {
            (tag, custom) = Tag::of_name(cursor)?;
            if cursor.take_literal(b",\"attributes\":") {
                attributes_at = Some(cursor.clone());
                traits = Some(attributes(cursor, tag, &mut read, tree)?);
            }
            if cursor.take_literal(b",\"childNodes\":") && !cursor.take_literal(b"[]") {
                children(cursor, tree, index)?;
            }
        } else {
            tag = Tag::of_type(cursor)?;
            if cursor.take_literal(b",\"textContent\":") {
                text = cursor.string_if_any()?.unwrap_or_default();
            }
        }
        if cursor.take_literal(b",\"id\":") {
            id = node_id(cursor)?;
        }
    }
    let tag_of_attributes = tag;
    cursor.rest_of_object(begun, |cursor, key| {
        match key {
            "type" => tag = tag.or(Tag::of_type(cursor)?),
            "tagName" => (tag, custom) = Tag::of_name(cursor)?,
            "attributes" => {
                attributes_at = Some(cursor.clone());
                traits = Some(attributes(cursor, tag, &mut read, tree)?);
            }
            "textContent" => text = cursor.string_if_any()?.unwrap_or_default(),
            "childNodes" => children(cursor, tree, index)?,
            "id" => id = node_id(cursor)?,
            "needBlock" => masked = cursor.bool_if_any()? == Some(true),
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    // What attributes mean depends on the tag, which may have been told after them.
    if let Some(mut cursor) = attributes_at
        && tag != tag_of_attributes
    {
        traits = Some(attributes(&mut cursor, tag, &mut read, tree)?);
    }
    let tag = tag.unwrap_or(Tag::Other);
    let mut traits = traits.unwrap_or_else(|| Traits::of(tag));
    if masked {
        traits.set(Traits::MASKED);
    }
    if custom {
        traits.set(Traits::CUSTOM);
    }
    let record = &mut tree.nodes[index];
    record.id = id;
    record.tag = match (tag, read.kind.raw()) {
        (Tag::Input, "checkbox" | "radio") => Tag::Checkbox,
        (Tag::Input, "file") => Tag::File,
        (tag, _) => tag,
    };
    record.traits = traits;
    record.text = match record.tag {
        Tag::Text => text,
        _ => read.name,
    };
    record.attributes = read.text;
    Ok(())
}

fn children<'a>(
    cursor: &mut Cursor<'a>,
    tree: &mut Subtree<'a>,
    parent: usize,
) -> Result<(), Fault> {
    cursor.array_if_any(|cursor| match cursor.kind()? {
        Kind::Object => parse(cursor, tree, Some(parent)),
        _ => cursor.skip(),
    })
}

/// Reads the attributes that come next, as those of an element with this tag.
fn attributes<'a>(
    cursor: &mut Cursor<'a>,
    tag: Option<Tag>,
    read: &mut Attributes<'a>,
    tree: &mut Subtree<'a>,
) -> Result<Traits, Fault> {
    let tag = tag.unwrap_or(Tag::Other);
    let mut traits = Traits::of(tag);
    *read = Attributes::default();
    if cursor.take_literal(b"{}") {
        return Ok(traits);
    }
    cursor.skip_whitespace();
    let start = cursor.position();
    let mut caption = RawStr::default();
    cursor.object_if_any(|cursor, name| {
        let Some(value) = cursor.string_if_any()? else {
            return Ok(());
        };
        let rank = name_rank(name);
        if rank > read.rank && !value.raw().is_empty() {
            read.rank = rank;
            read.name = value;
        }
        match name {
            "value" => caption = value,
            "type" => read.kind = value,
            "_cssText" => tree.about.get_or_insert_default().styles.read(value.raw()),
            "id" => {
                let places = &mut tree.about.get_or_insert_default().places;
                if places.len() < MAX_PLACES {
                    places.push(content_hash(value.raw()));
                }
            }
            _ => {}
        }
        traits.attribute(tag, name, value.raw());
        Ok(())
    })?;
    read.text = cursor.since(start);
    // The value of a button is its caption; that of any other input is not on the page.
    let has_caption = matches!(read.kind.raw(), "button" | "submit" | "reset");
    if tag == Tag::Input && has_caption && read.rank <= 1 {
        read.name = caption;
    }
    Ok(traits)
}
