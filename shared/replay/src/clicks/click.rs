//! One click, and what is known of its effects.

use serde::{Deserialize, Serialize};

use super::background::Surroundings;
use super::touch::{Touch, Touched};
use crate::definitions::{DEAD_MS, REQUEST_ANSWER_MS, SLOW_MS};
use crate::document::Document;
use crate::event::NodeId;

/// One click: where it went, and what is known of its effects.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// A control or link; clicks elsewhere may select text.
    pub(super) interactive: bool,
    /// What the page did on its own before; `None` if it was at rest.
    pub(super) surroundings: Option<Box<Surroundings>>,
    pub(super) response_at: Option<i64>,
    /// The first mutation that came too late to be a prompt response.
    pub(super) late_at: Option<i64>,
    /// It got a response of its own at once.
    pub(super) answered: bool,
    pub(super) selected_text: bool,
    pub(super) failed: bool,
    pub(super) threw: bool,
    /// A request was started; when it ended.
    pub(super) request_ended_at: Option<i64>,
    /// When watching ended; `None` while it goes on.
    pub(super) closed_at: Option<i64>,
}

impl Click {
    pub(super) fn respond(&mut self, at: i64) {
        if self.closed_at.is_some_and(|closed| at > closed) {
            return;
        }
        let waited = at - self.opened_at;
        let first = |known: Option<i64>| Some(known.map_or(at, |known| known.min(at)));
        if waited <= DEAD_MS {
            self.response_at = first(self.response_at);
        } else if waited <= SLOW_MS {
            self.late_at = first(self.late_at);
        }
    }

    pub(super) fn answer_in(
        &self,
        touched: &Touched,
        size: usize,
        document: &Document,
    ) -> Option<Touch> {
        let mut touches = touched.touches.iter().copied();
        match self.surroundings.as_deref() {
            _ if self.closed_at.is_some() => None,
            None => touches.next(),
            Some(surroundings) => touches.find(|touch| {
                surroundings.admits(touch.node, size, (self.target, self.control), document)
            }),
        }
    }

    pub(super) fn close(&mut self, at: i64) {
        self.closed_at.get_or_insert(at);
    }

    /// Whether a late mutation is the answer to the click's own request.
    pub(super) fn late_answer_to_request(&self) -> bool {
        matches!((self.late_at, self.request_ended_at), (Some(late), Some(ended))
            if (late - ended).abs() <= REQUEST_ANSWER_MS)
    }
}
