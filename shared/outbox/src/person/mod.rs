//! What is known of people and companies at Intercom: which contact somebody is, and what it was told.

pub(crate) mod contact_map;
pub(crate) mod marks;
pub(crate) mod rows;
pub(crate) mod slots;
pub(crate) mod told;
pub(crate) mod waiters;
