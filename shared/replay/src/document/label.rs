//! Names for what was clicked, from what the recording shows and nothing else.
//!
//! Masked stays masked: where the recorder wrote stars, or marked an element, not even an attribute that it
//! left in clear (an `aria-label`, a `title`) is used.

use super::{Document, Place};
use crate::definitions::MAX_LABEL_CHARS;
use crate::event::{NodeId, Tag, Traits};
use crate::privacy;

/// Text nodes that are read for one name.
const MAX_TEXT_NODES: usize = 12;
/// Nodes that are walked for one name.
const MAX_WALK: usize = 200;

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
        match self.own_text(id) {
            Some(name) if !self.place(id).masked && !privacy::is_masked(name) => {
                format!("\"{}\"", privacy::label(name))
            }
            _ => self.describe(id).to_owned(),
        }
    }

    fn own_text(&self, id: NodeId) -> Option<&str> {
        self.texts.get(self.nodes.get(id)?.text)
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
        let name = if text.is_empty() {
            self.own_text(id).filter(|name| !privacy::is_masked(name))?
        } else {
            &text
        };
        let name = privacy::label(name);
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
                && let Some(shown) = self.texts.get(node.text)
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
            at = self.following_within(at, id);
        }
        (text, false)
    }
}
