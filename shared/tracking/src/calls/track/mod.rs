//! `track`: something that somebody did. A data event.
//!
//! | field | where it comes from | source of the rule |
//! |---|---|---|
//! | `event_name` | `event` | both documents |
//! | `created_at` | the event's time, in seconds | Intercom's API |
//! | metadata | the first ten properties in their order, flat | Intercom's API |
//! | `price` | `revenue`, or a completed order's `total`, in hundredths | Segment's document |
//! | links | an object of `url` and `value`, or one that the source names | Segment's document |
//! | money | an object of `amount` and `currency` | Intercom's API |
//! | dates | ISO 8601: seconds, under a name that ends in `_date` or `_at` | Intercom's API |
//! | yes and no | as text | Segment's classic integration |
//!
//! The address among the properties says whose the event is only where there is no user id: beside one it may
//! be anybody's, such as whom they have invited.

mod metadata;
mod plan;
#[cfg(test)]
mod tests;

pub(crate) use plan::plan;
