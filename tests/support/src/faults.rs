//! What the real services do and an emulator does not: answers that are lost after the write was done,
//! refusals, batches done in part, reads that are behind. On demand.
//!
//! They happen on the line between a client and the table (`line`), where every attempt of a call passes. A
//! bucket and a queue (`bucket`, `queue`) lose their answers by the same plan, so that a write is a write
//! wherever it goes.

mod batches;
mod line;
mod losses;
mod refusal;
mod stale;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use losses::Loss;
pub use refusal::Refusal;

use losses::{Losses, Which};

pub(crate) use line::{CALL, INVOCATION, LOST, Line};

/// What is to go wrong on a line. Clones share one plan.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Debug, Default)]
struct Plan {
    losses: Losses,
    /// An operation, what it is answered, and how often still.
    refusals: Vec<(&'static str, Refusal, usize)>,
    /// Batches that are done in part only.
    partial_batches: usize,
    /// Where reads that may be behind are answered.
    stale: Option<String>,
}

impl Faults {
    /// Loses the answer of a call of this operation, after so many that are answered: it is done, and its
    /// caller is told `InternalServerError`.
    pub fn lose_answer(&self, operation: &'static str, nth: usize, loss: Loss) {
        self.plan().losses.arm(Which::Of(operation), nth, loss);
    }

    /// The same for a write of any kind, after so many that are answered: to the table, the bucket or a
    /// queue.
    pub fn lose_answer_of_write(&self, nth: usize, loss: Loss) {
        self.plan().losses.arm(Which::Any, nth, loss);
    }

    /// The names of the writes since the last look, in order. A call counts once, whatever its attempts.
    pub fn take_writes(&self) -> Vec<String> {
        self.plan().losses.take_writes()
    }

    /// Refuses so many attempts of this operation: none of them is done.
    pub fn refuse(&self, operation: &'static str, refusal: Refusal, times: usize) {
        self.plan().refusals.push((operation, refusal, times));
    }

    /// Leaves the latter half of each of the next batches undone, at least one key or row, and says so.
    pub fn leave_unprocessed(&self, batches: usize) {
        self.plan().partial_batches = batches;
    }

    /// Forgets what was still to go wrong. Reads stay behind, if they are.
    pub fn clear(&self) {
        let mut plan = self.plan();
        plan.losses.disarm();
        plan.refusals.clear();
        plan.partial_batches = 0;
    }

    /// Notes a write that is no call of the table's; what is to become of its answer.
    pub(crate) fn write(&self, name: &str) -> Option<Loss> {
        self.plan().losses.write(name)
    }

    /// The refusal that an attempt meets, if it does.
    fn take_refusal(&self, operation: &str) -> Option<Refusal> {
        let mut plan = self.plan();
        let position = plan
            .refusals
            .iter()
            .position(|(refused, _, _)| *refused == operation)?;
        let (_, refusal, times) = &mut plan.refusals[position];
        let refusal = refusal.clone();
        *times = times.saturating_sub(1);
        if *times == 0 {
            plan.refusals.remove(position);
        }
        Some(refusal)
    }

    /// Whether this batch is to be done in part.
    fn takes_part_of_batch(&self) -> bool {
        let mut plan = self.plan();
        let left = plan.partial_batches.checked_sub(1);
        plan.partial_batches = left.unwrap_or_default();
        left.is_some()
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
