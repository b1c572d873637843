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

/// Which calls a fault is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    /// Those of an operation, as in `PutItem` or `SendMessage`; of S3 as in `PUT`.
    Operation(&'static str),
    /// All that change something.
    Write,
}

/// How an answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// The connection ends without a byte of it.
    Closed,
    /// An error of the server's comes instead, which does not say whether the call was done.
    ServerError,
}

impl Which {
    fn is(self, asked: &Asked) -> bool {
        match self {
            Self::Operation(operation) => asked.operation == operation,
            Self::Write => asked.is_write(),
        }
    }
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
    everywhere: Vec<Fault>,
    /// Calls that have gone wrong and are to be right the next time.
    begun: HashSet<String>,
}

#[derive(Debug)]
struct Step {
    which: Which,
    after: usize,
    times: usize,
    fault: Fault,
}

impl Plan {
    /// What happens to every call that it can happen to, the first time.
    pub(super) fn everywhere(&mut self, fault: Fault) {
        self.everywhere.push(fault);
    }

    /// What happens to some calls, so many times after so many of them.
    pub(super) fn at(&mut self, which: Which, after: usize, times: usize, fault: Fault) {
        self.steps.push(Step {
            which,
            after,
            times,
            fault,
        });
    }

    /// What happens to this call, if anything.
    pub(super) fn next(&mut self, asked: &Asked) -> Option<Fault> {
        for step in &mut self.steps {
            if step.which.is(asked) && step.times > 0 {
                if step.after == 0 {
                    step.times -= 1;
                    return Some(step.fault);
                }
                step.after -= 1;
            }
        }
        let mut faults = self.everywhere.iter().copied();
        let fault = faults.find(|fault| fault.concerns(asked))?;
        let is_due = match fault {
            Fault::LoseAnswer(_) => asked.is_first_attempt(&mut self.begun),
            Fault::Refuse(_) => asked.is_first_meeting(&mut self.begun),
            // What is left is a smaller batch, and in the end one that has no half.
            Fault::LeaveUnprocessed => true,
        };
        is_due.then_some(fault)
    }
}
