//! Problems: the same error, failed request, rage or dead click at many people.
//!
//! A run of `summarize` counts what its session has brought, once a day and problem ([`Problems::count`]).
//! The panel asks who else had it ([`Problems::seen`]), pages and the API ask for the most frequent
//! ([`Problems::list`]) and for one ([`Problems::find`]).

pub(crate) mod brought;
pub(crate) mod count;
pub(crate) mod day_row;
pub(crate) mod days;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod occurrence;
pub(crate) mod place;
pub(crate) mod rows;
pub(crate) mod sample;
pub(crate) mod seen;
pub(crate) mod told;

use crate::scope::Scope;

/// An organization's problems.
#[derive(Debug, Clone, Copy)]
pub struct Problems<'a> {
    scope: Scope<'a>,
}

impl<'a> Problems<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}
