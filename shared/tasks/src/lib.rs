//! What travels in queues between functions: who leaves work knows nothing of who does it.
//!
//! - [`SummarizeTask`], [`EraseTask`], [`DeliverTask`]: the messages
//! - [`erasure`]: asking for somebody's erasure
//!
//! Notifications of Intercom's travel in queues as well, as they came: see the crate `notification`.

mod deliver;
pub mod erasure;
mod task;

pub use deliver::DeliverTask;
pub use task::{EraseTask, SummarizeTask};
