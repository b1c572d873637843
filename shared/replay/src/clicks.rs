//! Clicks and what came of them.
//!
//! A click waits for its response for up to seven seconds. What it needs to be judged is gathered while
//! events pass ([`Clicks`]); the judgement itself is made when a summary is asked for ([`judge`]), because a
//! request that ends a minute later can still tell that the click did something.

mod background;
mod click;
mod effect;
mod effects;
mod feedback;
mod hands;
mod judge;
mod settle;
mod touch;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::definitions::{
    FOCUS_MOVES_MS, FOCUS_RESPONSE_MS, MAX_JUDGED_CLICKS, MAX_OPEN_CLICKS, PRESS_BEFORE_CLICK_MS,
    RAGE_GAP_MS, SIDE_EFFECT_MS, SLOW_MS,
};
use crate::document::{Document, Place};
use crate::event::{NodeId, Pointer, PointerAction};
use background::Background;
use click::Click;
pub(crate) use click::Request;
use effect::Effect;
use feedback::Feedback;
use hands::{Hands, Whose};
pub(crate) use judge::{Episode, Episodes, judge};

/// All clicks of a session.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Clicks {
    clicks: Vec<Click>,
    /// Index of the first click that still waits for its response.
    open_from: usize,
    /// Index of the first click from which what comes anyway has not been taken out.
    settled: usize,
    /// All clicks, also those beyond the bound of what is judged.
    total: u64,
    /// The latest press, until it becomes a click.
    pressed: Option<Click>,
    /// Presses of what is switched off, which make no clicks.
    refused: Vec<Refused>,
    pub(crate) hands: Hands,
    /// When an element lost the focus, as long as nothing else has got it.
    blurred_at: Option<i64>,
    feedback: Feedback,
    background: Background,
    /// Whether drawings are recorded.
    draws: bool,
    /// Counts visits of pages: clicks on different pages are never one episode.
    page: u32,
}

/// Presses of one control that is switched off, one soon after another.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Refused {
    at: i64,
    last_at: i64,
    control: NodeId,
    presses: u64,
    label: Box<str>,
}

impl Clicks {
    /// Takes a press, release or click, or a move of the focus. True if somebody's hand did it.
    pub(crate) fn pointer(&mut self, at: i64, pointer: Pointer, document: &Document) -> bool {
        self.close_expired(at);
        let by_hand = match pointer.action {
            PointerAction::Press => self.press(at, pointer, document),
            PointerAction::Click => self.click(at, pointer, document),
            PointerAction::Release => {
                self.hands.release(at);
                true
            }
            PointerAction::Focus => {
                self.focus(at, pointer.id, document);
                false
            }
            PointerAction::Blur => {
                self.blur(at);
                false
            }
        };
        if by_hand {
            self.background.interaction(at);
        }
        by_hand
    }

    fn press(&mut self, at: i64, pointer: Pointer, document: &Document) -> bool {
        self.blurred_at = None;
        if self.hands.press(at, pointer.id) {
            self.forget_unpressed();
        }
        let place = document.place(pointer.id);
        if place.is_disabled {
            let control = place.control.unwrap_or(pointer.id);
            self.refuse(at, control, || document.label(control, place));
        }
        if self.clicks.len() < MAX_JUDGED_CLICKS {
            let click = self.opened(at, pointer, place, document);
            self.watch_feedback(&click);
            self.feedback.press(at);
            self.pressed = Some(click);
        }
        true
    }

    /// What is switched off makes no click, and whoever presses it again and again is told of all the same.
    fn refuse(&mut self, at: i64, control: NodeId, label: impl FnOnce() -> String) {
        let has_room = self.refused.len() < MAX_JUDGED_CLICKS;
        let goes_on = self
            .refused
            .last_mut()
            .filter(|refused| refused.control == control && at - refused.last_at <= RAGE_GAP_MS);
        match goes_on {
            Some(refused) => {
                refused.last_at = at;
                refused.presses += 1;
            }
            None if has_room => self.refused.push(Refused {
                at,
                last_at: at,
                control,
                presses: 1,
                label: label().into(),
            }),
            None => {}
        }
    }

    /// Presses are recorded after all: clicks without one were a script's.
    fn forget_unpressed(&mut self) {
        let before = self.clicks.len();
        self.clicks.retain(|click| !click.is_unpressed);
        self.total -= (before - self.clicks.len()) as u64;
        self.settled = self.clicks.iter().filter(|click| click.is_settled).count();
        let is_open = |click: &Click| click.closed_at.is_none();
        self.open_from = self
            .clicks
            .iter()
            .position(is_open)
            .unwrap_or(self.clicks.len());
    }

    fn click(&mut self, at: i64, pointer: Pointer, document: &Document) -> bool {
        let mut whose = self.hands.click(at, pointer, document);
        if whose == Whose::Key {
            // A show that presses its own buttons in turn presses the one that has the focus, too.
            let shown = self.background.occurrences(Effect::ScriptClick).around(at);
            if shown.keep_time(at, i64::MAX) {
                whose = Whose::Script;
            }
        }
        match whose {
            Whose::Hand | Whose::Key | Whose::Perhaps => {}
            Whose::Label if !document.chooses_file(pointer.id) => return false,
            Whose::Label | Whose::Script => {
                self.script_click(at, pointer.id, document);
                return false;
            }
        }
        self.total += 1;
        if self.clicks.len() >= MAX_JUDGED_CLICKS {
            return true;
        }
        let pressed = self.pressed.take().filter(|pressed| {
            at - pressed.opened_at <= PRESS_BEFORE_CLICK_MS
                && (pressed.target == pointer.id
                    || document.control(pointer.id) == Some(pressed.control))
        });
        let mut click = pressed
            .unwrap_or_else(|| self.opened(at, pointer, document.place(pointer.id), document));
        click.at = at;
        (click.x, click.y) = (pointer.x, pointer.y);
        click.by_key = whose == Whose::Key;
        click.is_unpressed = whose == Whose::Perhaps;
        self.watch_feedback(&click);
        self.feedback.click(click.opened_at, at);
        for other in &mut self.clicks[self.open_from..] {
            if other.control != click.control {
                other.close(click.opened_at);
            }
        }
        self.clicks.push(click);
        while self.clicks.len() - self.open_from > MAX_OPEN_CLICKS {
            self.close_first(at);
        }
        self.advance();
        true
    }

    /// A press focuses what is pressed. When the focus goes elsewhere after the click, the page moved it: to
    /// the field that is not valid, into a dialog.
    fn focus(&mut self, at: i64, id: NodeId, document: &Document) {
        self.blurred_at = None;
        self.hands.focus(id);
        let effect = Effect::Focus(id);
        if let Some(click) = self.latest(at, FOCUS_RESPONSE_MS)
            && at >= click.at
            && !document.is_within(id, click.control)
            && !document.is_within(click.target, id)
        {
            click.respond(at, Some(effect), true);
        }
        self.background.happened(at, effect);
    }

    /// What is pressed takes the focus from elsewhere. Where nothing was pressed, and nothing else gets the
    /// focus, the window has lost it: to a file chooser, a mail program, another window.
    fn blur(&mut self, at: i64) {
        self.hands.blur();
        if !self.hands.pressed_within(at, FOCUS_MOVES_MS) {
            self.blurred_at = Some(at);
        }
    }

    fn opened(&self, at: i64, pointer: Pointer, place: Place, document: &Document) -> Click {
        let target = pointer.id;
        let control = place.control.unwrap_or(target);
        let is_unshown = place.is_unshown
            || document.opens_next(control)
            || (!self.draws && document.is_beside_unshown(control));
        Click {
            at,
            opened_at: at,
            target,
            control,
            page: self.page,
            x: pointer.x,
            y: pointer.y,
            label: document.label(control, place).into(),
            expects_answer: place.control.is_some() && !place.in_link && !place.in_field,
            in_text_field: place.in_text_field,
            interactive: place.control.is_some() || place.in_link || place.in_field,
            is_unshown,
            is_unproven: false,
            by_key: false,
            is_unpressed: false,
            surroundings: self.background.around(at, target, document).map(Box::new),
            answers: SmallVec::new(),
            caused: None,
            wrote_masked: None,
            beside_field: document.field_beside(control),
            selected_text: false,
            closed_at: None,
            is_settled: false,
        }
    }

    /// Watches the control of this press; what was seen of another one is settled first.
    fn watch_feedback(&mut self, click: &Click) {
        if self.feedback.control != click.control {
            self.settle_feedback();
            self.feedback = Feedback::of(click.control);
        }
    }

    /// Tells the open clicks on the watched control when it answered.
    fn settle_feedback(&mut self) {
        let answers = self.feedback.answers();
        let mut next_press = i64::MAX;
        for click in self.clicks[self.open_from..].iter_mut().rev() {
            if click.control != self.feedback.control {
                continue;
            }
            let opened_at = click.opened_at;
            for answer in answers.iter().filter(|answer| **answer >= opened_at) {
                click.respond(*answer, None, *answer < next_press);
            }
            next_press = click.opened_at;
        }
    }

    fn open(&mut self) -> &mut [Click] {
        &mut self.clicks[self.open_from..]
    }

    /// The click that an effect at `at` most likely belongs to.
    fn latest(&mut self, at: i64, within: i64) -> Option<&mut Click> {
        self.clicks
            .last_mut()
            .filter(|click| at >= click.opened_at && at - click.at <= within)
    }

    /// The latest clicks that may have caused what happened at `at`.
    fn caused(&mut self, at: i64) -> &mut [Click] {
        let end = self.clicks.partition_point(|click| click.opened_at <= at);
        let start = self
            .clicks
            .partition_point(|click| click.at < at - SIDE_EFFECT_MS)
            .max(end.saturating_sub(MAX_OPEN_CLICKS));
        self.clicks.get_mut(start..end).unwrap_or_default()
    }

    fn close_expired(&mut self, now: i64) {
        if self.blurred_at.is_some_and(|at| now - at > FOCUS_MOVES_MS)
            && let Some(at) = self.blurred_at.take()
        {
            self.window_left(at);
        }
        while let Some(click) = self.clicks.get(self.open_from) {
            if click.closed_at.is_none() && now - click.opened_at <= SLOW_MS {
                break;
            }
            let end = click.opened_at + SLOW_MS;
            self.close_first(end);
        }
        self.settle_until(now);
    }

    fn close_first(&mut self, at: i64) {
        if self
            .clicks
            .get(self.open_from)
            .is_some_and(|click| click.control == self.feedback.control)
        {
            self.settle_feedback();
        }
        if let Some(click) = self.clicks.get_mut(self.open_from) {
            click.close(at);
            click.surroundings = None;
            self.open_from += 1;
        }
    }

    /// Moves past clicks that are closed.
    fn advance(&mut self) {
        while self
            .clicks
            .get(self.open_from)
            .is_some_and(|click| click.closed_at.is_some())
        {
            self.clicks[self.open_from].surroundings = None;
            self.open_from += 1;
        }
    }

    /// The data ends here.
    fn finish(&mut self, at: i64) {
        self.close_expired(at);
        self.settle_feedback();
        self.open().iter_mut().for_each(|click| click.close(at));
        self.settle_all();
    }

    /// Another page, by loading or by a route change. Every waiting click has its answer or gets none.
    pub(crate) fn navigated(&mut self, at: i64) {
        self.page_responded(at);
        self.settle_feedback();
        self.open().iter_mut().for_each(|click| click.close(at));
        self.advance();
        self.pressed = None;
        self.feedback = Feedback::default();
        self.background.interaction(at);
        self.page += 1;
    }

    /// The nodes of the former page are gone.
    pub(crate) fn document_replaced(&mut self) {
        self.settle_all();
        self.background.clear();
        self.hands.document_replaced();
        self.blurred_at = None;
    }

    /// The same page was recorded anew, with other ids.
    pub(crate) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        let new = |id: NodeId| numbers.get(&id).copied().unwrap_or(id);
        let page = self.page;
        for click in self.clicks.iter_mut().chain(self.pressed.as_mut()) {
            if click.page == page {
                click.target = new(click.target);
                click.control = new(click.control);
                for answer in &mut click.answers {
                    answer.effect = answer.effect.map(|effect| effect.renumbered(numbers));
                }
                if let Some(surroundings) = &mut click.surroundings {
                    surroundings.renumber(numbers);
                }
            }
        }
        self.hands.renumber(numbers);
        self.feedback.renumber(numbers);
        self.background.renumber(numbers);
    }
}
