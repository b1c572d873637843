//! What travels in queues between functions: who leaves work knows nothing of who does it.
//!
//! - [`SummarizeTask`], [`EraseTask`], [`DeliverTask`], [`SyncTask`]: the messages
//! - [`erasure`]: asking for somebody's erasure; [`resending`]: for an event once more;
//!   [`importing`]: for what Intercom has
//!
//! Notifications of Intercom's travel in queues as well, as they came: see the crate `notification`.

mod deliver;
pub mod erasure;
pub mod importing;
pub mod resending;
mod sync;
mod task;

pub use deliver::DeliverTask;
pub use sync::SyncTask;
pub use task::{EraseTask, SummarizeTask};
