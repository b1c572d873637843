//! The second that an event is told for.
//!
//! Of two events of one contact, name and second, Intercom keeps one. So two different ones are told a
//! second apart, and the same one, told again, has the second that it had before.

use identity::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use table::{Attempt, Conditional, number, parse, text};

use super::rows;
use crate::delivery::expires_after;
use crate::message::MessageKey;
use crate::{Error, OrganizationOutbox};

/// How long a run may take to tell an event before another one may: longer than a call can take.
const TELLING_LASTS: SignedDuration = SignedDuration::from_secs(60);

/// Seconds that are tried one after the other. A name that comes more often in one second than that is
/// told for the last of them, and some of it may be lost.
const SECONDS_TRIED: i64 = 300;

/// An event's second.
#[derive(Serialize, Deserialize)]
struct SlotRow {
    /// Whose it is.
    message: String,
    /// Who tells it.
    run: String,
    /// Until when, ms.
    until: i64,
    expires: i64,
}

/// Which second an event has.
pub(crate) enum Slot {
    /// This one; Unix seconds. The caller tells it.
    Ours(i64),
    /// Somebody tells it at this moment, until then at the latest.
    BeingTold(Timestamp),
}

/// Which event it is about.
#[derive(Clone, Copy)]
pub(crate) struct SlotOf<'a> {
    pub(crate) workspace: &'a WorkspaceId,
    pub(crate) contact: &'a str,
    pub(crate) event_name: &'a str,
    pub(crate) message: &'a MessageKey,
    pub(crate) run: &'a str,
}

impl OrganizationOutbox<'_> {
    /// Takes a second for an event: its own, unless another event has it.
    pub(crate) async fn take_slot(
        &self,
        of: SlotOf<'_>,
        created_at: i64,
        now: Timestamp,
    ) -> Result<Slot, Error> {
        let until = now.checked_add(TELLING_LASTS).unwrap_or(Timestamp::MAX);
        let message = of.message.to_string();
        for second in created_at..created_at.saturating_add(SECONDS_TRIED) {
            let key = rows::slot(
                self.organization,
                (of.workspace, of.contact),
                (of.event_name, second),
            );
            let row = SlotRow {
                message: message.clone(),
                run: of.run.to_owned(),
                until: until.as_millisecond(),
                expires: expires_after(now),
            };
            let put = self
                .table
                .put(&key, &row)?
                .condition_expression(
                    "attribute_not_exists(PK) \
                     OR (message = :message AND (#until < :now OR #run = :run))",
                )
                .expression_attribute_names("#until", "until")
                .expression_attribute_names("#run", "run")
                .expression_attribute_values(":message", text(&message))
                .expression_attribute_values(":run", text(of.run))
                .expression_attribute_values(":now", number(now.as_millisecond()))
                .attempt("take a second for an event")
                .await?;
            match put {
                Attempt::Done(_) => return Ok(Slot::Ours(second)),
                Attempt::Refused(row) => {
                    let row: SlotRow = parse("an event's second", row)?;
                    if row.message == message {
                        let until = Timestamp::from_millisecond(row.until).unwrap_or(until);
                        return Ok(Slot::BeingTold(until));
                    }
                }
            }
        }
        Ok(Slot::Ours(created_at.saturating_add(SECONDS_TRIED)))
    }

    /// Lets another run tell the event at once: this one could not.
    pub(crate) async fn let_go_of_slot(&self, of: SlotOf<'_>, second: i64) -> Result<(), Error> {
        let key = rows::slot(
            self.organization,
            (of.workspace, of.contact),
            (of.event_name, second),
        );
        self.table
            .update(&key)
            .update_expression("SET #until = :never")
            .condition_expression("#run = :run")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":never", number(0))
            .expression_attribute_values(":run", text(of.run))
            .attempt("let go of an event's second")
            .await?;
        Ok(())
    }
}
