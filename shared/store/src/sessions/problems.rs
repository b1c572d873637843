//! The problems of a session: from its summary to where they are counted.
//!
//! What is to be counted is saved with the summary ([`Recordings::save_summary`]), then it is counted, then
//! it is noted as done. A run that dies in between leaves it due, and a later one does it; one that is done
//! twice counts nothing twice.
//!
//! [`Recordings::save_summary`]: crate::Recordings::save_summary

use std::iter;

use identity::{PersonId, SessionId};
use table::{Conditional, nested};

use crate::Error;
use crate::problems::Problems;
use crate::problems::brought::Brought;
use crate::problems::occurrence::{Entry, Occurrence};
use crate::problems::told::occurrences;
use crate::sessions::activity::clock_offset;
use crate::sessions::meta::Meta;
use crate::sessions::progress::{Advance, Progress};
use crate::sessions::{Sessions, rows};

impl Sessions<'_> {
    /// Whether an earlier run has brought problems and did not come to counting them, or counted them
    /// for whom the session belonged to then.
    #[must_use]
    pub fn owes_problems(self, progress: &Progress) -> bool {
        let Progress {
            session, person, ..
        } = progress;
        self.are_due(session, person.as_ref(), &progress.brought)
    }

    /// Whether some of these are to be counted for the one whom the session belongs to.
    pub(crate) fn are_due(
        self,
        session: &SessionId,
        person: Option<&PersonId>,
        brought: &Brought,
    ) -> bool {
        if brought.entries().is_empty() {
            return false;
        }
        let visitor = Problems::of(self.scope).visitor(session, person);
        let brought = brought.with(visitor.person, iter::empty());
        !brought.due().is_empty()
    }

    /// Counts the problems that a session has brought, once [`crate::Recordings::save_summary`] has saved
    /// this summary. What has been counted before costs nothing.
    ///
    /// # Errors
    /// [`table::Error::Contended`] when too many others count the same at this moment,
    /// [`table::Error::Unavailable`] when the table does not answer: run again.
    pub async fn count_problems(self, progress: &Progress, advance: &Advance) -> Result<(), Error> {
        let mut told = told(progress, advance);
        let brought = self.brought(progress, &told);
        let due = brought.due();
        told.retain(|occurrence| due.contains(&occurrence.entry()));
        if told.is_empty() {
            return Ok(());
        }
        let problems = Problems::of(self.scope);
        let visitor = problems.visitor(&progress.session, progress.person.as_ref());
        problems
            .count(visitor, &told, progress.retention_days)
            .await?;
        let counted = told.iter().map(Occurrence::entry).collect::<Vec<_>>();
        self.settle(&progress.session, &brought, &counted).await
    }

    /// What the session will have brought with this summary.
    pub(crate) fn bringing(self, progress: &Progress, advance: &Advance) -> Brought {
        self.brought(progress, &told(progress, advance))
    }

    fn brought(self, progress: &Progress, told: &[Occurrence]) -> Brought {
        if told.is_empty() && progress.brought.entries().is_empty() {
            return Brought::default();
        }
        let problems = Problems::of(self.scope);
        let visitor = problems.visitor(&progress.session, progress.person.as_ref());
        let entries = told
            .iter()
            .map(|occurrence| (occurrence.entry(), occurrence.kind));
        progress.brought.with(visitor.person, entries)
    }

    /// Notes which of them are counted, unless another run has saved more.
    async fn settle(
        self,
        session: &SessionId,
        brought: &Brought,
        counted: &[Entry],
    ) -> Result<(), Error> {
        self.scope
            .table
            .update(&rows::meta(self.scope.organization, session))
            .update_expression("SET brought = :settled")
            .condition_expression("brought = :brought")
            .expression_attribute_values(":brought", nested(brought)?)
            .expression_attribute_values(":settled", nested(&brought.settled(counted))?)
            .attempt("count a problem")
            .await?;
        Ok(())
    }

    /// Takes a session out of all that it has brought.
    pub(crate) async fn forget_problems(
        self,
        session: &SessionId,
        meta: &Meta,
    ) -> Result<(), Error> {
        let problems = Problems::of(self.scope);
        problems.forget(session, meta.brought.entries()).await
    }
}

/// What a run's summary tells of problems.
fn told(progress: &Progress, advance: &Advance) -> Vec<Occurrence> {
    let Some(summary) = &advance.summary else {
        return Vec::new();
    };
    let offset = clock_offset(summary, advance.received_at);
    let told = occurrences(&progress.session, summary, offset, advance.received_at);
    progress.brought.dated(told)
}
