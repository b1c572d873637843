//! Which writes lose their answers.

use std::collections::HashMap;

use crate::answers_are_lost;

/// How many of a call's answers are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// That of the first attempt: whoever called repeats it without telling anybody.
    First,
    /// All of them: whoever called is told of an error, although it was done.
    All,
}

/// A call whose answer is to be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// A write of any kind.
    Any,
    /// A call of this operation.
    Of(&'static str),
}

/// An attempt of a call of the table's, which was answered.
pub(super) struct Attempt<'a> {
    pub(super) operation: &'a str,
    /// The id that all attempts of the call bear.
    pub(super) call: &'a str,
    pub(super) is_write: bool,
    pub(super) adds_a_number: bool,
    /// Whether it was done, and not refused.
    pub(super) is_done: bool,
}

#[derive(Debug, Default)]
pub(super) struct Losses {
    /// With how many calls of that kind to come before it.
    armed: Vec<(Which, usize, Loss)>,
    writes: Vec<String>,
    /// What is still to be lost of the calls under way, by the id that all attempts of a call bear.
    under_way: HashMap<String, Option<Loss>>,
}

impl Losses {
    pub(super) fn arm(&mut self, which: Which, nth: usize, loss: Loss) {
        self.armed.push((which, nth, loss));
    }

    pub(super) fn disarm(&mut self) {
        self.armed.clear();
    }

    pub(super) fn take_writes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.writes)
    }

    /// A call that writes; what is to become of its answer.
    pub(super) fn write(&mut self, name: &str) -> Option<Loss> {
        self.writes.push(name.to_owned());
        self.next(name, true)
    }

    /// Whether the answer of an attempt is lost.
    ///
    /// A call that is refused at its first attempt loses nothing: its answer says what the next one would
    /// say.
    pub(super) fn is_lost(&mut self, attempt: &Attempt<'_>) -> bool {
        let Attempt {
            operation, call, ..
        } = attempt;
        let loss = match self.under_way.get(*call) {
            Some(loss) => *loss,
            None if !attempt.is_done => return false,
            None if attempt.is_write => {
                // What is added twice counts twice, as the product says of its numbers: tests that count need
                // not know.
                let is_lost_anyway = answers_are_lost() && !attempt.adds_a_number;
                self.write(operation)
                    .or(is_lost_anyway.then_some(Loss::First))
            }
            None => self.next(operation, false),
        };
        let left = loss.filter(|loss| *loss == Loss::All);
        self.under_way.insert((*call).to_owned(), left);
        loss.is_some()
    }

    fn next(&mut self, name: &str, is_write: bool) -> Option<Loss> {
        let mut met = None;
        for (position, (which, before, _)) in self.armed.iter_mut().enumerate() {
            let is_meant = match which {
                Which::Any => is_write,
                Which::Of(operation) => *operation == name,
            };
            match before.checked_sub(1) {
                _ if !is_meant => {}
                Some(left) => *before = left,
                None => met = Some(position),
            }
        }
        met.map(|position| self.armed.remove(position).2)
    }
}
