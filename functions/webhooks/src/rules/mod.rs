//! What the notifications of each topic say: one rule for each worker.

pub mod contact_archived;
pub mod contact_deleted;
pub mod contact_email_updated;
pub mod contact_merged;
pub mod conversation_created;
pub mod lead_added_email;
pub mod lead_created;
pub mod lead_signed_up;
