//! What travels in queues between functions: who leaves work knows nothing of who does it.
//!
//! - [`SummarizeTask`], [`EraseTask`], [`DeliverTask`]: the messages
//! - [`erasure`]: asking for somebody's erasure; [`resending`]: for an event once more
//!
//! Notifications of Intercom's travel in queues as well, as they came: see the crate `notification`.

mod deliver;
pub mod erasure;
pub mod resending;
mod task;

pub use deliver::DeliverTask;
pub use task::{EraseTask, SummarizeTask};
