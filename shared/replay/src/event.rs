//! rrweb events as typed values, parsed in one pass, borrowing from the text.
//!
//! Only what the summary needs is read; the rest is skipped, not stored. Typed text never leaves this module:
//! an input event keeps its node, not its value.

mod incremental;
mod interaction;
mod node;
mod own;
mod packed;
mod plugin;
mod request;
mod route;
mod style;
mod tag;

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub(crate) use incremental::{Attribute, Change, Mutation};
pub(crate) use node::{MAX_PLACES, NodeRecord, Subtree, attribute_hash, content_hash};
pub(crate) use packed::Packed;
pub(crate) use plugin::{Level, LogLine, line_details};
pub(crate) use request::{Outcome, Request};
pub(crate) use style::Styles;
pub(crate) use tag::{Tag, Traits};

use crate::error::{ChunkError, Fault};
use crate::json::{Cursor, Kind};
use crate::told::Told;

/// Identifies a node within one page; given out by the recorder.
pub(crate) type NodeId = u32;

/// One event.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) body: Body<'a>,
}

/// What happened, as far as the summary is concerned.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Body<'a> {
    /// The page was parsed or loaded: a visit, not a checkpoint of the recorder.
    Loaded,
    /// Page and window size, right before each full snapshot.
    Meta {
        #[serde(borrow)]
        href: Option<Cow<'a, str>>,
        width: u32,
        height: u32,
    },
    /// The whole page; node ids start anew.
    FullSnapshot(#[serde(borrow)] Box<Subtree<'a>>),
    Mutation(#[serde(borrow)] Box<Mutation<'a>>),
    /// Mouse, pen or finger moved or dragged.
    Moved {
        /// How long ago the first of it was, milliseconds.
        began_ms: u32,
    },
    Pointer(Pointer),
    Scroll {
        id: NodeId,
        x: f32,
        y: f32,
    },
    Resize {
        width: u32,
        height: u32,
    },
    Input {
        id: NodeId,
        /// Whether a user did it and no script, when the recorder says so.
        by_user: Option<bool>,
        /// What stands in it is stars.
        masked: bool,
    },
    /// A video or sound was played, paused or sought.
    Media {
        id: NodeId,
    },
    /// Styles or a canvas changed: the page visibly answers.
    Repaint {
        /// It was drawn on a canvas.
        draws: bool,
        /// What a new style sheet tells.
        styles: Styles,
    },
    Selection {
        empty: bool,
    },
    Log(#[serde(borrow)] LogLine<'a>),
    Requests(#[serde(borrow)] Vec<Request<'a>>),
    /// A single-page route change, told by the recorder.
    Navigation {
        #[serde(borrow)]
        href: Cow<'a, str>,
    },
    Context(#[serde(borrow)] Box<Context<'a>>),
    /// The tab was hidden.
    Hidden,
    /// What follows was made by a script, not by a hand.
    ByScript(Scripted),
    /// Somebody's hand where rrweb records none: keys, a wheel.
    Hand,
    /// An effect that no mutation shows.
    Outside {
        /// Hash of what it is.
        kind: u32,
        /// How long the page stood still for it, milliseconds.
        stood_ms: u32,
    },
    /// A field changed without another text, or an editable element was typed into.
    Edited {
        id: NodeId,
        by_hand: bool,
    },
    /// Nothing by itself; but whoever tells it tells such things.
    Tells(Told),
    /// Counts as an event, means nothing to the summary.
    Other,
}

/// A press, release or click.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pointer {
    pub(crate) action: PointerAction,
    pub(crate) id: NodeId,
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// What a script can do in a visitor's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Scripted {
    Click,
    Input,
}

/// rrweb's mouse interactions, as far as they differ to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PointerAction {
    /// Mouse down or touch start.
    Press,
    /// Mouse up, touch end and the like.
    Release,
    Click,
    /// Not by itself something that the user did: pages move the focus, too.
    Focus,
    Blur,
}

/// What the recorder tells about the browser; rrweb itself does not.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Context<'a> {
    #[serde(borrow)]
    pub(crate) user_agent: Option<Cow<'a, str>>,
    pub(crate) language: Option<Cow<'a, str>>,
    pub(crate) timezone: Option<Cow<'a, str>>,
    /// It tells of wheels and keys: what scrolls without them, scrolls by itself.
    pub(crate) tells_hands: bool,
    /// What the recorder tells, where it says so.
    pub(crate) records: Option<Told>,
}

/// An event as read from the text, or the reason why it needs unpacking first.
pub(crate) enum Parsed<'a> {
    Event(Event<'a>),
    /// Fields are gzip strings (PostHog's `cv`).
    Compressed,
    /// Its time is in seconds (Sentry's spans).
    InSeconds,
    /// No timestamp or no type: nothing that can be placed in a session.
    Unplaced,
}

/// Reads the object that comes next as an event. Of one that is [`Parsed::Unplaced`] it may have read a
/// part.
pub(crate) fn parse<'a>(cursor: &mut Cursor<'a>) -> Result<Parsed<'a>, Fault> {
    let (kind, begun) = match cursor.open_object_with(b"{\"type\":")? {
        Some(kind) => (kind, true),
        None => match find_number(cursor, "type")? {
            Some(kind) => (kind, false),
            None => return Ok(Parsed::Unplaced),
        },
    };
    let mut at = None;
    let mut body = Some(Body::Other);
    // Type, data, timestamp: so rrweb writes it. Any other order is read below.
    if begun {
        if cursor.take_literal(b",\"data\":") {
            body = parse_data(kind, cursor)?;
        }
        if cursor.take_literal(b",\"timestamp\":") {
            at = time(cursor)?;
        }
    } else {
        cursor.open_object()?;
    }
    cursor.rest_of_object(begun, |cursor, key| {
        match key {
            "timestamp" => at = time(cursor)?,
            "data" => body = parse_data(kind, cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    if let (Some(at), Some(Body::Requests(requests))) = (at, &mut body) {
        requests.iter_mut().for_each(|request| request.place(at));
    }
    Ok(match (at, body) {
        (None, _) => Parsed::Unplaced,
        (Some(_), None) => Parsed::Compressed,
        (Some(at), Some(_)) if SECONDS.contains(&at) => Parsed::InSeconds,
        (Some(at), Some(body)) => Parsed::Event(Event { at, body }),
    })
}

/// Such a number counts seconds since 1970, from the year 2001 on. As milliseconds it would be of the
/// first months of 1970, when nobody recorded.
pub(crate) const SECONDS: Range<i64> = 1_000_000_000..10_000_000_000;

/// Milliseconds since 1970, if the number can be one (fractions are rounded).
#[inline]
fn time(cursor: &mut Cursor<'_>) -> Result<Option<i64>, Fault> {
    const YEAR_9999: i64 = 253_402_300_799_999;
    let number = cursor.time_if_any()?;
    let milliseconds = number.and_then(|number| i64::try_from(number).ok());
    Ok(milliseconds.filter(|milliseconds| *milliseconds <= YEAR_9999))
}

/// The number under a key in the object that comes next, without moving on.
#[cold]
pub(crate) fn find_number(cursor: &Cursor<'_>, key: &str) -> Result<Option<u8>, Fault> {
    let mut ahead = cursor.clone();
    let mut found = None;
    let walked = ahead.object(|cursor, candidate| {
        if candidate != key {
            return cursor.skip();
        }
        found = cursor
            .number_if_any()?
            .filter(|number| number.fract() == 0.0 && (0.0..256.0).contains(number))
            .map(|number| number as u8);
        Err(Fault::from(ChunkError::NotEvents)) // Found: end the walk.
    });
    match (found, walked) {
        (None, Err(error)) if *error != ChunkError::NotEvents => Err(error),
        _ => Ok(found),
    }
}

/// The tag of the custom event that comes next; empty for none.
pub(crate) fn custom_tag<'a>(mut cursor: Cursor<'a>) -> Result<&'a str, Fault> {
    let mut tag = "";
    cursor.object(|cursor, key| match key {
        "data" => cursor.object_if_any(|cursor, key| {
            match key {
                "tag" => tag = cursor.string_if_any()?.unwrap_or_default().raw(),
                _ => cursor.skip()?,
            }
            Ok(())
        }),
        _ => cursor.skip(),
    })?;
    Ok(tag)
}

/// Reads the `data` of an event of type `kind`; `None` if it, or parts of it, are compressed.
fn parse_data<'a>(kind: u8, cursor: &mut Cursor<'a>) -> Result<Option<Body<'a>>, Fault> {
    if cursor.kind()? != Kind::Object {
        let compressed = matches!(kind, 2 | 3) && cursor.kind()? == Kind::String;
        return cursor.skip().map(|()| (!compressed).then_some(Body::Other));
    }
    match kind {
        0 | 1 => cursor.skip().map(|()| Some(Body::Loaded)),
        2 => full_snapshot(cursor).map(Some),
        3 => incremental::parse(cursor),
        4 => meta(cursor).map(Some),
        5 => plugin::custom(cursor).map(Some),
        6 => plugin::plugin(cursor).map(Some),
        _ => cursor.skip().map(|()| Some(Body::Other)),
    }
}

/// Few pages have fewer nodes.
const SMALL_PAGE_NODES: usize = 64;

fn full_snapshot<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let mut page = Box::new(Subtree {
        nodes: Vec::with_capacity(SMALL_PAGE_NODES),
        ..Subtree::default()
    });
    cursor.object(|cursor, key| match key {
        "node" if cursor.kind()? == Kind::Object => node::parse(cursor, &mut page, None),
        _ => cursor.skip(),
    })?;
    Ok(Body::FullSnapshot(page))
}

fn meta<'a>(cursor: &mut Cursor<'a>) -> Result<Body<'a>, Fault> {
    let (mut href, mut width, mut height) = (None, 0, 0);
    cursor.object(|cursor, key| {
        match key {
            "href" => href = cursor.string_if_any()?.map(|text| text.decode()),
            "width" => width = pixels(cursor)?,
            "height" => height = pixels(cursor)?,
            _ => cursor.skip()?,
        }
        Ok(())
    })?;
    Ok(Body::Meta {
        href,
        width,
        height,
    })
}

fn pixels(cursor: &mut Cursor<'_>) -> Result<u32, Fault> {
    Ok(cursor
        .number_if_any()?
        .map_or(0, |number| number.clamp(0.0, 100_000.0) as u32))
}

/// A node id, or 0, which no recorder gives out (-1 stands for an unknown node).
#[inline]
fn node_id(cursor: &mut Cursor<'_>) -> Result<NodeId, Fault> {
    let number = cursor.natural_if_any()?;
    Ok(number
        .and_then(|number| NodeId::try_from(number).ok())
        .unwrap_or_default())
}

#[cfg(test)]
mod tests;
