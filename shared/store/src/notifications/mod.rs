//! Notifications of Intercom's: what was dealt with, what failed, what is parked.

pub(crate) mod failures;
pub(crate) mod parked;
pub(crate) mod parked_body;
pub(crate) mod parked_id;
pub(crate) mod rows;
pub(crate) mod seen;
