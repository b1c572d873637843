//! What the notifications of each topic say: one rule for each worker.

pub mod company_contact_attached;
pub mod company_deleted;
pub mod company_updated;
pub mod contact_archived;
pub mod contact_deleted;
pub mod contact_email_updated;
pub mod contact_merged;
pub mod contact_subscribed;
pub mod contact_tagged;
pub mod contact_updated;
pub mod conversation_contact_attached;
pub mod conversation_created;
pub mod conversation_deleted;
pub mod conversation_part_changed;
pub mod conversation_replied;
pub mod conversation_state_changed;
pub mod event_created;
pub mod lead_added_email;
pub mod lead_created;
pub mod lead_signed_up;
