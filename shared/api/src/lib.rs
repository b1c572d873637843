//! What every public endpoint needs, before and after its own work.
//!
//! - [`Keys`]: whom a request speaks for
//! - [`cors`]: requests from the customers' sites
//! - [`body`]: a request's body, unpacked within bounds
//! - [`aliases`]: how callers name people
//! - [`known_secrets`]: what organizations sign their visitors' names with
//! - [`quotas`]: how much one organization may send
//! - [`refusals`]: what was refused, counted for the admin
//! - [`Error`]: why a request was not done; its answer has a stable code
//!
//! An endpoint adds its routes, its own codes, and the words for what is wrong with its bodies. One that
//! takes its key from another place asks [`Keys::grant`] and [`Keys::admit`]; one that answers errors in
//! another form writes what [`Error::into_api_error`] says.

pub mod aliases;
pub mod body;
pub mod cors;
mod error;
mod keys;
pub mod known_secrets;
pub mod quotas;
pub mod refusals;

pub use error::Error;
pub use keys::Keys;
