//! What a contact or a company was told, and who may tell it more at this moment.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use table::{Attempt, Conditional, Key, nested, number, parse, text};

use super::contact_map::remembered_until;
use super::marks::Marks;
use crate::{Error, OrganizationOutbox};

/// How long somebody may tell a contact things before it counts as abandoned: longer than all the calls
/// that one event can need, and no longer than a run that was killed is to hold up others.
pub(crate) const TELLING_LASTS: SignedDuration = SignedDuration::from_secs(60);

/// What was told.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// When each field and attribute was last said; of a contact also to which companies it belongs.
    pub(crate) marks: Marks,
    /// Of a company, Intercom's own id. Of a contact, the hash of its e-mail address.
    pub(crate) id: Option<String>,
}

#[derive(Deserialize)]
struct ToldRow {
    #[serde(default)]
    marks: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    until: i64,
}

/// What was told, and the right to tell more.
pub(crate) enum Turn {
    /// It is the caller's turn.
    Ours(Told),
    /// It is somebody else's until then, at the latest.
    Theirs(Timestamp),
}

impl OrganizationOutbox<'_> {
    /// Takes the turn to tell a contact or company something. `run`: who takes it; whoever has it may
    /// take it again.
    pub(crate) async fn take_turn(
        &self,
        key: &Key,
        run: &str,
        now: Timestamp,
    ) -> Result<Turn, Error> {
        let until = now.checked_add(TELLING_LASTS).unwrap_or(Timestamp::MAX);
        let attempt = self
            .table
            .update(key)
            .update_expression("SET #until = :until, #run = :run, expires = :expires")
            .condition_expression("attribute_not_exists(#until) OR #until < :now OR #run = :run")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":until", number(until.as_millisecond()))
            .expression_attribute_values(":now", number(now.as_millisecond()))
            .expression_attribute_values(":run", text(run))
            .expression_attribute_values(":expires", number(remembered_until(now)))
            .return_values(ReturnValue::AllNew)
            .attempt("take the turn to tell a contact")
            .await?;
        match attempt {
            Attempt::Done(row) => {
                let row: ToldRow = parse("what a contact was told", row)?;
                Ok(Turn::Ours(Told {
                    marks: Marks::new(row.marks, &self.key),
                    id: row.id,
                }))
            }
            Attempt::Refused(row) => {
                let row: ToldRow = parse("what a contact was told", row)?;
                let until = Timestamp::from_millisecond(row.until).unwrap_or(until);
                Ok(Turn::Theirs(until))
            }
        }
    }

    /// Notes what was told and gives the turn away; `false` when it was taken away meanwhile: then
    /// nothing is noted, and all of it is done again.
    pub(crate) async fn end_turn(&self, key: &Key, run: &str, told: &Told) -> Result<bool, Error> {
        let mut changes = "SET marks = :marks".to_owned();
        let mut update = self
            .table
            .update(key)
            .expression_attribute_values(":marks", nested(&told.marks.0)?);
        if let Some(id) = &told.id {
            changes += ", id = :id";
            update = update.expression_attribute_values(":id", text(id));
        }
        let attempt = update
            .update_expression(changes + " REMOVE #until, #run")
            .condition_expression("#run = :run")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":run", AttributeValue::S(run.to_owned()))
            .attempt("note what a contact was told")
            .await?;
        Ok(attempt.is_done())
    }

    /// Gives the turn away, with nothing told.
    pub(crate) async fn give_turn_away(&self, key: &Key, run: &str) -> Result<(), Error> {
        self.table
            .update(key)
            .update_expression("REMOVE #until, #run")
            .condition_expression("#run = :run")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#run", "run")
            .expression_attribute_values(":run", text(run))
            .attempt("give the turn away")
            .await?;
        Ok(())
    }

    /// Forgets what a contact or company was told: it is gone.
    pub(crate) async fn forget_told(&self, key: &Key) -> Result<(), Error> {
        Ok(self.table.remove("forget what was told", key).await?)
    }
}
