//! `identify`: who somebody is.
//!

mod fields;
mod plan;

pub(crate) use plan::plan;
