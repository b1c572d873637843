//! `screen`: as `page`.
//!
//! Source: Segment's document, "Page".

mod plan;

pub(crate) use plan::plan;
