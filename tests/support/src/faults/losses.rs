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

    /// An attempt of a call of the table's that was answered; whether its answer is lost.
    ///
    /// A call that is refused at its first attempt loses nothing: its answer says what the next one would say.
    pub(super) fn is_lost(
        &mut self,
        operation: &str,
        call: &str,
        is_write: bool,
        is_done: bool,
    ) -> bool {
        let loss = match self.under_way.get(call) {
            Some(loss) => *loss,
            None if !is_done => return false,
            None if is_write => {
                let by_environment = answers_are_lost().then_some(Loss::First);
                self.write(operation).or(by_environment)
            }
            None => self.next(operation, false),
        };
        let left = loss.filter(|loss| *loss == Loss::All);
        self.under_way.insert(call.to_owned(), left);
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
