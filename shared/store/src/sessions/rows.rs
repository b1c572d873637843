//! The rows of sessions: each session's own, the lists it stands in, and links that open it.

use identity::{OrganizationId, PersonId, SessionId};
use jiff::Timestamp;
use jiff::civil::Date;
use table::{Key, Spelling};

use crate::people::rows::person_partition;
use crate::sessions::day::day_of;
use crate::sessions::share_id::ShareId;

/// A session: its owner, how far it is summarized, its sealed aliases. Read by `record` and `summarize`.
pub(crate) const META: Spelling = Spelling::new("ORG#{organization}#SESSION#{session}", "META");

/// The key of [`META`].
pub(crate) fn meta(organization: &OrganizationId, session: &SessionId) -> Key {
    Key::new(session_partition(organization, session), "META")
}

/// The manifest of a chunk, with the chunk if it is small. `summarize` reads them in order from a number.
pub(crate) const CHUNK: Spelling =
    Spelling::new("ORG#{organization}#SESSION#{session}", "CHUNK#{seq}");

/// Begins the sort key of every [`CHUNK`].
pub(crate) const CHUNK_PREFIX: &str = "CHUNK#";

/// The key of [`CHUNK`].
pub(crate) fn chunk(organization: &OrganizationId, session: &SessionId, seq: u32) -> Key {
    Key::new(
        session_partition(organization, session),
        format!("{CHUNK_PREFIX}{seq:010}"),
    )
}

/// The partition of [`META`] and [`CHUNK`].
pub(crate) fn session_partition(organization: &OrganizationId, session: &SessionId) -> String {
    format!("ORG#{organization}#SESSION#{session}")
}

/// A listed session with its summary. The canvas reads a person's newest first, one query a person.
pub(crate) const PERSON_SESSION: Spelling = Spelling::new(
    "ORG#{organization}#PERSON#{person}",
    "SESSION#{start, ms}#{session}",
);

/// Begins the sort key of every [`PERSON_SESSION`] and [`DAY_SESSION`].
pub(crate) const SESSION_PREFIX: &str = "SESSION#";

/// The key of [`PERSON_SESSION`]. `sort_at`: the session's place in the list, milliseconds since 1970.
pub(crate) fn listed_session(
    organization: &OrganizationId,
    person: &PersonId,
    sort_at: u64,
    session: &SessionId,
) -> Key {
    Key::new(
        person_partition(organization, person),
        listed_session_sort(sort_at, session),
    )
}

/// The sort key of [`PERSON_SESSION`] and [`DAY_SESSION`], which is the same whoever's session it is.
pub(crate) fn listed_session_sort(sort_at: u64, session: &SessionId) -> String {
    format!("{}#{session}", listed_at(sort_at))
}

/// Sorts after every session listed before `sort_at` and before those listed at it.
pub(crate) fn listed_at(sort_at: u64) -> String {
    format!("{SESSION_PREFIX}{sort_at:015}")
}

/// A session that no list had when it was identified; holds nothing else. Read by erasing a person, in one
/// query with [`PERSON_SESSION`].
pub(crate) const PERSON_UNLISTED: Spelling =
    Spelling::new("ORG#{organization}#PERSON#{person}", "UNLISTED#{session}");

/// Begins the sort key of every [`PERSON_UNLISTED`].
pub(crate) const UNLISTED_PREFIX: &str = "UNLISTED#";
/// Sorts after all of those, which sort after the listed ones.
pub(crate) const AFTER_UNLISTED: &str = "UNLISTED$";

/// The key of [`PERSON_UNLISTED`].
pub(crate) fn unlisted_session(
    organization: &OrganizationId,
    person: &PersonId,
    session: &SessionId,
) -> Key {
    Key::new(
        person_partition(organization, person),
        format!("{UNLISTED_PREFIX}{session}"),
    )
}

/// What filters go by: a session's flags and the paths of its pages. The list of all sessions reads a day's,
/// newest first.
pub(crate) const DAY_SESSION: Spelling = Spelling::new(
    "ORG#{organization}#SESSIONS#{day}",
    "SESSION#{start, ms}#{session}",
);

/// The key of [`DAY_SESSION`]. `sort_at`: the session's place in every list, milliseconds since 1970.
pub(crate) fn indexed_session(
    organization: &OrganizationId,
    sort_at: u64,
    session: &SessionId,
) -> Key {
    Key::new(
        index_partition(organization, day_of(sort_at)),
        listed_session_sort(sort_at, session),
    )
}

/// The partition of [`DAY_SESSION`]. DynamoDB takes a thousand writes a second of one.
pub(crate) fn index_partition(organization: &OrganizationId, day: Date) -> String {
    format!("ORG#{organization}#SESSIONS#{day}")
}

/// The session that a sort key of [`PERSON_SESSION`], [`DAY_SESSION`] or [`PERSON_UNLISTED`] names.
pub(crate) fn parse_session(sort: &str) -> Option<SessionId> {
    let session = match sort.strip_prefix(SESSION_PREFIX) {
        Some(listed) => listed.split_once('#')?.1,
        None => sort.strip_prefix(UNLISTED_PREFIX)?,
    };
    SessionId::parse(session).ok()
}

/// That an unknown visitor's session was going on in a quarter of an hour; holds nothing else. Read to find
/// possible matches.
pub(crate) const ACTIVE_SESSION: Spelling = Spelling::new(
    "ORG#{organization}#ACTIVE#{quarter of an hour}",
    "SESSION#{session}",
);

/// The key of [`ACTIVE_SESSION`]. `quarter`: quarters of an hour since 1970.
pub(crate) fn active_session(
    organization: &OrganizationId,
    quarter: i64,
    session: &SessionId,
) -> Key {
    Key::new(
        active_partition(organization, quarter),
        format!("{SESSION_PREFIX}{session}"),
    )
}

/// That such a session was on a page; holds nothing else. Read to find possible matches.
pub(crate) const ACTIVE_PAGE: Spelling = Spelling::new(
    "ORG#{organization}#ACTIVE#{quarter of an hour}",
    "PAGE#{hash of the page}#{session}",
);

/// The key of [`ACTIVE_PAGE`]. `quarter`: quarters of an hour since 1970.
pub(crate) fn active_page(
    organization: &OrganizationId,
    quarter: i64,
    page: &str,
    session: &SessionId,
) -> Key {
    Key::new(
        active_partition(organization, quarter),
        format!("{}{session}", active_page_prefix(page)),
    )
}

/// Begins the sort key of every [`ACTIVE_PAGE`] of a page.
pub(crate) fn active_page_prefix(page: &str) -> String {
    format!("PAGE#{page}#")
}

/// The partition of [`ACTIVE_SESSION`] and [`ACTIVE_PAGE`]. DynamoDB takes a thousand writes a second of one:
/// so many sessions may come to another page in the same second before some of them are no candidates.
pub(crate) fn active_partition(organization: &OrganizationId, quarter: i64) -> String {
    format!("ORG#{organization}#ACTIVE#{quarter}")
}

/// That a session's first chunk came in an hour, or that it went on; holds nothing else. `summarize` reads
/// all of them once an hour. The sort key names the organization.
pub(crate) const BEGUN: Spelling =
    Spelling::new("BEGUN#{hour}#{shard}", "{organization}#{session}");

/// The key of [`BEGUN`]. `hour`: hours since 1970.
pub(crate) fn begun(
    hour: i64,
    shard: u8,
    organization: &OrganizationId,
    session: &SessionId,
) -> Key {
    Key::new(
        begun_partition(hour, shard),
        format!("{organization}#{session}"),
    )
}

/// The partition of [`BEGUN`].
pub(crate) fn begun_partition(hour: i64, shard: u8) -> String {
    format!("BEGUN#{hour}#{shard}")
}

/// The session that a sort key of [`BEGUN`] names.
pub(crate) fn parse_begun(sort: &str) -> Option<(OrganizationId, SessionId)> {
    let (organization, session) = sort.split_once('#')?;
    Some((
        OrganizationId::parse(organization).ok()?,
        SessionId::parse(session).ok()?,
    ))
}

/// A link: whose session it opens, until when, how often it did. Opening a shared recording is one write of
/// it. The row itself names the organization.
pub(crate) const SHARE_LINK: Spelling = Spelling::new("SHARE#{share}", "SHARE");

/// The key of [`SHARE_LINK`].
pub(crate) fn share(id: &ShareId) -> Key {
    Key::new(format!("SHARE#{id}"), "SHARE")
}

/// That an organization has made a link; holds nothing else. The settings page reads the latest first.
pub(crate) const MADE_LINK: Spelling = Spelling::new(
    "ORG#{organization}#SHARES",
    "SHARE#{when it was made, ms}#{share}",
);

/// Begins the sort key of every [`MADE_LINK`].
pub(crate) const SHARE_PREFIX: &str = "SHARE#";

/// The key of [`MADE_LINK`].
pub(crate) fn share_of(organization: &OrganizationId, created_at: Timestamp, id: &ShareId) -> Key {
    let created_at = created_at.as_millisecond();
    Key::new(
        shares_partition(organization),
        format!("{SHARE_PREFIX}{created_at:015}#{id}"),
    )
}

/// The partition of [`MADE_LINK`].
pub(crate) fn shares_partition(organization: &OrganizationId) -> String {
    format!("ORG#{organization}#SHARES")
}

/// The link that a sort key of [`MADE_LINK`] names.
pub(crate) fn parse_share_of(sort: &str) -> Option<ShareId> {
    let (_, id) = sort.strip_prefix(SHARE_PREFIX)?.split_once('#')?;
    ShareId::parse(id)
}

/// All of these.
pub(crate) const ROWS: [Spelling; 10] = [
    META,
    CHUNK,
    PERSON_SESSION,
    PERSON_UNLISTED,
    DAY_SESSION,
    ACTIVE_SESSION,
    ACTIVE_PAGE,
    BEGUN,
    SHARE_LINK,
    MADE_LINK,
];

#[cfg(test)]
mod tests;
