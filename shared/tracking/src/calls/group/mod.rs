//! `group`: a company, and the person belongs to it.
//!
//! | field | where it comes from | source of the rule |
//! |---|---|---|
//! | `company_id` | `groupId` | both documents |
//! | `name`, `plan`, `website`, `industry` | the same traits | Segment's actions |
//! | `size` | `employees`, `size`, `employeeCount` | Segment's actions, `RudderStack` |
//! | `monthly_spend` | `monthlySpend`, `monthly_spend`: a whole number, also in digits | Segment's document |
//! | `remote_created_at` | `createdAt`, `remoteCreatedAt`, … | Segment's classic integration |
//! | custom attributes | the rest | the same |
//!
//! The traits are the company's, so an address among them is not the person's: that stands in the context.

mod plan;
#[cfg(test)]
mod tests;

pub(crate) use plan::plan;
