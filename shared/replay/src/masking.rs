//! What another recorder records in clear becomes what ours would have recorded.
//!
//! Recorders of others mask what they please: most only passwords. So before a chunk is stored, what was
//! typed becomes stars, addresses lose their queries, and what recorders add to rrweb loses headers, bodies
//! and what looks personal ([`crate::privacy`]). What is masked stays as it is, byte for byte: our own
//! recorder's chunks pass unchanged, and masking twice is masking once.
//!
//! | module | what it cleans |
//! |---|---|
//! | `page` | nodes, their attributes and texts |
//! | `editables` | which of them somebody may type into |
//! | `addition` | console lines, requests and custom events |
//! | `stars`, `address` | a text, an address |
//! | `fragment` | half an event, which cannot be read |
//! | `edits` | the places of an event that become others |

mod addition;
mod address;
mod editables;
mod edits;
mod fragment;
mod page;
mod stars;

use std::borrow::Cow;

use crate::chunk::Item;
use crate::error::{ChunkError, Fault};
use crate::event::{self, Body};
use crate::json::{Cursor, Kind};
use crate::recorders;
use crate::recorders::fragments::Fragment;
use edits::Edits;
use page::Page;

pub use editables::Editables;

/// Who made a recording, as its sender says: it proves nothing.
///
/// So it decides only about what our recorder leaves in clear, and rrweb's of others as well: the choices of
/// a list, and a `value` of which the chunk does not tell whose it is. And it spares the question what stood
/// in earlier chunks. Fields, addresses and additions are cleaned whatever it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// Our recorder, which masks before it sends.
    Ours,
    /// Any other.
    Other,
}

/// A chunk as it may be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Masked<'a> {
    /// The events: the bytes that were given unless something had to be masked, else a JSON array.
    pub payload: Cow<'a, [u8]>,
    /// Where something may be typed at its end.
    pub editables: Editables,
    /// Whether the chunk itself has told that: it holds a whole page.
    pub is_told: bool,
    /// Whether it changes what stood in earlier chunks: of that `before` has to tell where somebody types.
    pub relied_on_before: bool,
}

/// Masks a chunk's payload (already decompressed). `before` are the places at the end of the chunk before in
/// which something may be typed.
///
/// # Errors
/// When the payload is not a list of rrweb events in one of the accepted encodings.
pub fn mask<'a>(
    payload: &'a [u8],
    sender: Sender,
    before: &Editables,
) -> Result<Masked<'a>, ChunkError> {
    let mut page = Page::new(sender, before.clone());
    let mut kept: Vec<Cow<'a, str>> = Vec::new();
    // All of it again, from the first event on that is masked.
    let mut written: Option<String> = None;
    recorders::read(payload, &mut |item| {
        let (text, may_need_it) = match item {
            Item::Plain { text, event } => (Cow::Borrowed(text), may_tell(&event.body)),
            Item::Unpacked { text, .. } => (Cow::Owned(text), true),
        };
        let masked = may_need_it.then(|| event(&text, &mut page)).flatten();
        match (&mut written, masked) {
            (None, None) => kept.push(text),
            (None, Some(masked)) => {
                let before = std::mem::take(&mut kept);
                written = Some(
                    before
                        .iter()
                        .map(|text| format!("{text},"))
                        .collect::<String>()
                        + &masked,
                );
            }
            (Some(written), masked) => {
                written.push(',');
                written.push_str(masked.as_deref().unwrap_or(&text));
            }
        }
    })?;
    Ok(Masked {
        payload: match written {
            Some(events) => Cow::Owned(format!("[{events}]").into_bytes()),
            None => Cow::Borrowed(payload),
        },
        relied_on_before: page.relied_on_before(),
        is_told: !page.is_from_before(),
        editables: page.into_editables(),
    })
}

/// Masks the events of a player's piece, one after another.
#[derive(Debug)]
pub(crate) struct Veil(Page);

impl Veil {
    pub(crate) fn new(before: Editables) -> Self {
        Self(Page::new(Sender::Other, before))
    }

    pub(crate) fn over<'a>(&mut self, event_text: &'a str) -> Cow<'a, str> {
        event(event_text, &mut self.0).map_or(Cow::Borrowed(event_text), Cow::Owned)
    }
}

/// Whether there is anything in such an event that somebody may have typed, or that has an address.
fn may_tell(body: &Body<'_>) -> bool {
    !matches!(
        body,
        Body::Loaded
            | Body::Moved { .. }
            | Body::Pointer(_)
            | Body::Scroll { .. }
            | Body::Resize { .. }
            | Body::Media { .. }
            | Body::Selection { .. }
    )
}

/// The masked event, if it differs. Its text was read before: what cannot be read in other ways is left out.
fn event(text: &str, page: &mut Page) -> Option<String> {
    if let Some(fragment) = Fragment::in_text(text) {
        if fragment.begins_snapshot() {
            page.unreadable_snapshot();
        }
        return fragment::masked(fragment);
    }
    let mut edits = Edits::default();
    match look_through(text, page, &mut edits) {
        Ok(()) => edits.applied_to(text),
        Err(_) => Some(r#"{"type":99,"timestamp":0}"#.to_owned()),
    }
}

fn look_through(text: &str, page: &mut Page, edits: &mut Edits) -> Result<(), Fault> {
    let mut cursor = Cursor::new(text);
    let kind = event::find_number(&cursor, "type")?;
    cursor.object(|cursor, key| match (key, kind) {
        ("data", Some(2)) => cursor.object_if_any(|cursor, key| match key {
            "node" => page.full_snapshot(cursor, edits),
            _ => cursor.skip(),
        }),
        ("data", Some(3)) => incremental(cursor, page, edits),
        ("data", Some(4)) => cursor.object_if_any(|cursor, key| match key {
            "href" => edits.string(cursor, address::clean),
            _ => cursor.skip(),
        }),
        ("data", Some(0 | 1)) => cursor.skip(),
        ("data", _) => addition::clean(cursor, edits),
        _ => cursor.skip(),
    })
}

fn incremental(cursor: &mut Cursor<'_>, page: &mut Page, edits: &mut Edits) -> Result<(), Fault> {
    if cursor.kind()? != Kind::Object {
        return cursor.skip();
    }
    match event::find_number(cursor, "source")? {
        Some(0) => page.mutation(cursor, edits),
        Some(5) => cursor.object(|cursor, key| match key {
            "text" | "value" => edits.typed(cursor),
            _ => cursor.skip(),
        }),
        // Console lines, as rrweb 1 has them.
        Some(11) => addition::clean(cursor, edits),
        _ => cursor.skip(),
    }
}

#[cfg(test)]
mod tests;
