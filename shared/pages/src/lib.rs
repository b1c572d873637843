//! What the pages for browsers share.
//!
//! - [`html`], [`failure`], [`navigation`]: pages, with the layout and the look that all have
//! - [`cookie`], [`form`], [`signed`]: what browsers keep for us and send to us
//! - [`sign_in`], [`browser`], [`csrf`], [`viewing`], [`share_token`]: who may see and change an
//!   organization's data
//! - [`addresses`], [`return_to`], [`last_list`]: where our own pages are, and which one a browser returns to
//! - [`mod@format`], [`words`]: times, durations and names, as the panel and all pages write them

pub mod addresses;
pub mod browser;
pub mod cookie;
pub mod csrf;
pub mod failure;
pub mod form;
pub mod format;
pub mod html;
pub mod last_list;
pub mod navigation;
pub mod return_to;
pub mod share_token;
pub mod sign_in;
pub mod signed;
pub mod viewing;
pub mod words;
