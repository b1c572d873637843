//! The pages as templates see them.

mod list;
mod problem;
mod row;
pub(crate) mod words;

pub(crate) use list::ListPage;
pub(crate) use problem::ProblemPage;

/// The stylesheet of these pages.
pub(crate) const STYLES: &str = include_str!("../../templates/problems.css");
