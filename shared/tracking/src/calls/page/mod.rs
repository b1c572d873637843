//! `page`: Intercom has no place for pages from a server. (In a browser the Messenger is told to update.)
//!
//! Source: Segment's document, "Page".

mod plan;
#[cfg(test)]
mod tests;

pub(crate) use plan::plan;
