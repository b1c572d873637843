//! Intercom's side of the contract: signatures and the Canvas Kit. Knows no AWS.
//!
//! - [`signature`]: is a request really Intercom's?
//! - [`request`]: what Intercom sends when the panel opens or something in it is clicked.
//! - [`canvas`]: what we answer: the components Intercom draws.
//! - [`https_url`]: the only kind of address that a canvas may carry.

pub mod canvas;
pub mod https_url;
pub mod request;
pub mod signature;

pub use https_url::HttpsUrl;
