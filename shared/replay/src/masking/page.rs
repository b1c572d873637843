//! Nodes, their attributes and texts: whole pages, and what is added to them or changed.

use std::ops::Range;

use super::editables::Editables;
use super::edits::{Edits, json_string};
use super::{Sender, address, stars};
use crate::error::{ChunkError, Fault};
use crate::event::NodeId;
use crate::json::{Cursor, Kind, RawStr};

/// Inputs whose value is their caption.
const BUTTONS: [&str; 3] = ["button", "submit", "reset"];
/// What leads elsewhere: a replay needs none of it.
const LINKS: [&str; 6] = ["action", "formaction", "cite", "ping", "longdesc", "rr_src"];
/// What these load is drawn, and may need its query for that.
const DRAWN: [&str; 8] = [
    "img", "image", "use", "link", "source", "video", "audio", "input",
];

/// The page as far as masking needs it.
#[derive(Debug)]
pub(super) struct Page {
    sender: Sender,
    editables: Editables,
    /// Whether nothing but what stood in earlier chunks tells where somebody may type.
    is_from_before: bool,
    relied_on_before: bool,
}

impl Page {
    pub(super) fn new(sender: Sender, before: Editables) -> Self {
        Self {
            sender,
            is_from_before: before.is_anywhere(),
            editables: before,
            relied_on_before: false,
        }
    }

    pub(super) fn relied_on_before(&self) -> bool {
        self.relied_on_before
    }

    /// Whether nothing in the chunk itself has told where somebody may type.
    pub(super) fn is_from_before(&self) -> bool {
        self.is_from_before
    }

    /// The page is recorded anew, and cannot be read: somebody may type anywhere.
    pub(super) fn unreadable_snapshot(&mut self) {
        self.editables = Editables::ANYWHERE;
        self.is_from_before = false;
    }

    pub(super) fn into_editables(self) -> Editables {
        self.editables
    }

    /// Reads the root of a whole page.
    pub(super) fn full_snapshot(
        &mut self,
        cursor: &mut Cursor<'_>,
        edits: &mut Edits,
    ) -> Result<(), Fault> {
        self.editables = Editables::default();
        self.is_from_before = false;
        self.tree(cursor, false, edits)
    }

    /// Reads a mutation's `data`.
    pub(super) fn mutation(
        &mut self,
        cursor: &mut Cursor<'_>,
        edits: &mut Edits,
    ) -> Result<(), Fault> {
        cursor.object(|cursor, key| match key {
            "adds" => cursor.array_if_any(|cursor| self.addition(cursor, edits)),
            "texts" => cursor.array_if_any(|cursor| self.text(cursor, edits)),
            "attributes" => cursor.array_if_any(|cursor| self.change(cursor, edits)),
            "removes" => cursor.array_if_any(|cursor| {
                let removed = number(cursor, "id")?;
                self.editables.remove(removed);
                cursor.skip()
            }),
            _ => cursor.skip(),
        })
    }

    fn addition(&mut self, cursor: &mut Cursor<'_>, edits: &mut Edits) -> Result<(), Fault> {
        self.relied_on_before |= self.is_from_before;
        let parent = number(cursor, "parentId")?;
        cursor.object_if_any(|cursor, key| match key {
            "node" => {
                let within = self.editables.contains(parent);
                self.tree(cursor, within, edits)
            }
            _ => cursor.skip(),
        })
    }

    /// A text that has changed.
    fn text(&mut self, cursor: &mut Cursor<'_>, edits: &mut Edits) -> Result<(), Fault> {
        self.relied_on_before |= self.is_from_before;
        let id = number(cursor, "id")?;
        let is_typed = self.editables.contains(id);
        cursor.object_if_any(|cursor, key| match key {
            "value" if is_typed => edits.string(cursor, stars::typed),
            _ => cursor.skip(),
        })
    }

    /// Attributes that have changed, of an element that the event does not name.
    fn change(&mut self, cursor: &mut Cursor<'_>, edits: &mut Edits) -> Result<(), Fault> {
        let id = number(cursor, "id")?;
        cursor.object_if_any(|cursor, key| match key {
            "attributes" => {
                let owner = Owner::default();
                if !self.attributes(cursor, owner, edits)? {
                    return Ok(());
                }
                self.relied_on_before |= self.is_from_before;
                if !self.editables.contains(id) {
                    // What stands in it is not known: it may be anything until the next whole page.
                    self.editables = Editables::ANYWHERE;
                }
                Ok(())
            }
            _ => cursor.skip(),
        })
    }

    /// Reads a node with all below it. `within`: it stands where somebody may type.
    fn tree(
        &mut self,
        cursor: &mut Cursor<'_>,
        within: bool,
        edits: &mut Edits,
    ) -> Result<(), Fault> {
        let mut nodes = Vec::new();
        self.node(cursor, &mut nodes, edits)?;
        if within {
            self.hide(&nodes, edits);
        }
        Ok(())
    }

    /// Reads a node. Whether somebody may type into it is known at its end, for its keys have any order: so
    /// what stands in it waits in `nodes`.
    fn node<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        nodes: &mut Vec<Node<'a>>,
        edits: &mut Edits,
    ) -> Result<(), Fault> {
        let begun = nodes.len();
        let mut owner = Owner::default();
        let mut attributes = None;
        let mut is_editable = false;
        let mut is_style = false;
        let mut node = Node::default();
        cursor.object_if_any(|cursor, key| {
            match key {
                "tagName" => owner.tag = cursor.string_if_any()?.map(|tag| tag.raw()),
                "attributes" if owner.tag.is_some() => {
                    is_editable |= self.attributes(cursor, owner, edits)?;
                }
                "attributes" => {
                    attributes = Some(cursor.clone());
                    cursor.skip()?;
                }
                "childNodes" => cursor.array_if_any(|cursor| self.node(cursor, nodes, edits))?,
                "textContent" if cursor.kind()? == Kind::String => {
                    let start = cursor.position();
                    let content = cursor.string()?;
                    node.text = Some((start..cursor.position(), content));
                }
                "isStyle" => is_style = cursor.bool_if_any()? == Some(true),
                "id" => node.id = node_id(cursor)?,
                _ => cursor.skip()?,
            }
            Ok(())
        })?;
        if let Some(mut attributes) = attributes {
            is_editable |= self.attributes(&mut attributes, owner, edits)?;
        }
        node.text = node.text.filter(|_| !is_style);
        nodes.push(node);
        if is_editable || owner.is("textarea") {
            self.hide(&nodes[begun..], edits);
            nodes.truncate(begun);
        }
        Ok(())
    }

    /// Somebody may type into these.
    fn hide(&mut self, nodes: &[Node<'_>], edits: &mut Edits) {
        for node in nodes {
            self.editables.insert(node.id);
            if let Some((place, content)) = &node.text
                && let Some(stars) = stars::typed(&content.decode())
            {
                edits.replace(place.clone(), json_string(&stars));
            }
        }
    }

    /// Reads the attributes of an element. True if somebody may type into it.
    fn attributes(
        &mut self,
        cursor: &mut Cursor<'_>,
        mut owner: Owner<'_>,
        edits: &mut Edits,
    ) -> Result<bool, Fault> {
        if owner.is("input") {
            // Its type decides, and may stand behind its value.
            cursor.clone().object_if_any(|cursor, name| {
                match name {
                    "type" => {
                        let kind = cursor.string_if_any()?;
                        owner.is_button = kind.is_some_and(|kind| is_one_of(&BUTTONS, kind.raw()));
                    }
                    _ => cursor.skip()?,
                }
                Ok(())
            })?;
        }
        let mut is_editable = false;
        cursor.object_if_any(|cursor, name| match name {
            "value" if owner.has_typed_value(self.sender) => edits.typed(cursor),
            "contenteditable" | "contentEditable" => {
                is_editable = match cursor.kind()? {
                    Kind::String => !cursor.string()?.raw().eq_ignore_ascii_case("false"),
                    _ => cursor.bool_if_any()? == Some(true),
                };
                Ok(())
            }
            "href" | "xlink:href" if !owner.is_drawn() => edits.string(cursor, address::clean),
            "src" if owner.tag.is_some() && !owner.is_drawn() => {
                edits.string(cursor, address::clean)
            }
            name if LINKS.contains(&name) => edits.string(cursor, address::clean),
            "data" if owner.is("object") => edits.string(cursor, address::clean),
            _ => cursor.skip(),
        })?;
        Ok(is_editable)
    }
}

/// A node, and the place of its text.
#[derive(Debug, Default)]
struct Node<'a> {
    id: NodeId,
    text: Option<(Range<usize>, RawStr<'a>)>,
}

/// The element that has an attribute, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
struct Owner<'a> {
    tag: Option<&'a str>,
    is_button: bool,
}

impl Owner<'_> {
    fn is(&self, tag: &str) -> bool {
        self.tag.is_some_and(|own| own.eq_ignore_ascii_case(tag))
    }

    /// Whether its value is what somebody typed or chose.
    fn has_typed_value(&self, sender: Sender) -> bool {
        match self.tag {
            None => sender == Sender::Other,
            Some(tag) if tag.eq_ignore_ascii_case("option") => sender == Sender::Other,
            Some(tag) => is_one_of(&["input", "select", "textarea"], tag) && !self.is_button,
        }
    }

    fn is_drawn(&self) -> bool {
        self.tag.is_some_and(|tag| is_one_of(&DRAWN, tag))
    }
}

fn is_one_of(words: &[&str], word: &str) -> bool {
    words.iter().any(|one| one.eq_ignore_ascii_case(word))
}

/// The number under a key of the object that comes next, without moving on; 0 for none.
fn number(cursor: &Cursor<'_>, key: &str) -> Result<NodeId, Fault> {
    let mut found = None;
    let walked = cursor.clone().object_if_any(|cursor, candidate| {
        if candidate != key {
            return cursor.skip();
        }
        found = Some(node_id(cursor)?);
        Err(Fault::from(ChunkError::NotEvents)) // Found: end the walk.
    });
    match (found, walked) {
        (Some(found), _) => Ok(found),
        (None, walked) => walked.map(|()| 0),
    }
}

fn node_id(cursor: &mut Cursor<'_>) -> Result<NodeId, Fault> {
    let number = cursor.natural_if_any()?;
    Ok(number
        .and_then(|number| NodeId::try_from(number).ok())
        .unwrap_or_default())
}
