//! What is known of a contact, and how much of it the aliases show.

use identity::matching::PossibleMatch;
use identity::{AliasHash, ContactFacts};
use jiff::Timestamp;
use jiff::fmt::serde::timestamp::millisecond;
use serde::Deserialize;
use table::{Conditional, Item, nested, number, parse};

use crate::Error;
use crate::people::{Contacts, rows};

/// The row, apart from its key.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ContactRow {
    pub(crate) facts: ContactFacts,
    /// Counts the changes of `facts`.
    pub(crate) version: u64,
    /// The version of the facts that the aliases show, all of it: less than `version` after a crash.
    pub(crate) projected: u64,
    /// When Intercom last said something new, by its clock; `None` in rows that were there before that was
    /// written.
    #[serde(with = "millisecond::optional")]
    pub(crate) heard_at: Option<Timestamp>,
    /// A session that may be the contact's.
    pub(crate) possible: Option<PossibleMatch>,
    pub(crate) expires: i64,
}

impl ContactRow {
    pub(crate) fn parse(item: Item) -> Result<Self, table::Error> {
        parse("contact", item)
    }
}

impl Contacts<'_> {
    /// Writes the facts of a contact unless somebody else has since they were read.
    pub(crate) async fn put_facts(
        self,
        contact: &AliasHash,
        row: &ContactRow,
    ) -> Result<bool, Error> {
        let heard_at = row.heard_at.unwrap_or(Timestamp::UNIX_EPOCH);
        let condition = match row.version {
            1 => "attribute_not_exists(version)",
            _ => "version = :before",
        };
        let mut request = self
            .scope
            .table
            .update(&rows::contact(self.scope.organization, contact))
            .update_expression(
                "SET facts = :facts, version = :version, expires = :expires, heard_at = :heard_at",
            )
            .condition_expression(condition)
            .expression_attribute_values(":facts", nested(&row.facts)?)
            .expression_attribute_values(":version", number(row.version.cast_signed()))
            .expression_attribute_values(":expires", number(row.expires))
            .expression_attribute_values(":heard_at", number(heard_at.as_millisecond()));
        if row.version > 1 {
            let before = row.version.cast_signed() - 1;
            request = request.expression_attribute_values(":before", number(before));
        }
        Ok(request.attempt("apply a statement").await?.is_done())
    }

    /// Notes that the aliases show the facts of that version, unless there are newer ones, whose writer will.
    pub(crate) async fn note_projected(
        self,
        contact: &AliasHash,
        version: u64,
    ) -> Result<(), Error> {
        self.scope
            .table
            .update(&rows::contact(self.scope.organization, contact))
            .update_expression("SET projected = :version")
            .condition_expression("version = :version")
            .expression_attribute_values(":version", number(version.cast_signed()))
            .attempt("apply a statement")
            .await?;
        Ok(())
    }
}
