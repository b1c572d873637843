//! The table's keys: every row there is, and which access pattern it serves.
//!
//! | # | partition key `PK` | sort key `SK` | holds | read by |
//! |---|---|---|---|---|
//! | 1 | `ORG#{organization}` | `ORG` | name, creation, digests of its keys | operators; revoking keys |
//! | 2 | `KEY#{sha256 of the key}` | `KEY` | organization, scope, retention; a write key sealed | every call of the recording API: 1 read |
//! | 3 | `WORKSPACE#{workspace}` | `CONNECTION` | the connection | the canvas: in one batch with 4; settings |
//! | 4 | `ORG#{organization}#ALIAS#{kind}#{hash}` | `ALIAS` | the set of people with that alias | the canvas, identify |
//! | 5 | `ORG#{organization}#PERSON#{person}` | `ALIAS#{kind}#{hash}` | nothing: row 4 reversed | identify: a person's aliases |
//! | 6 | `ORG#{organization}#PERSON#{person}` | `SESSION#{start, ms}#{session}` | a listed session with its summary | the canvas: newest first, 1 query per person |
//! | 7 | `ORG#{organization}#SESSION#{session}` | `META` | owner, progress of summarizing, sealed aliases | record, summarize |
//! | 8 | `ORG#{organization}#SESSION#{session}` | `CHUNK#{seq}` | manifest of a chunk in the bucket | summarize: in order from a number |
//! | 9 | `WORKSPACE#{workspace}` | `TOKEN` | Intercom's token, sealed | what calls Intercom; the canvas never |
//! | 10 | `STATE#{sha256 of a state}` | `STATE` | nothing: an authorization is over | oauth-callback: written once |
//! | 11 | `HANDOVER#{sha256 of a token}` | `HANDOVER` | who is on the way to the settings page | settings: taken once |
//! | 12 | `ORG#{organization}#DAY#{date}` | `COUNTS` | what arrived on a day (UTC) | settings |
//!
//! No identifier holds a `#`, so no two different keys are spelled the same. Organizations are part of every
//! partition key but 2, 3, 9 and 11, whose rows say whose they are (10 is nobody's): there is no key with which one organization could reach
//! another's rows. Numbers are zero-padded so that they sort as text.
//!
//! Attributes that several rows share: `expires`, seconds since 1970, is the TTL attribute; `version` counts the
//! writes of a summary. Other times are milliseconds since 1970.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{AliasHash, AliasKind, OrganizationId, PersonId, SessionId, WorkspaceId};
use jiff::civil::Date;

/// Name of the partition key.
pub const PARTITION: &str = "PK";
/// Name of the sort key.
pub const SORT: &str = "SK";
/// Name of the TTL attribute, seconds since 1970.
pub const EXPIRES: &str = "expires";

/// Begins the sort key of every listed session.
pub(crate) const SESSION_PREFIX: &str = "SESSION#";
/// Begins the sort key of every alias of a person.
pub(crate) const ALIAS_PREFIX: &str = "ALIAS#";
/// Begins the sort key of every chunk's manifest.
pub(crate) const CHUNK_PREFIX: &str = "CHUNK#";

/// A row's full key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) partition: String,
    pub(crate) sort: String,
}

impl Key {
    fn new(partition: String, sort: impl Into<String>) -> Self {
        Self {
            partition,
            sort: sort.into(),
        }
    }

    /// As the two attributes that DynamoDB wants.
    pub(crate) fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            (
                PARTITION.to_owned(),
                AttributeValue::S(self.partition.clone()),
            ),
            (SORT.to_owned(), AttributeValue::S(self.sort.clone())),
        ])
    }
}

/// Row 1.
pub(crate) fn organization(organization: &OrganizationId) -> Key {
    Key::new(format!("ORG#{organization}"), "ORG")
}

/// Row 2. `digest`: SHA-256 of the key, hexadecimal.
pub(crate) fn key(digest: &str) -> Key {
    Key::new(format!("KEY#{digest}"), "KEY")
}

/// Row 3.
pub(crate) fn connection(workspace: &WorkspaceId) -> Key {
    Key::new(format!("WORKSPACE#{workspace}"), "CONNECTION")
}

/// Row 4.
pub(crate) fn alias(organization: &OrganizationId, kind: AliasKind, hash: &AliasHash) -> Key {
    Key::new(format!("ORG#{organization}#ALIAS#{kind}#{hash}"), "ALIAS")
}

/// Row 5.
pub(crate) fn alias_of_person(
    organization: &OrganizationId,
    person: &PersonId,
    kind: AliasKind,
    hash: &AliasHash,
) -> Key {
    Key::new(
        person_partition(organization, person),
        format!("{ALIAS_PREFIX}{kind}#{hash}"),
    )
}

/// Row 6. `sort_at`: the session's place in the list, milliseconds since 1970.
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

/// The sort key of row 6, which is the same whoever's session it is.
pub(crate) fn listed_session_sort(sort_at: u64, session: &SessionId) -> String {
    format!("{}#{session}", listed_at(sort_at))
}

/// Sorts after every session listed before `sort_at` and before those listed at it.
pub(crate) fn listed_at(sort_at: u64) -> String {
    format!("{SESSION_PREFIX}{sort_at:015}")
}

/// Row 7.
pub(crate) fn meta(organization: &OrganizationId, session: &SessionId) -> Key {
    Key::new(session_partition(organization, session), "META")
}

/// Row 8.
pub(crate) fn chunk(organization: &OrganizationId, session: &SessionId, seq: u32) -> Key {
    Key::new(
        session_partition(organization, session),
        format!("{CHUNK_PREFIX}{seq:010}"),
    )
}

/// Row 9.
pub(crate) fn token(workspace: &WorkspaceId) -> Key {
    Key::new(format!("WORKSPACE#{workspace}"), "TOKEN")
}

/// Row 10. `digest`: SHA-256 of the state, hexadecimal.
pub(crate) fn spent_state(digest: &str) -> Key {
    Key::new(format!("STATE#{digest}"), "STATE")
}

/// Row 11. `digest`: SHA-256 of the token, hexadecimal.
pub(crate) fn handover(digest: &str) -> Key {
    Key::new(format!("HANDOVER#{digest}"), "HANDOVER")
}

/// Row 12.
pub(crate) fn counts(organization: &OrganizationId, day: Date) -> Key {
    Key::new(format!("ORG#{organization}#DAY#{day}"), "COUNTS")
}

/// The partition of rows 5 and 6.
pub(crate) fn person_partition(organization: &OrganizationId, person: &PersonId) -> String {
    format!("ORG#{organization}#PERSON#{person}")
}

/// The partition of rows 7 and 8.
pub(crate) fn session_partition(organization: &OrganizationId, session: &SessionId) -> String {
    format!("ORG#{organization}#SESSION#{session}")
}

/// The alias that a sort key of row 5 names.
pub(crate) fn parse_alias_of_person(sort: &str) -> Option<(AliasKind, AliasHash)> {
    let (kind, hash) = sort.strip_prefix(ALIAS_PREFIX)?.split_once('#')?;
    Some((AliasKind::from_name(kind)?, AliasHash::parse(hash).ok()?))
}
