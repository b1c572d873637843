//! What Intercom says, as the mirror keeps it. Pure; a file for each thing.

mod company;
mod contact;
mod conversation;
mod event;
mod part;
mod words;

pub use company::company;
pub use contact::contact;
pub use conversation::{Exclusion, conversation};
pub use event::event;
pub use words::{admin, segment, tag};

use intercom::listed::Listed;

/// The ids of a list, of which Intercom may have shown the beginning alone.
fn ids(listed: Option<&Listed>) -> Vec<String> {
    listed.map(|listed| listed.ids.clone()).unwrap_or_default()
}
