//! One click, and what is known of its effects.

mod stored;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::background::{Background, Surroundings};
use super::effect::Effect;
use super::touch::{Touch, Touched};
use crate::definitions::{
    DEAD_MS, MAX_ANSWERS, MAX_OPEN_CLICKS, NEAR_TARGET_LEVELS, RAGE_ANSWER_MS, REQUEST_ANSWER_MS,
    SLOW_MS,
};
use crate::document::Document;
use crate::event::NodeId;

/// One click: where it went, and what is known of its effects.
#[derive(Debug, Clone)]
pub(super) struct Click {
    pub(super) at: i64,
    /// When its press began: a menu may open on mouse down.
    pub(super) opened_at: i64,
    pub(super) target: NodeId,
    pub(super) control: NodeId,
    pub(super) page: u32,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) label: Box<str>,
    /// Somebody who clicks this expects an answer.
    pub(super) expects_answer: bool,
    pub(super) in_text_field: bool,
    /// A control, link or field; clicks elsewhere may select text.
    pub(super) interactive: bool,
    /// Its answer may be one that no recording shows.
    pub(super) is_unshown: bool,
    /// Its recorder may not tell what it did.
    pub(super) is_unproven: bool,
    /// A key was pressed on what has the focus.
    pub(super) by_key: bool,
    /// No press of any kind has been recorded before it: perhaps presses are not recorded at all.
    pub(super) is_unpressed: bool,
    /// What the page did on its own before; `None` if it was at rest.
    pub(super) surroundings: Option<Box<Surroundings>>,
    /// What may be its answer: mostly one thing.
    pub(super) answers: SmallVec<[Answer; 1]>,
    /// What began right after it; most clicks have nothing of it.
    pub(super) caused: Option<Box<Caused>>,
    /// A masked field that was written to: its text may stay the same while its value changes.
    pub(super) wrote_masked: Option<NodeId>,
    /// The field beside the control, or 0: a stepper's.
    pub(super) beside_field: NodeId,
    pub(super) selected_text: bool,
    /// When watching ended; `None` while it goes on.
    pub(super) closed_at: Option<i64>,
    /// What came anyway has been taken out.
    pub(super) is_settled: bool,
}

/// What a click may have caused beside an answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Caused {
    pub(super) requests: Vec<Request>,
    pub(super) errors: Vec<Error>,
}

/// An effect that may be the answer to a click.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Answer {
    /// Milliseconds from the press: short, for there are as many as clicks.
    pub(super) after: i64,
    /// `None` for what surely is one, such as another page.
    pub(super) effect: Option<Effect>,
    /// It came before anything else was pressed, at once: this click had an answer of its own.
    pub(super) at_once: bool,
    /// It stands at the control itself.
    pub(super) is_near: bool,
}

/// A request, as far as a click is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) started_at: i64,
    pub(crate) ended_at: i64,
    /// Whether it is known when it began; else it is told of when it ended.
    pub(crate) is_timed: bool,
    /// Which one it is: two with the same kind ask the same thing.
    pub(crate) kind: u32,
    /// It goes to another site.
    pub(crate) is_elsewhere: bool,
}

/// An error, as far as a click is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Error {
    pub(super) at: i64,
    pub(super) kind: u32,
    pub(super) thrown: bool,
    /// No other click came between.
    pub(super) is_after_latest: bool,
    /// It follows every press, so it tells nothing of this control.
    pub(super) follows_presses: bool,
}

impl Click {
    /// Takes what may be its answer.
    pub(super) fn respond(&mut self, at: i64, effect: Option<Effect>, at_once: bool) {
        let after = at - self.opened_at;
        let is_over = self.closed_at.is_some_and(|closed| at > closed);
        if is_over || after > SLOW_MS {
            return;
        }
        let at_once = at_once && at - self.at <= RAGE_ANSWER_MS;
        let has_room = self.answers.len() < MAX_ANSWERS;
        let is_known = self.answers.iter_mut().find(|known| known.effect == effect);
        match is_known {
            Some(known) => {
                known.after = known.after.min(after);
                known.at_once |= at_once;
            }
            None if has_room => self.answers.push(Answer {
                after,
                effect,
                at_once,
                is_near: false,
            }),
            None => {}
        }
    }

    /// Takes a touch of a node that may be its answer.
    pub(super) fn touched(&mut self, at: i64, node: NodeId, at_once: bool, document: &Document) {
        let known = self.answers.len();
        self.respond(at, Some(Effect::Node(node)), at_once);
        let (target, control) = (self.target, self.control);
        if let Some(answer) = self.answers.get_mut(known) {
            let mut near = document.ancestry(target, NEAR_TARGET_LEVELS);
            answer.is_near = near.any(|near| near == node) || document.is_within(node, control);
        }
    }

    /// The touches of a mutation that may be its answer.
    pub(super) fn answers_in(
        &self,
        at: i64,
        touched: &Touched,
        background: &Background,
        document: &Document,
    ) -> impl Iterator<Item = Touch> {
        let click = (self.target, self.control);
        let may_answer = move |touch: &Touch| {
            let Some(surroundings) = self.surroundings.as_deref() else {
                return true;
            };
            surroundings.admits(touch.node, touched.size, click, document)
                || surroundings.knows(touch.node)
                    && background.is_out_of_turn(touch.node, at, self.waited(at))
        };
        let is_closed = self.closed_at.is_some();
        let room = if is_closed { 0 } else { MAX_ANSWERS / 2 };
        let touches = touched.touches.iter().copied();
        touches.filter(may_answer).take(room)
    }

    /// How long ago it was pressed or clicked, whichever came last before `at`.
    pub(super) fn waited(&self, at: i64) -> i64 {
        at - if at >= self.at {
            self.at
        } else {
            self.opened_at
        }
    }

    pub(super) fn started(&mut self, request: Request) {
        let caused = self.caused.get_or_insert_default();
        if caused.requests.len() < MAX_ANSWERS {
            caused.requests.push(request);
        }
    }

    pub(super) fn failed(&mut self, error: Error) {
        let caused = self.caused.get_or_insert_default();
        if caused.errors.len() < MAX_OPEN_CLICKS {
            caused.errors.push(error);
        }
    }

    /// Requests that began right after it.
    pub(super) fn requests(&self) -> &[Request] {
        self.caused.as_ref().map_or(&[], |caused| &caused.requests)
    }

    /// Errors right after it.
    fn errors(&self) -> &[Error] {
        self.caused.as_ref().map_or(&[], |caused| &caused.errors)
    }

    pub(super) fn close(&mut self, at: i64) {
        self.closed_at.get_or_insert(at);
    }

    /// Whether it got a response, and no later than a prompt one comes.
    pub(super) fn is_answered(&self) -> bool {
        self.answers.iter().any(|answer| answer.after <= DEAD_MS)
    }

    /// Whether it got a response of its own at once.
    pub(super) fn is_answered_at_once(&self) -> bool {
        self.answers.iter().any(|answer| answer.at_once)
    }

    /// The first response that came too late to be a prompt one.
    pub(super) fn late_at(&self) -> Option<i64> {
        let waits = self.answers.iter().map(|answer| answer.after);
        let first = waits.filter(|after| *after > DEAD_MS).min();
        first.map(|after| self.opened_at + after)
    }

    /// Whether a late response is the answer to one of the click's own requests.
    pub(super) fn is_answer_to_request(&self, late: i64) -> bool {
        let mut requests = self.requests().iter();
        requests.any(|request| (late - request.ended_at).abs() <= REQUEST_ANSWER_MS)
    }

    /// Whether the page's code threw because of it.
    pub(super) fn threw(&self) -> bool {
        let mut errors = self.errors().iter();
        errors.any(|error| error.thrown && error.is_after_latest)
    }

    /// Whether something failed that does not fail at every press.
    pub(super) fn has_failed(&self) -> bool {
        self.errors().iter().any(|error| !error.follows_presses)
    }
}
