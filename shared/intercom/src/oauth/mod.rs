//! Connecting a workspace: the addresses a browser is sent to, and what it brings back.
//!
//! ```text
//! GET /install ──authorize_url──▶ Intercom ──/oauth/callback?code&state──▶ Callback ──Code──▶ AccessToken
//! ```
//!
//! What is asked for (Intercom's "permissions") is set in the Developer Hub: no scope is sent, none comes
//! back.

mod app;
mod callback;
mod state;
mod token;

pub use app::{App, AppError, appstore_failure_url, appstore_success_url, authorize_url};
pub use callback::{Callback, Code};
pub use state::{MalformedState, State};
pub use token::{AccessToken, MalformedToken};
