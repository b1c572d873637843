//! What the pressed control does to itself: a press animation, or an answer?
//!
//! A class that is set on mouse down and taken back on mouse up, a style that a timer restores, a ripple that
//! comes and goes: they show that something was pressed, not that anything came of it. They are told from
//! answers by their end: what is back as it was within a second was an animation. Unless every press made
//! exactly one change at once: then it was a toggle, and did what it should.

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use crate::definitions::{PRESS_ANIMATION_MS, TOGGLE_MS};
use crate::document::AttributeChange;
use crate::event::NodeId;

/// The changes of one control since the first of a row of presses.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Feedback {
    pub(super) control: NodeId,
    /// Presses and the clicks they became.
    presses: Vec<Press>,
    flips: Vec<Flip>,
    /// Wordless additions: node, when it came, when it went.
    additions: Vec<(NodeId, i64, Option<i64>)>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Press {
    pressed_at: i64,
    clicked_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Flip {
    at: i64,
    node: NodeId,
    attribute: u32,
    before: u32,
    after: u32,
}

/// More than any row of presses needs; what comes beyond is not looked at.
const MAX_CHANGES: usize = 500;

impl Feedback {
    pub(super) fn of(control: NodeId) -> Self {
        Self {
            control,
            ..Self::default()
        }
    }

    pub(super) fn press(&mut self, at: i64) {
        if self.presses.len() < MAX_CHANGES {
            self.presses.push(Press {
                pressed_at: at,
                clicked_at: None,
            });
        }
    }

    pub(super) fn click(&mut self, pressed_at: i64, at: i64) {
        let room = self.presses.len() < MAX_CHANGES;
        match self.presses.last_mut() {
            Some(press) if press.pressed_at == pressed_at => press.clicked_at = Some(at),
            _ if room => self.presses.push(Press {
                pressed_at,
                clicked_at: Some(at),
            }),
            _ => {}
        }
    }

    pub(super) fn changed(&mut self, at: i64, node: NodeId, change: AttributeChange) {
        if change.before != change.after && self.flips.len() < MAX_CHANGES {
            self.flips.push(Flip {
                at,
                node,
                attribute: change.attribute,
                before: change.before,
                after: change.after,
            });
        }
    }

    pub(super) fn added(&mut self, at: i64, node: NodeId) {
        if self.additions.len() < MAX_CHANGES {
            self.additions.push((node, at, None));
        }
    }

    /// Whether this node came as part of the feedback; then its going is part of it as well.
    pub(super) fn removed(&mut self, at: i64, node: NodeId) -> bool {
        let addition = self.additions.iter_mut().rev().find(|(id, ..)| *id == node);
        addition.is_some_and(|(_, _, gone)| {
            gone.get_or_insert(at);
            true
        })
    }

    /// When the control answered, earliest first.
    pub(super) fn answers(&self) -> Vec<i64> {
        let mut answers: Vec<i64> = self
            .additions
            .iter()
            .filter(|(_, came, gone)| gone.is_none_or(|gone| gone - came > PRESS_ANIMATION_MS))
            .map(|(_, came, _)| *came)
            .collect();
        let mut rows: HashMap<(NodeId, u32), Vec<Flip>> = HashMap::new();
        for flip in &self.flips {
            rows.entry((flip.node, flip.attribute))
                .or_default()
                .push(*flip);
        }
        for row in rows.values() {
            answers.extend(self.answers_of(row));
        }
        answers.sort_unstable();
        answers
    }

    /// The changes of one attribute that stayed, or that were made one by one.
    fn answers_of(&self, row: &[Flip]) -> Vec<i64> {
        if self.is_toggled(row) {
            return row.iter().map(|flip| flip.at).collect();
        }
        let Some(first) = row.first() else {
            return Vec::new();
        };
        let mut answers = Vec::new();
        let mut left_at = None;
        for flip in row {
            if flip.before == first.before {
                left_at = Some(flip.at);
            }
            if flip.after == first.before
                && let Some(left) = left_at.take()
                && flip.at - left > PRESS_ANIMATION_MS
            {
                answers.push(left);
            }
        }
        answers.extend(left_at);
        answers
    }

    /// Whether every press made exactly one change, at once.
    fn is_toggled(&self, row: &[Flip]) -> bool {
        let mut flips = row.iter();
        row.len() == self.presses.len()
            && self.presses.iter().all(|press| {
                flips.next().is_some_and(|flip| {
                    let soon_after = |moment: i64| (0..=TOGGLE_MS).contains(&(flip.at - moment));
                    soon_after(press.pressed_at) || press.clicked_at.is_some_and(soon_after)
                })
            })
    }

    pub(super) fn renumber(&mut self, numbers: &HashMap<NodeId, NodeId>) {
        let new = |id: &NodeId| numbers.get(id).copied().unwrap_or(*id);
        self.control = new(&self.control);
        self.flips
            .iter_mut()
            .for_each(|flip| flip.node = new(&flip.node));
        self.additions
            .iter_mut()
            .for_each(|addition| addition.0 = new(&addition.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASS: u32 = 1;

    /// Presses (each clicked 40 ms later) and the class's values over time, starting with 0.
    fn answers(presses: &[i64], values: &[(i64, u32)]) -> Vec<i64> {
        let mut feedback = Feedback::of(1);
        for at in presses {
            feedback.press(*at);
            feedback.click(*at, at + 40);
        }
        let mut before = 0;
        for (at, after) in values {
            let change = AttributeChange {
                attribute: CLASS,
                before,
                after: *after,
            };
            feedback.changed(*at, 1, change);
            before = *after;
        }
        feedback.answers()
    }

    #[test]
    fn an_animation_is_no_answer_and_a_lasting_change_is() {
        for (name, presses, values, expected) in [
            ("down and up", &[0][..], &[(1, 7), (41, 0)][..], &[][..]),
            ("restored by a timer", &[0], &[(1, 7), (300, 0)], &[]),
            (
                "restored late: copied!",
                &[0],
                &[(41, 7), (2_041, 0)],
                &[41],
            ),
            ("stays", &[0], &[(41, 7)], &[41]),
            (
                "animates, then stays",
                &[0],
                &[(1, 7), (41, 0), (45, 8)],
                &[45],
            ),
            (
                "a row of animations",
                &[0, 170, 340],
                &[(1, 7), (41, 0), (171, 7), (211, 0), (341, 7), (381, 0)],
                &[],
            ),
            (
                "a slow animation, pressed on",
                &[0, 170, 340],
                &[(1, 7), (200, 0), (341, 7), (370, 0)],
                &[],
            ),
            (
                "a toggle, twice",
                &[0, 300],
                &[(41, 7), (341, 0)],
                &[41, 341],
            ),
            (
                "a toggle, thrice",
                &[0, 300, 600],
                &[(41, 7), (341, 0), (641, 7)],
                &[41, 341, 641],
            ),
        ] {
            assert_eq!(answers(presses, values), expected, "{name}");
        }
    }

    #[test]
    fn a_ripple_is_no_answer_and_an_icon_is() {
        let mut feedback = Feedback::of(1);
        feedback.added(0, 5);
        feedback.added(10, 6);
        assert!(feedback.removed(550, 5));
        assert!(!feedback.removed(550, 7));
        assert_eq!(feedback.answers(), [10]);
    }
}
