//! What the pages for browsers share.
//!
//! - [`html`]: pages, with the layout and the look that all have
//! - [`cookie`], [`form`], [`signed`]: what browsers keep for us and send to us
//! - [`admin_session`], [`csrf`], [`viewing`], [`share_token`]: who may see and change what belongs to an
//!   organization
//! - [`addresses`]: where our own pages are

pub mod addresses;
pub mod admin_session;
pub mod cookie;
pub mod csrf;
pub mod form;
pub mod html;
pub mod share_token;
pub mod signed;
pub mod viewing;
