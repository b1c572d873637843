//! `group`: a company, and the person belongs to it.
//!

mod plan;

pub(crate) use plan::plan;
