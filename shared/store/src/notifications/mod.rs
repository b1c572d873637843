//! Notifications of Intercom's: what was dealt with, what failed, what is parked.

pub(crate) mod failures;
pub(crate) mod parked;
pub(crate) mod parked_body;
pub(crate) mod parked_id;
pub(crate) mod rows;
pub(crate) mod seen;

use crate::Store;

/// Intercom's notifications: which were dealt with, and which failed for good.
#[derive(Debug, Clone, Copy)]
pub struct Notifications<'a> {
    store: &'a Store,
}

impl<'a> Notifications<'a> {
    pub(crate) fn of(store: &'a Store) -> Self {
        Self { store }
    }
}
