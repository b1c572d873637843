//! Tracked events: any analytics client's words become typed events, and those what Intercom should be told.
//! Pure: no network, no table, no clock.
//!
//! - [`read`] takes the body of a request apart: [`Entry`] after [`Entry`], each a [`TrackedEvent`], or
//!   refused with a [`DropReason`].
//! - [`plan`] says what an event means at Intercom, by the [`SourceSettings`] of where it came from:
//!   [`Step`]s about a person, with [`Warning`]s of what was left out.
//! - `calls` has a folder for each [`Call`] with the rules of what becomes of it.
//!
//! ```
//! use tracking::{Entry, Envelope, SourceSettings, Step};
//!
//! let body = br#"{"type":"track","userId":"u-1","event":"Ordered","properties":{"revenue":19.99}}"#;
//! let received_at = "2026-11-30T12:00:00Z".parse()?;
//! let batch = tracking::read(body, Envelope { call: None, received_at })?;
//! let Some(Entry::Event(event)) = batch.entries.first() else { unreachable!() };
//! let plan = tracking::plan(event, &SourceSettings::default()).unwrap();
//! let [Step::Event(write)] = plan.steps.as_slice() else { unreachable!() };
//! assert_eq!(serde_json::to_string(&write.metadata)?, r#"{"price":{"amount":1999,"currency":"usd"}}"#);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attributes;
mod call;
mod calls;
mod company;
mod date;
mod destinations;
mod event;
mod json;
mod notes;
mod outcome;
mod plan;
mod read;
mod settings;
mod stored;
#[cfg(test)]
mod testing;

pub use attributes::names_a_date;
pub use call::Call;
pub use destinations::Destinations;
pub use event::{Context, TrackedEvent};
pub use json::{Fields, Json};
pub use outcome::{DropReason, Names, Warning};
pub use plan::{Identifiers, Plan, Step, plan};
pub use read::{Batch, BodyError, Entry, Envelope, MAX_EVENT_BYTES, MAX_EVENTS, read};
pub use settings::{EventNames, Nested, SettingsError, SourceSettings, Unknown};
pub use stored::{NotStored, STORED_VERSION};
