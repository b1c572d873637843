//! Sessions of unknown visitors that may be a contact's.

pub(crate) mod candidates;
pub(crate) mod hints;

use crate::scope::Scope;

/// Sessions of an organization's unknown visitors that may be a contact's.
#[derive(Debug, Clone, Copy)]
pub struct Matching<'a> {
    scope: Scope<'a>,
}

impl<'a> Matching<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }
}
