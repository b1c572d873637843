//! Filters, templates and HTML as whoever writes a message meets them.

#![allow(clippy::unwrap_used, missing_docs)] // All of it is tests.

mod filter;
mod html;
mod person;
mod template;
