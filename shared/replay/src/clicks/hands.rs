//! Whose click it is: a hand's, a key's, or one that nobody made.
//!
//! rrweb tells of clicks alike, whoever made them. A hand presses and releases first; a key presses what has
//! the focus; a `<label>` clicks its field after its own click; what is left, a script has made.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::definitions::{
    CLICK_AFTER_RELEASE_MS, LABEL_CLICK_MS, LONGEST_HOLD_MS, PRESS_BEFORE_CLICK_MS,
    SYNTHETIC_CLICK_MS,
};
use crate::document::Document;
use crate::event::{NodeId, Pointer};

/// Whose click it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Hand,
    /// Enter or Space on what has the focus.
    Key,
    /// A hand's, as far as can be told where no press has been recorded so far.
    Perhaps,
    /// The second one that a label makes of a first.
    Label,
    Script,
}

/// What hands have done lately, and where the focus is.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Hands {
    /// Whether any press was recorded: recorders can be told to leave them out.
    pressed_ever: bool,
    last_press: Option<(i64, NodeId)>,
    released_at: Option<i64>,
    /// The last press has not yet become a click.
    is_waiting: bool,
    last_click: Option<(i64, NodeId)>,
    focus: Focus,
    /// The recorder has told that the next click is a script's.
    script_is_next: bool,
}

/// Where the focus is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Focus {
    /// Nothing was told yet on this page.
    #[default]
    Unknown,
    Nowhere,
    On(NodeId),
}

impl Hands {
    /// Something is pressed. True if it is the first press of the recording.
    pub(super) fn press(&mut self, at: i64, id: NodeId) -> bool {
        self.last_press = Some((at, id));
        self.released_at = None;
        self.is_waiting = true;
        !std::mem::replace(&mut self.pressed_ever, true)
    }

    pub(super) fn release(&mut self, at: i64) {
        self.released_at = Some(at);
    }

    pub(super) fn focus(&mut self, id: NodeId) {
        self.focus = Focus::On(id);
    }

    pub(super) fn blur(&mut self) {
        self.focus = Focus::Nowhere;
    }

    pub(super) fn script_is_next(&mut self) {
        self.script_is_next = true;
    }

    /// Whether something was pressed this shortly before.
    pub(super) fn pressed_within(&self, at: i64, within: i64) -> bool {
        self.last_press.is_some_and(|(then, _)| at - then <= within)
    }

    /// Whether a hand can have set the value of this field: it has the focus, or was just clicked. `None`
    /// when nothing is known of the focus.
    pub(crate) fn can_edit(&self, at: i64, field: NodeId, document: &Document) -> Option<bool> {
        let is_clicked = self.last_click.is_some_and(|(then, id)| {
            at - then <= LABEL_CLICK_MS
                && (document.is_within(field, id)
                    || document.is_within(id, field)
                    || document.in_label(id))
        });
        match self.focus {
            _ if is_clicked => Some(true),
            Focus::Unknown => None,
            Focus::Nowhere => Some(false),
            Focus::On(id) => Some(document.is_within(field, id) || document.is_within(id, field)),
        }
    }

    /// Whether a hand holds something down, such as a scrollbar.
    pub(crate) fn hold(&self, at: i64) -> bool {
        let pressed_at = self.last_press.map(|(pressed_at, _)| pressed_at);
        let is_held = self.is_waiting && self.released_at.is_none();
        is_held && pressed_at.is_some_and(|then| at - then <= LONGEST_HOLD_MS)
    }

    /// What has the focus, if that is known.
    pub(super) fn focused(&self) -> Option<NodeId> {
        match self.focus {
            Focus::On(id) => Some(id),
            Focus::Unknown | Focus::Nowhere => None,
        }
    }

    /// Takes a click.
    pub(super) fn click(&mut self, at: i64, click: Pointer, document: &Document) -> Whose {
        let whose = self.whose(at, click, document);
        if matches!(whose, Whose::Hand | Whose::Key | Whose::Perhaps) {
            self.last_click = Some((at, click.id));
        }
        whose
    }

    fn whose(&mut self, at: i64, click: Pointer, document: &Document) -> Whose {
        if std::mem::take(&mut self.script_is_next) {
            return Whose::Script;
        }
        if self.takes_press(at, click.id) {
            return Whose::Hand;
        }
        let follows = |within: i64| {
            let last = self.last_click.filter(|(then, _)| at - then <= within);
            last.map(|(_, id)| id).filter(|id| *id != click.id)
        };
        let of_label = follows(LABEL_CLICK_MS)
            .is_some_and(|id| document.in_label(id) && document.is_labelable(click.id));
        // Without the page it is told by time alone.
        if of_label || !document.is_known() && follows(SYNTHETIC_CLICK_MS).is_some() {
            return Whose::Label;
        }
        if follows(SYNTHETIC_CLICK_MS).is_some() {
            return Whose::Script;
        }
        // A script's click has no place.
        let has_place = click.x != 0.0 || click.y != 0.0;
        let control = document.control(click.id).unwrap_or(click.id);
        match self.focus {
            Focus::On(id) if document.is_within(id, control) => Whose::Key,
            Focus::Unknown if has_place && self.pressed_ever => Whose::Key,
            _ if has_place && !self.pressed_ever => Whose::Perhaps,
            _ => Whose::Script,
        }
    }

    /// Whether the click ends the last press: on the same node, or, where the page has changed under the
    /// hand, right after it was released.
    fn takes_press(&mut self, at: i64, id: NodeId) -> bool {
        let Some((pressed_at, pressed)) = self.last_press else {
            return false;
        };
        let soon = at - pressed_at <= PRESS_BEFORE_CLICK_MS;
        let released = self
            .released_at
            .is_some_and(|released| at - released <= CLICK_AFTER_RELEASE_MS);
        let takes = self.is_waiting && (released || (pressed == id && soon));
        self.is_waiting &= !takes;
        takes
    }

    /// Another page: the focus is told anew.
    pub(super) fn document_replaced(&mut self) {
        self.focus = Focus::Unknown;
        self.is_waiting = false;
        self.script_is_next = false;
    }

    pub(super) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        let new = |id: &mut NodeId| *id = numbers.get(id).copied().unwrap_or(*id);
        for (_, id) in self.last_press.iter_mut().chain(&mut self.last_click) {
            new(id);
        }
        if let Focus::On(id) = &mut self.focus {
            new(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::PointerAction;

    fn click(id: NodeId, place: f32) -> Pointer {
        Pointer {
            action: PointerAction::Click,
            id,
            x: place,
            y: place,
        }
    }

    #[test]
    fn a_click_is_whose_press_or_key_it_is() {
        let document = Document::default();
        let mut hands = Hands::default();
        assert_eq!(hands.click(0, click(7, 50.0), &document), Whose::Perhaps);
        assert_eq!(hands.click(900, click(8, 0.0), &document), Whose::Script);
        assert!(hands.press(2_000, 7));
        assert_eq!(
            hands.click(2_005, click(9, 0.0), &document),
            Whose::Script,
            "on mouse down"
        );
        hands.release(2_080);
        assert_eq!(hands.click(2_081, click(7, 50.0), &document), Whose::Hand);
        assert_eq!(hands.click(2_083, click(8, 50.0), &document), Whose::Label);
        assert_eq!(
            hands.click(2_500, click(7, 0.0), &document),
            Whose::Script,
            "no press of its own"
        );
        hands.focus(7);
        assert_eq!(hands.click(5_000, click(7, 0.0), &document), Whose::Key);
        assert_eq!(hands.click(5_500, click(8, 0.0), &document), Whose::Script);
        assert!(!hands.press(6_000, 7));
        hands.release(9_000);
        assert_eq!(
            hands.click(9_001, click(6, 50.0), &document),
            Whose::Hand,
            "held, and changed"
        );
        hands.script_is_next();
        assert_eq!(hands.click(9_500, click(7, 0.0), &document), Whose::Script);
    }
}
