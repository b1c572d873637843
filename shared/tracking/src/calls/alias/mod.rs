//! `alias`: the person has another user id from now on.
//!
//! Needs `userId` and another `previousId`. Whoever sends it decides whether the contact gets the new
//! id, or the old id leads to the contact of the new one.

mod plan;
#[cfg(test)]
mod tests;

pub(crate) use plan::plan;
