//! Incremental snapshots: what changed on the page; what the visitor did stands in `interaction`.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Body, NodeId, Styles, Subtree, interaction, node, node_id, plugin};
use crate::error::Fault;
use crate::json::{Cursor, Kind, RawStr};

/// A batch of changes of the page.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Mutation<'a> {
    pub(crate) removes: SmallVec<[(NodeId, NodeId); 4]>,
    /// Everything added, in the order of arrival; the roots carry their parent's id.
    #[serde(borrow)]
    pub(crate) adds: Subtree<'a>,
    pub(crate) texts: Vec<(NodeId, RawStr<'a>)>,
    /// The nodes whose attributes changed, and where the changes of each end in `attributes`.
    pub(crate) changed: SmallVec<[(NodeId, u32); 4]>,
    attributes: Vec<Attribute<'a>>,
}

impl<'a> Mutation<'a> {
    /// The changed attributes, with the nodes that they are of.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (NodeId, &Attribute<'a>)> {
        let mut start = 0;
        self.changed.iter().flat_map(move |(id, end)| {
            let own = self.attributes.get(start..*end as usize);
            start = *end as usize;
            own.unwrap_or_default()
                .iter()
                .map(|attribute| (*id, attribute))
        })
    }
}

/// One changed attribute; style changes come property by property.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: &'a str,
    /// Set for `style` when a single property is told.
    #[serde(borrow)]
    pub(crate) property: Option<&'a str>,
    pub(crate) change: Change<'a>,
}

/// The new value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) enum Change<'a> {
    Removed,
    #[serde(borrow)]
    Set(RawStr<'a>),
}

/// Reads the `data` of an incremental snapshot; `None` if parts of it are compressed.
pub(super) fn parse<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Body<'a>>, Fault> {
    // So rrweb begins it. Any other order works as well.
    let (source, begun) = match cursor.open_object_with(b"{\"source\":")? {
        Some(source) => (Some(source), true),
        None => {
            let source = super::find_number(cursor, "source")?;
            cursor.open_object()?;
            (source, false)
        }
    };
    let other = |cursor: &mut Cursor<'a>, body| {
        cursor.rest_of_object(begun, |cursor, _| cursor.skip())?;
        Ok(Some(body))
    };
    match source {
        Some(0) => mutation(cursor, begun),
        Some(1 | 6 | 12) => interaction::moved(cursor, begun).map(Some),
        Some(2) => interaction::pointer(cursor, begun).map(Some),
        Some(3) => interaction::scroll(cursor, begun).map(Some),
        Some(4) => interaction::resize(cursor, begun).map(Some),
        Some(5) => interaction::input(cursor, begun).map(Some),
        Some(7) => interaction::media(cursor, begun).map(Some),
        Some(source @ (8 | 9 | 13 | 15)) => {
            let start = cursor.position();
            cursor.rest_of_object(begun, |cursor, _| cursor.skip())?;
            let mut styles = Styles::default();
            if source == 15 {
                styles.read(cursor.since(start));
            }
            let draws = source == 9;
            Ok(Some(Body::Repaint { draws, styles }))
        }
        Some(11) => plugin::log(cursor, begun).map(|line| Some(Body::Log(line))),
        Some(14) => interaction::selection(cursor, begun).map(Some),
        _ => other(cursor, Body::Other),
    }
}

fn mutation<'a>(cursor: &mut Cursor<'a>, begun: bool) -> Result<Option<Body<'a>>, Fault> {
    let mut mutation = Box::<Mutation<'a>>::default();
    let mut compressed = false;
    if begun {
        // So rrweb writes what there is none of.
        cursor.take_literal(b",\"texts\":[]");
        cursor.take_literal(b",\"attributes\":[]");
        cursor.take_literal(b",\"removes\":[]");
    }
    cursor.rest_of_object(begun, |cursor, key| {
        if matches!(key, "adds" | "removes" | "texts" | "attributes")
            && cursor.kind()? == Kind::String
        {
            compressed = true;
            return cursor.skip();
        }
        match key {
            "adds" => cursor.array_if_any(|cursor| added(cursor, &mut mutation.adds)),
            "removes" => cursor.array_if_any(|cursor| {
                mutation.removes.push(removed(cursor)?);
                Ok(())
            }),
            "texts" => cursor.array_if_any(|cursor| {
                mutation.texts.push(text(cursor)?);
                Ok(())
            }),
            "attributes" => cursor.array_if_any(|cursor| {
                let id = changed(cursor, &mut mutation.attributes)?;
                let end = mutation.attributes.len() as u32;
                mutation.changed.push((id, end));
                Ok(())
            }),
            _ => cursor.skip(),
        }
    })?;
    Ok((!compressed).then_some(Body::Mutation(mutation)))
}

/// The parent of a removed node, and the node.
fn removed(cursor: &mut Cursor<'_>) -> Result<(NodeId, NodeId), Fault> {
    let (mut parent, mut id) = (0, 0);
    if cursor.kind()? != Kind::Object {
        return cursor.skip().map(|()| (parent, id));
    }
    cursor.open_object()?;
    let begun = cursor.take_literal(b"\"parentId\":");
    if begun {
        parent = node_id(cursor)?;
        if cursor.take_literal(b",\"id\":") {
            id = node_id(cursor)?;
        }
    }
    cursor.rest_of_object(begun, |cursor, key| {
        match key {
            "parentId" => parent = node_id(cursor)?,
            "id" => id = node_id(cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok((parent, id))
}

/// A text node, and what it says now.
fn text<'a>(cursor: &mut Cursor<'a>) -> Result<(NodeId, RawStr<'a>), Fault> {
    let (mut id, mut value) = (0, RawStr::default());
    cursor.object_if_any(|cursor, key| {
        match key {
            "id" => id = node_id(cursor)?,
            "value" => value = cursor.string_if_any()?.unwrap_or_default(),
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok((id, value))
}

/// An element whose attributes changed; the changes go to `changes`.
fn changed<'a>(cursor: &mut Cursor<'a>, changes: &mut Vec<Attribute<'a>>) -> Result<NodeId, Fault> {
    let mut id = 0;
    if cursor.kind()? != Kind::Object {
        return cursor.skip().map(|()| id);
    }
    cursor.open_object()?;
    let begun = cursor.take_literal(b"\"id\":");
    if begun {
        id = node_id(cursor)?;
        if cursor.take_literal(b",\"attributes\":") {
            attributes(cursor, changes)?;
        }
    }
    cursor.rest_of_object(begun, |cursor, key| match key {
        "id" => node_id(cursor).map(|read| id = read),
        "attributes" => attributes(cursor, changes),
        _ => cursor.skip(),
    })?;
    Ok(id)
}

fn added<'a>(cursor: &mut Cursor<'a>, adds: &mut Subtree<'a>) -> Result<(), Fault> {
    let root = adds.nodes.len();
    let (mut parent, mut next) = (0, 0);
    if cursor.kind()? != Kind::Object {
        return cursor.skip();
    }
    cursor.open_object()?;
    // So rrweb writes additions. Any other order is read below.
    let begun = cursor.take_literal(b"\"parentId\":");
    if begun {
        parent = node_id(cursor)?;
        if cursor.take_literal(b",\"nextId\":") {
            next = node_id(cursor)?;
        }
        if cursor.take_literal(b",\"node\":") {
            match cursor.kind()? {
                Kind::Object => node::parse(cursor, adds, None)?,
                _ => cursor.skip()?,
            }
        }
    }
    cursor.rest_of_object(begun, |cursor, key| match key {
        "parentId" => node_id(cursor).map(|read| parent = read),
        "nextId" => node_id(cursor).map(|read| next = read),
        "node" if cursor.kind()? == Kind::Object => node::parse(cursor, adds, None),
        _ => cursor.skip(),
    })?;
    if adds.nodes.len() > root {
        adds.roots.push((root as u32, parent, next));
    }
    Ok(())
}

fn attributes<'a>(cursor: &mut Cursor<'a>, changes: &mut Vec<Attribute<'a>>) -> Result<(), Fault> {
    cursor.object_if_any(|cursor, name| {
        if name == "style" && cursor.kind()? == Kind::Object {
            return cursor.object(|cursor, property| {
                let change = style_value(cursor)?;
                changes.push(Attribute {
                    name,
                    property: Some(property),
                    change,
                });
                Ok(())
            });
        }
        let change = cursor.string_if_any()?.map_or(Change::Removed, Change::Set);
        changes.push(Attribute {
            name,
            property: None,
            change,
        });
        Ok(())
    })
}

/// A style property's value: a string, `[value, priority]`, or `false` when it was removed.
fn style_value<'a>(cursor: &mut Cursor<'a>) -> Result<Change<'a>, Fault> {
    let mut value = Change::Removed;
    match cursor.kind()? {
        Kind::String => value = Change::Set(cursor.string()?),
        Kind::Array => cursor.array(|cursor| {
            if let (Some(text), Change::Removed) = (cursor.string_if_any()?, value) {
                value = Change::Set(text);
            }
            Ok(())
        })?,
        _ => cursor.skip()?,
    }
    Ok(value)
}
