//! Which calls go wrong, and how.

use std::collections::HashSet;

use super::answer::Refusal;
use super::asked::Asked;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is done, and whoever asked does not learn of it.
    LoseAnswer(Loss),
    /// It is not done.
    Refuse(Refusal),
    /// Of a batch: a half of it is not done.
    LeaveUnprocessed,
}

/// How an answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The connection ends without a byte of it.
    Closed,
    /// An error of the server's comes instead, which does not say whether the call was done.
    ServerError,
}

impl Fault {
    /// Whether this can happen to a call at all.
    fn concerns(self, asked: &Asked) -> bool {
        let is_batch = asked.operation.starts_with("Batch");
        match self {
            Self::LoseAnswer(_) => asked.is_write(),
            Self::Refuse(_) => asked.is_of_dynamodb() && asked.is_write() && !is_batch,
            Self::LeaveUnprocessed => asked.is_of_dynamodb() && is_batch,
        }
    }
}

/// What is to go wrong from now on.
#[derive(Debug, Default)]
pub(super) struct Plan {
    steps: Vec<Step>,
    everywhere: Option<Fault>,
    /// Calls that have gone wrong and are to be right the next time.
    begun: HashSet<String>,
}

#[derive(Debug)]
struct Step {
    operation: &'static str,
    after: usize,
    times: usize,
    fault: Fault,
}

impl Plan {
    /// What happens to every call that it can happen to, the first time.
    pub(super) fn everywhere(&mut self, fault: Fault) {
        self.everywhere = Some(fault);
    }

    /// What happens to calls of an operation, so many times after so many calls.
    pub(super) fn at(&mut self, operation: &'static str, after: usize, times: usize, fault: Fault) {
        self.steps.push(Step {
            operation,
            after,
            times,
            fault,
        });
    }

    /// What happens to this call, if anything.
    pub(super) fn next(&mut self, asked: &Asked) -> Option<Fault> {
        for step in &mut self.steps {
            if step.operation == asked.operation && step.times > 0 {
                if step.after == 0 {
                    step.times -= 1;
                    return Some(step.fault);
                }
                step.after -= 1;
            }
        }
        let fault = self.everywhere.filter(|fault| fault.concerns(asked))?;
        let is_due = match fault {
            Fault::LoseAnswer(_) => asked.is_first_attempt(&mut self.begun),
            Fault::Refuse(_) => asked.is_first_meeting(&mut self.begun),
            // What is left is a smaller batch, and in the end one that has no half.
            Fault::LeaveUnprocessed => true,
        };
        is_due.then_some(fault)
    }
}
