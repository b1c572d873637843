//! A click as it is stored.
//!
//! A long session has thousands of them, and each run reads and writes all. So times are counted from the
//! press, which makes them short, marks are bits, and what few clicks have stands apart.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

use super::{Answer, Caused, Click};
use crate::clicks::background::Surroundings;
use crate::event::NodeId;

/// Borrowed from the click to be written, owned when it is read.
#[derive(Serialize, Deserialize)]
struct Stored<Label, Answers, Rest> {
    marks: u16,
    opened_at: i64,
    /// Milliseconds from the press, as `closed` is.
    clicked: i64,
    closed: Option<i64>,
    target: NodeId,
    control: NodeId,
    page: u32,
    x: f32,
    y: f32,
    label: Label,
    answers: Answers,
    /// What few clicks have.
    rest: Option<Rest>,
}

/// As it stands in a click: surroundings, what it caused, masked field, field beside.
type Rest<Surroundings, Caused> = (Option<Surroundings>, Option<Caused>, Option<NodeId>, NodeId);

type Owned = Stored<Box<str>, SmallVec<[Answer; 1]>, Rest<Box<Surroundings>, Box<Caused>>>;

fn bits<const N: usize>(marks: [bool; N]) -> u16 {
    let in_order = marks.into_iter().rev();
    in_order.fold(0, |bits, mark| bits << 1 | u16::from(mark))
}

fn marks<const N: usize>(bits: u16) -> [bool; N] {
    std::array::from_fn(|nth| bits >> nth & 1 == 1)
}

impl Serialize for Click {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Wrapping there and back gives any number back.
        let since = |at: i64| at.wrapping_sub(self.opened_at);
        let marks = bits([
            self.expects_answer,
            self.in_text_field,
            self.interactive,
            self.is_unshown,
            self.is_unproven,
            self.by_key,
            self.is_unpressed,
            self.selected_text,
            self.is_settled,
        ]);
        let has_rest = self.surroundings.is_some()
            || self.caused.is_some()
            || self.wrote_masked.is_some()
            || self.beside_field != 0;
        let rest: Rest<&Surroundings, &Caused> = (
            self.surroundings.as_deref(),
            self.caused.as_deref(),
            self.wrote_masked,
            self.beside_field,
        );
        let stored = Stored {
            marks,
            opened_at: self.opened_at,
            clicked: since(self.at),
            closed: self.closed_at.map(since),
            target: self.target,
            control: self.control,
            page: self.page,
            x: self.x,
            y: self.y,
            label: &self.label,
            answers: self.answers.as_slice(),
            rest: has_rest.then_some(rest),
        };
        stored.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Click {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Owned::deserialize(deserializer)?;
        let at = |since: i64| stored.opened_at.wrapping_add(since);
        let [
            expects_answer,
            in_text_field,
            interactive,
            is_unshown,
            is_unproven,
            by_key,
            is_unpressed,
            selected_text,
            is_settled,
        ] = marks(stored.marks);
        let (surroundings, caused, wrote_masked, beside_field) = stored.rest.unwrap_or_default();
        Ok(Self {
            at: at(stored.clicked),
            opened_at: stored.opened_at,
            target: stored.target,
            control: stored.control,
            page: stored.page,
            x: stored.x,
            y: stored.y,
            label: stored.label,
            expects_answer,
            in_text_field,
            interactive,
            is_unshown,
            is_unproven,
            by_key,
            is_unpressed,
            surroundings,
            answers: stored.answers,
            caused,
            wrote_masked,
            beside_field,
            selected_text,
            closed_at: stored.closed.map(at),
            is_settled,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clicks::click::{Error, Request};
    use crate::clicks::effect::Effect;

    #[test]
    fn a_click_is_read_as_it_was_stored() {
        let answer = Answer {
            after: 250,
            effect: Some(Effect::Scroll(7)),
            at_once: true,
            is_near: false,
        };
        let request = Request {
            started_at: 900,
            ended_at: 4_000,
            is_timed: true,
            kind: 3,
            is_elsewhere: false,
        };
        let error = Error {
            at: 1_300,
            kind: 4,
            thrown: true,
            is_after_latest: false,
            follows_presses: true,
        };
        let caused = Box::new(Caused {
            requests: vec![request],
            errors: vec![error],
        });
        for marked in 0..9 {
            let is = |nth| nth == marked;
            let click = Click {
                at: 1_100,
                opened_at: 1_000,
                target: 5,
                control: 6,
                page: 2,
                x: 1.5,
                y: 2.5,
                label: "\"Pay\"".into(),
                expects_answer: is(0),
                in_text_field: is(1),
                interactive: is(2),
                is_unshown: is(3),
                is_unproven: is(4),
                by_key: is(5),
                is_unpressed: is(6),
                surroundings: is(0).then(Box::default),
                answers: [answer].into_iter().collect(),
                caused: is(3).then(|| caused.clone()),
                wrote_masked: is(1).then_some(8),
                beside_field: 9,
                selected_text: is(7),
                closed_at: is(2).then_some(8_000),
                is_settled: is(8),
            };
            let state = postcard::to_allocvec(&click).unwrap();
            let read: Click = postcard::from_bytes(&state).unwrap();
            assert_eq!(format!("{read:?}"), format!("{click:?}"));
        }
    }
}
