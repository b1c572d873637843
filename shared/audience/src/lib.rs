//! Who is meant, and what they are told. Pure: no clock, no table, no network.
//!
//! - [`Filter`]: an audience, as JSON; whether somebody of whom these [`Facts`] are known belongs to it.
//! - [`Template`]: the words of a message with variables and fallbacks, rendered for one person.
//! - [`html`]: what of a message's HTML Intercom shows; everything else is taken out, and named.
//!
//! A preview renders by the same function as what is sent.

pub mod filter;
pub mod html;
pub mod template;

pub use filter::field::{CompanyField, Field, OwnField, Signal};
pub use filter::value::Value;
pub use filter::{Facts, Filter, InvalidFilter};
pub use template::{InvalidTemplate, Template, Variable};
