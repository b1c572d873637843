//! The rows of what Intercom is to be told.

use identity::{OrganizationId, SourceId, WorkspaceId};
use jiff::Timestamp;
use jiff::civil::Date;
use table::{Key, Spelling};

use crate::delivery::Outcome;
use crate::lane::Lane;
use crate::message::MessageKey;

/// A tracked event that Intercom has not been told yet, sealed. The lane's worker reads them in order:
/// those that say who somebody is come first, so that no number of waiting ones hides them.
pub(crate) const PENDING: Spelling = Spelling::new(
    "ORG#{organization}#LANE#{lane}",
    "PENDING#{workspace}#{rank}#{when it happened, ms}#{position}#{message}#{source}",
);

/// The key of [`PENDING`]. `position`: in its request, since what one of them says counts in its order also
/// within a millisecond.
pub(crate) fn pending(
    organization: &OrganizationId,
    (workspace, lane): (&WorkspaceId, &Lane),
    (rank, happened_at, position): (u8, Timestamp, u16),
    (message, source): (&MessageKey, &SourceId),
) -> Key {
    let prefix = pending_prefix(workspace);
    let milliseconds = happened_at.as_millisecond().max(0);
    Key::new(
        lane_partition(organization, lane),
        format!("{prefix}{rank}#{milliseconds:015}#{position:05}#{message}#{source}"),
    )
}

/// The partition of everything that waits in a lane, or was kept of it.
pub(crate) fn lane_partition(organization: &OrganizationId, lane: &Lane) -> String {
    format!("ORG#{organization}#LANE#{lane}")
}

/// Begins the sort key of every [`PENDING`] of a workspace.
pub(crate) fn pending_prefix(workspace: &WorkspaceId) -> String {
    format!("{}{workspace}#", PENDING.prefix())
}

/// The same of an event that came to nothing, so that it can be sent again.
pub(crate) const KEPT: Spelling =
    Spelling::new("ORG#{organization}#LANE#{lane}", "KEPT#{message}#{source}");

/// The key of [`KEPT`].
pub(crate) fn kept(
    organization: &OrganizationId,
    lane: &Lane,
    (message, source): (&MessageKey, &SourceId),
) -> Key {
    Key::new(
        lane_partition(organization, lane),
        format!("KEPT#{message}#{source}"),
    )
}

/// What has become of an event. The worker reads it before it does the same again; the API finds it by
/// the message's id.
pub(crate) const DELIVERY: Spelling =
    Spelling::new("ORG#{organization}#DELIVERY#{message}", "SOURCE#{source}");

/// The key of [`DELIVERY`].
pub(crate) fn delivery(
    organization: &OrganizationId,
    (message, source): (&MessageKey, &SourceId),
) -> Key {
    Key::new(
        delivery_partition(organization, message),
        format!("SOURCE#{source}"),
    )
}

/// The same of what was refused before it was an event. It stands beside, so that nobody who sends
/// rubbish under an event's id takes its place.
pub(crate) const REFUSED: Spelling =
    Spelling::new("ORG#{organization}#DELIVERY#{message}", "REFUSED#{source}");

/// The key of [`REFUSED`].
pub(crate) fn refused(
    organization: &OrganizationId,
    (message, source): (&MessageKey, &SourceId),
) -> Key {
    Key::new(
        delivery_partition(organization, message),
        format!("REFUSED#{source}"),
    )
}

/// The partition of [`DELIVERY`] and [`REFUSED`].
pub(crate) fn delivery_partition(organization: &OrganizationId, message: &MessageKey) -> String {
    format!("ORG#{organization}#DELIVERY#{message}")
}

/// Where a delivery stands in the list of its outcome, the latest last. It may have another outcome by
/// now: the delivery says so.
pub(crate) const LISTED: Spelling = Spelling::new(
    "ORG#{organization}#DELIVERIES#{outcome}#{day}",
    "AT#{when it was known, ms}#{message}#{kind}#{source}",
);

/// The key of [`LISTED`]. `row`: the delivery's own key.
pub(crate) fn listed(
    organization: &OrganizationId,
    (outcome, known_at): (Outcome, Timestamp),
    (message, row): (&MessageKey, &Key),
) -> Key {
    let day = crate::day_of(known_at);
    let milliseconds = known_at.as_millisecond().max(0);
    Key::new(
        list_partition(organization, outcome, day),
        format!("AT#{milliseconds:015}#{message}#{}", row.sort),
    )
}

/// The partition of [`LISTED`]. DynamoDB takes a thousand writes a second of one; a workspace takes some
/// 170 calls.
pub(crate) fn list_partition(organization: &OrganizationId, outcome: Outcome, day: Date) -> String {
    format!("ORG#{organization}#DELIVERIES#{outcome}#{day}")
}

/// How many events of a source came to what on a day. The settings page reads them.
pub(crate) const COUNTS: Spelling =
    Spelling::new("ORG#{organization}#DELIVERED#{day}", "SOURCE#{source}");

/// The key of [`COUNTS`].
pub(crate) fn counts(organization: &OrganizationId, day: Date, source: &SourceId) -> Key {
    Key::new(
        format!("ORG#{organization}#DELIVERED#{day}"),
        format!("SOURCE#{source}"),
    )
}

/// All of these.
pub(crate) const ROWS: [Spelling; 6] = [PENDING, KEPT, DELIVERY, REFUSED, LISTED, COUNTS];

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn keys_are_spelled_as_their_rows_say() {
        let organization = OrganizationId::parse("org_a").unwrap();
        let workspace = WorkspaceId::parse("ab12").unwrap();
        let lane = Lane::parse(&"5d".repeat(16)).unwrap();
        let source = SourceId::site();
        let message = MessageKey::of("m-1");
        let of = (&message, &source);
        let at = Timestamp::UNIX_EPOCH;
        let delivery_key = delivery(&organization, of);
        let pending_key = pending(&organization, (&workspace, &lane), (0, at, 0), of);
        assert!(pending_key.sort.starts_with(&pending_prefix(&workspace)));
        for (row, key) in [
            (PENDING, pending_key),
            (KEPT, kept(&organization, &lane, of)),
            (DELIVERY, delivery_key.clone()),
            (REFUSED, refused(&organization, of)),
            (
                LISTED,
                listed(
                    &organization,
                    (Outcome::Sent, at),
                    (&message, &delivery_key),
                ),
            ),
            (COUNTS, counts(&organization, date(2026, 11, 30), &source)),
        ] {
            assert!(row.spells(&key), "{row:?} {key:?}");
        }
    }
}
