//! A tracked event: one call of an analytics client, in one form whatever client it came from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::destinations::Destinations;
use crate::{Call, Fields};

/// What somebody called, when, and about whom. No `Debug`: most of it is personal data.
///
/// Read with [`crate::read`]. Its stored form names fields by their place, so [`crate::STORED_VERSION`]
/// goes up when they change.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackedEvent {
    /// By which a repeat is known: the client's, or made of the event's bytes where it sends none.
    pub message_id: String,
    /// Which call it is.
    pub call: Call,
    /// The site's own id of the person.
    pub user_id: Option<String>,
    /// The client's id of a browser or device.
    pub anonymous_id: Option<String>,
    /// The person's e-mail address as it was typed.
    pub email: Option<String>,
    /// When it happened; never after it was received.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub timestamp: Timestamp,
    /// What was done (`track`).
    pub event: Option<String>,
    /// The company (`group`).
    pub group_id: Option<String>,
    /// The person's id before (`alias`).
    pub previous_id: Option<String>,
    /// What is said of the person (`identify`), of the company (`group`).
    pub traits: Fields,
    /// What is said of what was done.
    pub properties: Fields,
    /// Around it.
    pub context: Context,
    /// For whom it is meant.
    pub destinations: Destinations,
}

/// What is used of what clients say about the circumstances.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Context {
    /// What is said of the person. With `identify` it has become part of the event's traits.
    pub traits: Fields,
    /// What is meant for Intercom alone.
    pub intercom: Fields,
    /// Whether the person wants no e-mails, as `RudderStack`'s document says it.
    pub unsubscribed: Option<bool>,
    /// Whether the person was there: `Some(false)` leaves "last seen" as it is.
    pub active: Option<bool>,
    /// Network address, browser, device, system and app, under the names of the attributes that they become
    /// (`identify`).
    pub circumstances: Fields,
}
