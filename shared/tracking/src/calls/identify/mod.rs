//! `identify`: who somebody is. A contact, and the companies it belongs to.
//!
//! | field | where it comes from | source of the rule |
//! |---|---|---|
//! | `external_id` | `userId`, else `userId`, `user_id`, `id` of traits | both documents |
//! | `email` | trait `email`, else a user id that is an address | Segment's classic integration |
//! | `name` | `name`, else first and last name; those stay attributes as well | the same |
//! | `phone` | `phone`, without what people put between digits | Intercom wants E.164 |
//! | `avatar` | `avatar`, if it is an address | today's API; it could not be written once |
//! | `signed_up_at` | `createdAt`, `created_at`, `created`, `remoteCreatedAt`, … | both documents |
//! | `last_seen_at` | `lastRequestAt`, `lastSeenAt`, the event's time; not if not `active` | Segment's |
//! | `unsubscribed_from_emails` | `unsubscribedFromEmails`, in four places | both documents |
//! | companies | `company`, `companies`: an object, a name, or a list; `remove` detaches | both documents |
//! | custom attributes | the rest; dates as seconds, named `…_at` | Segment's classic integration |
//! | | address, browser, device, system, app, if the source says so | both documents |
//!
//! Traits are those of the event and of its context, and the event's count.

mod fields;
mod plan;
#[cfg(test)]
mod tests;

pub(crate) use plan::plan;
