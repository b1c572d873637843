//! How many events came to what on a day: numbers for people, not for bills.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::SourceId;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use table::{EXPIRES, Item, Read, number};

use crate::delivery::{Delivery, Outcome, expires_after};
use crate::{Error, OrganizationOutbox, day_of, rows};

/// A source's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCounts {
    /// Which day (UTC).
    pub day: Date,
    /// Events that Intercom was told.
    pub sent: u64,
    /// Events that began to wait.
    pub waiting: u64,
    /// Events that were not told, by a rule.
    pub dropped: u64,
    /// Events that Intercom did not take.
    pub failed: u64,
}

impl OrganizationOutbox<'_> {
    /// What became of a source's events on the last `days` days, today first. May miss the last second.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer.
    pub async fn counts(
        &self,
        source: &SourceId,
        days: u8,
        now: Timestamp,
    ) -> Result<Vec<DayCounts>, Error> {
        let today = day_of(now);
        let days = (0..days).filter_map(|back| today.checked_sub(i32::from(back).days()).ok());
        let keys: Vec<_> = days
            .map(|day| (day, rows::counts(self.organization, day, source)))
            .collect();
        let asked: Vec<_> = keys.iter().map(|(_, key)| key.clone()).collect();
        let found = self.table.get_all("read counts", &asked, Read::Eventual);
        let found = found.await?;
        let counted = |row: Option<&Item>, outcome: Outcome| {
            let counted = row?.get(outcome.as_str())?.as_n().ok()?;
            counted.parse().ok()
        };
        let day_counts = keys.iter().map(|(day, key)| {
            let of = |outcome| counted(found.get(key), outcome).unwrap_or_default();
            DayCounts {
                day: *day,
                sent: of(Outcome::Sent),
                waiting: of(Outcome::Waiting),
                dropped: of(Outcome::Dropped),
                failed: of(Outcome::Failed),
            }
        });
        Ok(day_counts.collect())
    }

    /// Counts what has just become of events: one write for each source.
    pub(crate) async fn count(&self, deliveries: &[Delivery]) -> Result<(), Error> {
        let mut by_row: BTreeMap<(Date, &SourceId), BTreeMap<&'static str, i64>> = BTreeMap::new();
        let mut expires = 0;
        for delivery in deliveries {
            let row = (day_of(delivery.known_at), &delivery.source);
            let counts = by_row.entry(row).or_default();
            *counts.entry(delivery.outcome.as_str()).or_default() += 1;
            expires = expires.max(expires_after(delivery.known_at));
        }
        for ((day, source), counts) in by_row {
            let key = rows::counts(self.organization, day, source);
            let mut update = self.table.update(&key);
            let mut added = Vec::new();
            for (outcome, count) in counts {
                update = update
                    .expression_attribute_names(format!("#{outcome}"), outcome)
                    .expression_attribute_values(format!(":{outcome}"), number(count));
                added.push(format!("#{outcome} :{outcome}"));
            }
            update
                .update_expression(format!("SET #expires = :expires ADD {}", added.join(", ")))
                .expression_attribute_names("#expires", EXPIRES)
                .expression_attribute_values(":expires", AttributeValue::N(expires.to_string()))
                .send()
                .await
                .map_err(|error| table::Error::from_sdk("count deliveries", &error))?;
        }
        Ok(())
    }
}
