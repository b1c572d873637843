//! `screen`: as `page`.
//!
//! Source: Segment's document, "Page".

mod plan;
#[cfg(test)]
mod tests;

pub(crate) use plan::plan;
