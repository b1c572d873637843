//! Where a problem stands among those of its day: what lists go by.
//!
//! The place is coarse, a power of two of people: so a problem that thousands have changes it a dozen times,
//! and lists, which read the problems themselves, put them in order.

use jiff::civil::Date;
use replay::{Fingerprint, MomentKind};
use serde::{Deserialize, Serialize};
use table::{Conditional, number};

use crate::Error;
use crate::problems::{Problems, rows};

/// A place among a day's problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Whether nobody had it before that day.
    pub(crate) is_new: bool,
    /// How many binary digits the number of people has.
    pub(crate) power: u32,
}

/// The row, apart from its key.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PlaceRow {
    pub(crate) kind: MomentKind,
    /// How often the problem had changed its place.
    moves: u32,
    expires: i64,
}

impl Problems<'_> {
    /// Has lists find a problem at a place, unless it has moved on already.
    pub(crate) async fn put_place(
        self,
        (day, fingerprint): (Date, Fingerprint),
        place: Place,
        (kind, moves, expires): (MomentKind, u32, i64),
    ) -> Result<(), Error> {
        let at = (place.is_new, place.power);
        let key = rows::listed_problem(self.scope.organization, day, at, fingerprint);
        let row = PlaceRow {
            kind,
            moves,
            expires,
        };
        self.scope
            .table
            .put(&key, &row)?
            .condition_expression("attribute_not_exists(PK) OR moves < :moves")
            .expression_attribute_values(":moves", number(moves))
            .attempt("list a problem")
            .await?;
        Ok(())
    }

    /// Has lists not find it there any more, unless it has come back.
    pub(crate) async fn leave_place(
        self,
        (day, fingerprint): (Date, Fingerprint),
        place: Place,
        moves: u32,
    ) -> Result<(), Error> {
        let at = (place.is_new, place.power);
        let key = rows::listed_problem(self.scope.organization, day, at, fingerprint);
        self.scope
            .table
            .delete(&key)
            .condition_expression("attribute_not_exists(PK) OR moves <= :moves")
            .expression_attribute_values(":moves", number(moves))
            .attempt("list a problem")
            .await?;
        Ok(())
    }
}
