//! `track`: something that somebody did.
//!

mod metadata;
mod plan;

pub(crate) use plan::plan;
