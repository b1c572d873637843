//! What the page does after a click: every effect, whatever its kind, is remembered as background, and
//! offered to the clicks that may have caused it.

use smallvec::SmallVec;

use super::Clicks;
use super::background;
use super::click::{Click, Error, Request};
use super::effect::Effect;
use super::touch::{Touch, Touched, Way};
use crate::definitions::{
    CHOOSING_MS, DEAD_MS, ERROR_CLICK_MS, INPUT_RESPONSE_MS, PRESS_BEFORE_CLICK_MS,
    SCROLL_RESPONSE_MS, SIDE_EFFECT_MS, SLOW_MS, STANDSTILL_BEGINS_MS, UNTIMED_REQUEST_MS,
};
use crate::document::Document;
use crate::event::{Mutation, NodeId};
use crate::rhythm::Times;

impl Clicks {
    /// Takes a mutation and applies it to the document. What a hand types into an element of the page is no
    /// effect.
    pub(crate) fn mutation(
        &mut self,
        at: i64,
        mutation: &Mutation<'_>,
        typed_into: Option<NodeId>,
        document: &mut Document,
    ) {
        self.close_expired(at);
        let mut touched = Touched::by(mutation, document);
        if let Some(element) = typed_into {
            self.background.interaction(at);
            let is_typed = |node| document.is_within(node, element);
            touched.touches.retain(|touch| !is_typed(touch.node));
        }
        if typed_into.is_none() || !touched.touches.is_empty() {
            self.observe(at, touched, document);
        }
        for (id, attribute) in mutation.attributes() {
            if let Some(change) = document.set_attribute(id, attribute)
                && self.is_watched(id, document)
            {
                self.feedback.changed(at, id, change);
            }
        }
        for (id, text) in &mutation.texts {
            document.set_text(*id, *text);
        }
        document.apply_tree_changes(mutation);
    }

    /// A repaint without a mutation: a canvas, a style sheet.
    pub(crate) fn repaint(&mut self, at: i64, draws: bool, document: &Document) {
        self.close_expired(at);
        self.draws |= draws;
        self.observe(at, background::repaint(), document);
    }

    fn is_watched(&self, node: NodeId, document: &Document) -> bool {
        (self.pressed.is_some() || self.open_from < self.clicks.len())
            && document.is_within(node, self.feedback.control)
    }

    /// Lets every waiting click see whether this is its response.
    fn observe(&mut self, at: i64, mut touched: Touched, document: &Document) {
        self.background.mutation(at, &touched);
        if self.pressed.is_none() && self.open_from == self.clicks.len() {
            return; // Nothing waits for an answer.
        }
        let touches = &mut touched.touches;
        touches.retain(|touch| !self.is_feedback(at, *touch, document));
        let pressing = self
            .pressed
            .as_ref()
            .filter(|pressed| at - pressed.opened_at <= PRESS_BEFORE_CLICK_MS)
            .map(|pressed| pressed.control);
        let newest = self.clicks.len().wrapping_sub(1);
        let background = &self.background;
        let mut answers: SmallVec<[Touch; 8]> = SmallVec::new();
        let mut offer = |click: &mut Click, at_once: bool| {
            let known = answers.len();
            answers.extend(click.answers_in(at, &touched, background, document));
            for touch in &answers[known..] {
                click.touched(at, touch.node, at_once, document);
            }
        };
        for (index, click) in self.clicks.iter_mut().enumerate().skip(self.open_from) {
            // While something else is pressed, what happens is the answer to that.
            if pressing.is_none_or(|control| control == click.control) {
                offer(click, index == newest && pressing.is_none());
            }
        }
        if let Some(pressed) = &mut self.pressed {
            offer(pressed, true);
        }
        if !answers.is_empty() {
            let nodes = answers.iter().map(|touch| touch.node);
            self.background.answered(at, nodes);
        }
    }

    /// Whether the touch is the watched control's own play, which is noted as its feedback.
    fn is_feedback(&mut self, at: i64, touch: Touch, document: &Document) -> bool {
        let is_own = |clicks: &Self| clicks.is_watched(touch.node, document);
        match touch.way {
            Way::Attribute => is_own(self),
            Way::Wordless(added) if is_own(self) => {
                self.feedback.added(at, added);
                true
            }
            Way::Gone(removed) => is_own(self) && self.feedback.removed(at, removed),
            Way::Tree | Way::Wordless(_) | Way::Text => false,
        }
    }

    /// The user typed or chose something; or a script set the value of a field.
    pub(crate) fn input(&mut self, at: i64, id: NodeId, by_hand: bool, masked: bool) {
        if by_hand {
            self.background.interaction(at);
        }
        self.happened(at, Effect::Input(id), INPUT_RESPONSE_MS);
        if masked
            && !by_hand
            && let Some(click) = self.latest(at, INPUT_RESPONSE_MS)
        {
            click.wrote_masked = Some(id);
        }
    }

    pub(crate) fn scroll(&mut self, at: i64, id: NodeId) {
        self.happened(at, Effect::Scroll(id), SCROLL_RESPONSE_MS);
    }

    /// A video or sound started, stopped or was sought.
    pub(crate) fn media(&mut self, at: i64, id: NodeId) {
        self.happened(at, Effect::Media(id), DEAD_MS);
    }

    /// Something that no mutation shows, by its kind; it began at `at`.
    pub(crate) fn outside(&mut self, at: i64, kind: u32) {
        self.happened(at, Effect::Outside(kind), DEAD_MS);
    }

    fn happened(&mut self, at: i64, effect: Effect, within: i64) {
        self.close_expired(at);
        self.background.happened(at, effect);
        self.respond_within(at, Some(effect), within);
    }

    fn respond_within(&mut self, at: i64, effect: Option<Effect>, within: i64) {
        let newest = self.clicks.len().wrapping_sub(1);
        for (index, click) in self.clicks.iter_mut().enumerate().skip(self.open_from) {
            if at >= click.opened_at && at - click.at <= within {
                click.respond(at, effect, index == newest);
            }
        }
    }

    /// Another page came, or the tab was hidden.
    pub(crate) fn page_responded(&mut self, at: i64) {
        self.close_expired(at);
        self.respond_within(at, None, DEAD_MS);
    }

    /// The window has lost the focus at `at`, to something that the press opened.
    pub(super) fn window_left(&mut self, at: i64) {
        if let Some(click) = self.latest(at, DEAD_MS) {
            click.respond(at, None, true);
        }
    }

    /// The page pressed something of its own: a hidden link, a field for files, the next picture of a show.
    pub(super) fn script_click(&mut self, at: i64, id: NodeId, document: &Document) {
        self.background.happened(at, Effect::ScriptClick);
        let opens_chooser = document.chooses_file(id);
        if let Some(click) = self.latest(at, SIDE_EFFECT_MS) {
            let effect = (!opens_chooser).then_some(Effect::ScriptClick);
            click.respond(at, effect, true);
        }
    }

    /// The recorder has told that the next click is a script's.
    pub(crate) fn script_clicks_next(&mut self) {
        self.hands.script_is_next();
    }

    /// When the press began that has not become a click.
    pub(crate) fn pressed_at(&self) -> Option<i64> {
        self.pressed.as_ref().map(|pressed| pressed.opened_at)
    }

    /// The editable element that a mutation is typed into, if it has the focus.
    pub(crate) fn edits(
        &self,
        at: i64,
        mutation: &Mutation<'_>,
        document: &Document,
    ) -> Option<NodeId> {
        let editable = document.editable(self.hands.focused()?)?;
        let typed = mutation.texts.iter().map(|(id, _)| *id);
        let added = mutation.adds.roots.iter().map(|(_, parent, _)| *parent);
        let node = typed.chain(added).next()?;
        // What a button of the editor's bar does is an answer to that.
        let presses = self.clicks.last().into_iter().chain(&self.pressed);
        let by_a_button = presses
            .filter(|click| at - click.opened_at <= DEAD_MS)
            .any(|click| !document.is_within(click.target, editable));
        let is_typed = document.is_within(node, editable) && !by_a_button;
        is_typed.then_some(editable)
    }

    /// A file was chosen: the click before it has opened the browser's chooser, however long that took.
    pub(crate) fn file_chosen(&mut self, at: i64) {
        if let Some(click) = self.latest(at, CHOOSING_MS) {
            click.is_unshown = true;
        }
    }

    /// The page stood still until `at`: a place of the mouse since `from` waited so long. While a dialog
    /// of the browser is open nothing runs; what the click before it did is not known.
    pub(crate) fn stood_still(&mut self, from: i64, at: i64) {
        self.close_expired(at);
        let clicks = self.clicks.iter_mut().rev();
        for click in clicks.take_while(|click| click.at >= from - STANDSTILL_BEGINS_MS) {
            click.is_unshown |= click.at <= from + STANDSTILL_BEGINS_MS;
        }
    }

    /// The page as it stood may have been loaded anew: what the open clicks did is not known.
    pub(crate) fn perhaps_reloaded(&mut self, at: i64) {
        self.close_expired(at);
        for click in self.open() {
            click.is_unshown |= at - click.opened_at <= SLOW_MS;
        }
    }

    pub(crate) fn selection(&mut self, at: i64) {
        for click in self.caused(at) {
            click.selected_text = true;
        }
    }

    /// The page threw or logged an error; `kind` tells errors apart.
    pub(crate) fn error(&mut self, at: i64, kind: u32, thrown: bool) {
        self.close_expired(at);
        self.background.happened(at, Effect::Error(kind));
        let latest = self.latest(at, ERROR_CLICK_MS).map(|click| click.at);
        for click in self.caused(at) {
            click.failed(Error {
                at,
                kind,
                thrown,
                is_after_latest: latest == Some(click.at),
                follows_presses: false,
            });
        }
    }

    /// A request was made; it is told of when it has ended.
    pub(crate) fn request(&mut self, request: Request) {
        let (at, effect) = (request.started_at, Effect::Request(request.kind));
        let is_late = self.clicks.last().is_some_and(|click| click.is_settled);
        let times = match is_late {
            true => self.background.occurrences(effect).around(at),
            false => Times::default(),
        };
        self.background.happened(at, effect);
        for click in self.caused(at) {
            if !request.is_timed && at - click.at > UNTIMED_REQUEST_MS {
                continue; // It may have begun before.
            }
            // Long after the click, what comes anyway is known by now.
            if !click.is_settled || !times.bring(at, click.waited(at)) {
                click.started(request);
            }
        }
    }
}
