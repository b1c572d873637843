//! The bundle's pages in a real browser.

// What a test needs done for it fails as the test itself would.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod accessibility;
mod beside;
mod collector;
mod companion;
mod driver;
mod firefox;
mod hostile;
mod inbox;
mod recorder;
mod recording;
mod recordings;
mod server;
mod settings;
mod shop;
mod site;
mod surviving;
mod telling;
mod tracked;
mod trap;
mod trouble;
mod viewer;
mod visitor;
mod window;
