//! What an organization has sent in a window of time, as all instances have told so far.

use aws_sdk_dynamodb::types::ReturnValue;
use jiff::{SignedDuration, Timestamp};
use table::number;

use crate::Error;
use crate::scope::Scope;
use crate::tenants::rows;

/// Counts of an organization that its instances share: to hold limits, and approximate.
#[derive(Debug, Clone, Copy)]
pub struct Quotas<'a> {
    scope: Scope<'a>,
}

impl<'a> Quotas<'a> {
    pub(crate) fn of(scope: Scope<'a>) -> Self {
        Self { scope }
    }

    /// Counts `by` more of a quota in a window, which is its name, its beginning and its length; returns what
    /// everybody has counted in it.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer: it may be counted or not.
    pub async fn add(
        self,
        (quota, began, lasts): (&str, Timestamp, SignedDuration),
        by: u64,
    ) -> Result<u64, Error> {
        let expires = began.saturating_add(lasts * 2).unwrap_or(began);
        let added = self
            .scope
            .table
            .update(&rows::quota(self.scope.organization, quota, began))
            .update_expression("ADD taken :by SET expires = :expires")
            .expression_attribute_values(":by", number(i64::try_from(by).unwrap_or(i64::MAX)))
            .expression_attribute_values(":expires", number(expires.as_second()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await
            .map_err(|error| table::Error::from_sdk("share a quota", &error))?;
        let taken = added.attributes.unwrap_or_default().remove("taken");
        let taken = taken.and_then(|taken| taken.as_n().ok()?.parse().ok());
        Ok(taken.unwrap_or(by))
    }
}
