//! What Intercom is to be told: nothing lost, in order, once, within the workspace's rate limit.
//!
//! - [`OrganizationOutbox::accept`] stores tracked events for good; each waits in the [`Lane`] of its person.
//! - [`Deliveries`]: what became of each, and sending it again.
//!
//! Every write may be done twice, late, and beside another.

mod accept;
mod counts;
mod courier;
mod deliveries;
mod delivery;
mod error;
mod event;
mod forget;
mod lane;
mod list;
mod message;
mod pace;
mod pending;
mod person;
mod rows;
mod run;
pub mod steps;

use identity::{MasterKey, OrganizationId, OrganizationKey};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use table::Table;

pub use accept::{Accepted, Refused};
pub use counts::DayCounts;
pub use courier::attributes::KnownAttributes;
pub use courier::{Courier, Means, Rules, Step, Telling, UnknownAttributes, Verdict, Who};
pub use deliveries::{Deliveries, Resent};
pub use delivery::{ApiCall, Delivery, KEPT_DAYS, Outcome};
pub use error::Error;
pub use event::{EventType, Trust};
pub use forget::AtIntercom;
pub use lane::{Keys, Lane, MalformedLane};
pub use list::{DeliveryCursor, DeliveryPage, DeliveryQuery, MAX_LISTED};
pub use pace::budget::Allowances;
pub use pace::due::DueLane;
pub use pace::hold::{Hold, HoldReason};
pub use pace::names::KnownEventNames;
pub use run::{Became, LaneRun, WaitingEvent};

/// Every kind of row that the outbox writes.
pub const ROWS: [&[table::Spelling]; 3] = [&rows::ROWS, &person::rows::ROWS, &pace::rows::ROWS];

/// What Intercom is to be told. Cheap to clone; one per process.
#[derive(Debug, Clone)]
pub struct Outbox {
    table: Table,
    master: MasterKey,
}

impl Outbox {
    /// The outbox in a table that exists: the one that the store is in.
    #[must_use]
    pub fn new(
        client: &aws_sdk_dynamodb::Client,
        table: impl Into<String>,
        master: MasterKey,
    ) -> Self {
        Self {
            table: Table::new(client, table.into()),
            master,
        }
    }

    /// What is one organization's. Nothing that it gives can reach another's rows.
    #[must_use]
    pub fn of<'a>(&'a self, organization: &'a OrganizationId) -> OrganizationOutbox<'a> {
        OrganizationOutbox {
            table: &self.table,
            key: self.master.organization(organization),
            organization,
        }
    }
}

/// What Intercom is to be told by one organization.
#[derive(Debug, Clone)]
pub struct OrganizationOutbox<'a> {
    table: &'a Table,
    key: OrganizationKey,
    organization: &'a OrganizationId,
}

/// The day of a moment (UTC).
fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_row_is_taken_for_one_of_another_kind() {
        let all = [store::ROWS.concat(), crate::ROWS.concat()];
        table::assert_apart(&all.concat());
    }
}
