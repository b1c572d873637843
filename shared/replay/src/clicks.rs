//! Clicks and what came of them.
//!
//! A click waits for its response for up to seven seconds. What it needs to be judged is gathered while
//! events pass ([`Clicks`]); the judgement itself is made when a summary is asked for ([`judge`]), because a
//! request that ends a minute later can still tell that the click did something.

mod background;
mod click;
mod feedback;
mod judge;
mod touch;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::definitions::{
    DEAD_MS, ERROR_CLICK_MS, FOCUS_RESPONSE_MS, INPUT_RESPONSE_MS, MAX_JUDGED_CLICKS,
    MAX_OPEN_CLICKS, PRESS_BEFORE_CLICK_MS, RAGE_ANSWER_MS, SCROLL_RESPONSE_MS, SIDE_EFFECT_MS,
    SLOW_MS, SYNTHETIC_CLICK_MS,
};
use crate::document::Document;
use crate::event::{Mutation, NodeId, Pointer, PointerAction};
use background::Background;
use click::Click;
use feedback::Feedback;
pub(crate) use judge::{Episode, Episodes, judge};
use touch::{Touched, Way};

/// All clicks of a session.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Clicks {
    clicks: Vec<Click>,
    /// Index of the first click that still waits for its response.
    open_from: usize,
    /// All clicks, also those beyond the bound of what is judged.
    pub(crate) total: u64,
    /// The latest press, until it becomes a click.
    pressed: Option<Click>,
    /// The latest press and click, to recognise synthetic clicks.
    last_press: Option<(i64, NodeId)>,
    last_click: Option<(i64, NodeId)>,
    feedback: Feedback,
    background: Background,
    /// Counts visits of pages: clicks on different pages are never one episode.
    page: u32,
}

impl Clicks {
    /// Takes a press, release or click.
    pub(crate) fn pointer(&mut self, at: i64, pointer: Pointer, document: &Document) {
        self.close_expired(at);
        match pointer.action {
            PointerAction::Press => self.press(at, pointer, document),
            PointerAction::Click => self.click(at, pointer, document),
            PointerAction::Release => {}
            PointerAction::Focus => return self.focus(at, pointer.id, document),
            PointerAction::Blur => return,
        }
        self.background.interaction(at);
    }

    fn press(&mut self, at: i64, pointer: Pointer, document: &Document) {
        self.last_press = Some((at, pointer.id));
        if self.clicks.len() >= MAX_JUDGED_CLICKS {
            return;
        }
        let click = self.opened(at, pointer, document);
        self.watch_feedback(&click);
        self.feedback.press(at);
        self.pressed = Some(click);
    }

    fn click(&mut self, at: i64, pointer: Pointer, document: &Document) {
        let own_press = self
            .last_press
            .is_some_and(|(then, id)| id == pointer.id && at - then <= PRESS_BEFORE_CLICK_MS);
        let synthetic = !own_press
            && self
                .last_click
                .is_some_and(|(then, id)| id != pointer.id && at - then <= SYNTHETIC_CLICK_MS);
        if synthetic {
            return;
        }
        self.total += 1;
        self.last_click = Some((at, pointer.id));
        if self.clicks.len() >= MAX_JUDGED_CLICKS {
            return;
        }
        let pressed = self.pressed.take().filter(|pressed| {
            at - pressed.opened_at <= PRESS_BEFORE_CLICK_MS
                && (pressed.target == pointer.id
                    || document.control(pointer.id) == Some(pressed.control))
        });
        let mut click = pressed.unwrap_or_else(|| self.opened(at, pointer, document));
        click.at = at;
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
    }

    /// A press focuses what is pressed. When the focus goes elsewhere after the click, the page moved it: to
    /// the field that is not valid, into a dialog.
    fn focus(&mut self, at: i64, id: NodeId, document: &Document) {
        if let Some(click) = self.latest(at, FOCUS_RESPONSE_MS)
            && at >= click.at
            && !document.is_within(id, click.control)
            && !document.is_within(click.target, id)
        {
            click.respond(at);
            click.answered = true;
        }
    }

    fn opened(&self, at: i64, pointer: Pointer, document: &Document) -> Click {
        let target = pointer.id;
        let place = document.place(target);
        let control = place.control.unwrap_or(target);
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
            interactive: place.control.is_some() || place.in_link,
            surroundings: self.background.around(at, target, document).map(Box::new),
            response_at: None,
            late_at: None,
            answered: false,
            selected_text: false,
            failed: false,
            threw: false,
            request_ended_at: None,
            closed_at: None,
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
                click.respond(*answer);
                click.answered |= *answer < next_press && *answer - click.at <= RAGE_ANSWER_MS;
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

    /// Takes a mutation and applies it to the document.
    pub(crate) fn mutation(&mut self, at: i64, mutation: &Mutation<'_>, document: &mut Document) {
        self.close_expired(at);
        let touched = Touched::by(mutation, document);
        self.observe(at, &touched, document);
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
    pub(crate) fn repaint(&mut self, at: i64, document: &Document) {
        self.close_expired(at);
        self.observe(at, &background::repaint(), document);
    }

    fn is_watched(&self, node: NodeId, document: &Document) -> bool {
        (self.pressed.is_some() || self.open_from < self.clicks.len())
            && document.is_within(node, self.feedback.control)
    }

    /// Lets every waiting click see whether this is its response.
    fn observe(&mut self, at: i64, touched: &Touched, document: &Document) {
        self.background.mutation(at, touched);
        if self.pressed.is_none() && self.open_from == self.clicks.len() {
            return; // Nothing waits for an answer.
        }
        let direct = self.without_feedback(at, touched, document);
        let mut answers = Touched::default();
        let pressing = self
            .pressed
            .as_ref()
            .filter(|pressed| at - pressed.opened_at <= PRESS_BEFORE_CLICK_MS)
            .map(|pressed| pressed.control);
        let newest = self.clicks.len().wrapping_sub(1);
        for (index, click) in self.clicks.iter_mut().enumerate().skip(self.open_from) {
            // While something else is pressed, what happens is the answer to that.
            if pressing.is_some_and(|control| control != click.control) {
                continue;
            }
            if let Some(answer) = click.answer_in(&direct, touched.size, document) {
                click.respond(at);
                click.answered |=
                    index == newest && pressing.is_none() && at - click.at <= RAGE_ANSWER_MS;
                answers.touches.push(answer);
            }
        }
        if let Some(pressed) = &mut self.pressed
            && let Some(answer) = pressed.answer_in(&direct, touched.size, document)
        {
            pressed.respond(at);
            pressed.answered = true;
            answers.touches.push(answer);
        }
        if !answers.touches.is_empty() {
            self.background.answered(at, &answers);
        }
    }

    /// The touches that are not the watched control's own play; that is noted as its feedback.
    fn without_feedback(&mut self, at: i64, touched: &Touched, document: &Document) -> Touched {
        let mut direct = Touched::default();
        for touch in &touched.touches {
            let own = matches!(touch.way, Way::Attribute | Way::Wordless(_) | Way::Gone(_))
                && self.is_watched(touch.node, document);
            match touch.way {
                Way::Attribute if own => {}
                Way::Wordless(added) if own => self.feedback.added(at, added),
                Way::Gone(removed) if own && self.feedback.removed(at, removed) => {}
                _ => direct.touches.push(*touch),
            }
        }
        direct
    }

    /// The user typed or chose something.
    pub(crate) fn input(&mut self, at: i64) {
        self.background.interaction(at);
        self.respond_within(at, INPUT_RESPONSE_MS);
    }

    pub(crate) fn scroll(&mut self, at: i64) {
        self.respond_within(at, SCROLL_RESPONSE_MS);
    }

    /// A video started or stopped, or the tab was hidden.
    pub(crate) fn page_responded(&mut self, at: i64) {
        self.respond_within(at, DEAD_MS);
    }

    fn respond_within(&mut self, at: i64, within: i64) {
        self.close_expired(at);
        let newest = self.clicks.len().wrapping_sub(1);
        for (index, click) in self.clicks.iter_mut().enumerate().skip(self.open_from) {
            if at - click.at <= within {
                click.respond(at);
                click.answered |= index == newest && at - click.at <= RAGE_ANSWER_MS;
            }
        }
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
        self.background.clear();
    }

    /// The same page was recorded anew, with other ids.
    pub(crate) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        let new = |id: NodeId| numbers.get(&id).copied().unwrap_or(id);
        let page = self.page;
        for click in self.clicks.iter_mut().chain(self.pressed.as_mut()) {
            if click.page == page {
                click.target = new(click.target);
                click.control = new(click.control);
                if let Some(surroundings) = &mut click.surroundings {
                    surroundings.renumber(numbers);
                }
            }
        }
        for (_, id) in self.last_press.iter_mut().chain(&mut self.last_click) {
            *id = new(*id);
        }
        self.feedback.renumber(numbers);
        self.background.renumber(numbers);
    }

    pub(crate) fn selection(&mut self, at: i64) {
        for click in self.caused(at) {
            click.selected_text = true;
        }
    }

    /// The page threw or logged an error.
    pub(crate) fn error(&mut self, at: i64, thrown: bool) {
        if thrown && let Some(click) = self.latest(at, ERROR_CLICK_MS) {
            click.threw = true;
        }
        for click in self.caused(at) {
            click.failed = true;
        }
    }

    /// A request was made; it is told of when it has ended.
    pub(crate) fn request(&mut self, started_at: i64, ended_at: i64) {
        for click in self.caused(started_at) {
            click.request_ended_at.get_or_insert(ended_at);
        }
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
        while let Some(click) = self.clicks.get(self.open_from) {
            if click.closed_at.is_none() && now - click.opened_at <= SLOW_MS {
                break;
            }
            let end = click.opened_at + SLOW_MS;
            self.close_first(end);
        }
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
    }
}
