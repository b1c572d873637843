//! Sessions of unknown visitors that may be a contact's.

pub(crate) mod candidates;
pub(crate) mod hints;
