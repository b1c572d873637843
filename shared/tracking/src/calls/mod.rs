//! What becomes of each call: a folder each, with `mod.rs` (the rules), `plan.rs` and `tests.rs`.

pub(crate) mod alias;
pub(crate) mod group;
pub(crate) mod identify;
pub(crate) mod page;
pub(crate) mod screen;
pub(crate) mod track;
