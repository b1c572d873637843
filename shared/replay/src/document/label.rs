//! Names for what was clicked, from what the recording shows and nothing else.
//!
//! Masked stays masked: where the recorder wrote stars, or marked an element, not even an attribute that it
//! left in clear (an `aria-label`, a `title`) is used.

use super::{Document, Place};
use crate::definitions::MAX_LABEL_CHARS;
use crate::event::{NodeId, Tag, Traits};
use crate::json::RawStr;
use crate::privacy;

/// Text nodes that are read for one name.
const MAX_TEXT_NODES: usize = 12;
/// Nodes that are walked for one name.
const MAX_WALK: usize = 200;

/// What is kept of a text: its beginning, white space folded. `None` if nothing is left.
pub(super) fn shorten(text: RawStr<'_>) -> Option<Box<str>> {
    /// Scrubbing may shorten a text: more is kept than is shown.
    const MAX_BYTES: usize = MAX_LABEL_CHARS * 2;
    let raw = text.raw();
    if raw.bytes().all(|byte| byte.is_ascii_whitespace()) {
        return None;
    }
    let text = text.decode();
    if text.len() <= MAX_BYTES && is_folded(&text) {
        return Some(text.into());
    }
    let mut folded = String::with_capacity(text.len().min(MAX_BYTES));
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
        if folded.len() > MAX_BYTES {
            folded.truncate(folded.floor_char_boundary(MAX_BYTES));
            break;
        }
    }
    (!folded.is_empty()).then(|| folded.into_boxed_str())
}

/// Whether the only white space is single spaces between words.
fn is_folded(text: &str) -> bool {
    let mut after_space = true;
    for byte in text.bytes() {
        let is_space = byte == b' ';
        if (is_space && after_space) || byte < b' ' || !byte.is_ascii() {
            return false;
        }
        after_space = is_space;
    }
    !after_space
}

impl Document {
    /// What a person would call a control, or whatever else was clicked, in its place: `"Add to wishlist"`,
    /// or `button` if it shows no name.
    pub(crate) fn label(&self, named: NodeId, place: Place) -> String {
        match self.name(named, place) {
            Some(name) => ["\"", &name, "\""].concat(),
            None => self.describe(named).to_owned(),
        }
    }

    /// What a person would call a field. Its content is never part of it.
    pub(crate) fn field_label(&self, id: NodeId) -> String {
        let own = self.nodes.get(id).and_then(|node| node.text.as_deref());
        match own {
            Some(name) if !self.place(id).masked => format!("\"{}\"", privacy::label(name)),
            _ => self.describe(id).to_owned(),
        }
    }

    fn describe(&self, id: NodeId) -> &'static str {
        self.nodes.get(id).map_or("element", |node| match node.tag {
            Tag::Input if node.traits.has(Traits::CONTROL) => "button",
            tag if node.traits.has(Traits::CONTROL) && tag.describe() == "element" => "button",
            tag => tag.describe(),
        })
    }

    fn name(&self, id: NodeId, place: Place) -> Option<String> {
        if place.masked || place.in_text_field || self.is_root(id) {
            return None;
        }
        let (text, masked) = self.shown_text(id);
        if masked {
            return None;
        }
        let own = || self.nodes.get(id)?.text.as_deref().map(str::to_owned);
        let name = if text.is_empty() { own()? } else { text };
        let name = privacy::label(&name);
        (!name.is_empty()).then_some(name)
    }

    /// The text within an element in document order, and whether any of it is masked or typed.
    fn shown_text(&self, id: NodeId) -> (String, bool) {
        let mut text = String::new();
        let mut at = id;
        let mut read = 0;
        for _ in 0..MAX_WALK {
            let Some(node) = self.nodes.get(at) else {
                break;
            };
            if node.traits.has(Traits::MASKED) || node.traits.has(Traits::TEXT_FIELD) {
                return (String::new(), node.traits.has(Traits::MASKED));
            }
            if node.tag == Tag::Text
                && let Some(shown) = node.text.as_deref()
            {
                if privacy::is_masked(shown) {
                    return (String::new(), true);
                }
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(shown);
                read += 1;
            }
            if read == MAX_TEXT_NODES || text.len() > MAX_LABEL_CHARS * 4 {
                break;
            }
            at = self.following(at);
            if at == 0 || !self.is_within(at, id) || at == id {
                break;
            }
        }
        (text, false)
    }
}
