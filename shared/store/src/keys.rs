//! The table's keys: every row there is, and which access pattern it serves.
//!
//! | # | partition key `PK` | sort key `SK` | holds | read by |
//! |---|---|---|---|---|
//! | 1 | `ORG#{organization}` | `ORG` | name, creation, digests of its keys | operators; revoking keys |
//! | 2 | `KEY#{sha256 of the key}` | `KEY` | organization, scope, retention, allowed origins; a write key sealed | every call of the recording API: 1 read |
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
//! | 13 | `ORG#{organization}#CONTACT#{hash}` | `CONTACT` | what Intercom has said of a contact, hashed; a possible match | applying a statement: 1 batch with 4; the canvas: in one batch with 3 and 4 |
//! | 14 | `ORG#{organization}#CONTACT#{hash}` | `CONVERSATION#{sha256 of its id}` | when and on which page (sealed) a conversation began | the canvas: in the same batch |
//! | 15 | `WORKSPACE#{workspace}` | `NOTIFICATION#{notification}` | that it was dealt with, or why not | what takes notifications: 1 read |
//! | 16 | `WORKSPACE#{workspace}` | `PARKED#{when it happened, ms}#{notification}` | why a notification came to nothing | settings: latest first |
//! | | | `PIECE#{when it happened, ms}#{notification}#{nonce}#{number}` | the notification itself, sealed, in pieces | sending it again |
//! | 17 | `WORKSPACE#{workspace}` | `SYNC` | how far it is reconciled with Intercom | reconcile |
//! | 18 | `CONNECTED` | `{workspace}` | nothing: it can be asked about at Intercom | reconcile: all of them |
//! | 19 | `ORG#{organization}#ACTIVE#{quarter of an hour}` | `SESSION#{session}`, `PAGE#{hash of the page}#{session}` | nothing: an unknown visitor's session was going on, and was on a page | possible matches |
//! | 20 | `ORG#{organization}#PERSON#{stand-in of a contact}` | `CLAIM#{kind}#{hash}` | nothing: an alias that the contact is only said to have | linking: with 5 |
//! | 21 | `ORG#{organization}#SESSIONS#{day}` | `SESSION#{start, ms}#{session}` | what filters go by: flags, paths of pages | the list of all sessions: a day's, newest first |
//! | 22 | `SHARE#{share}` | `SHARE` | a link: whose session it opens, until when, how often it did | opening a shared recording: 1 write |
//! | 23 | `ORG#{organization}#SHARES` | `SHARE#{when it was made, ms}#{share}` | nothing: the organization has made that link | settings: latest first |
//! | 24 | `ORG#{organization}#PERSON#{person}` | `UNLISTED#{session}` | nothing: a session of theirs that no list had when it was identified | erasing a person: after 6, in the same query |
//! | 25 | `BEGUN#{hour}#{shard}` | `{organization}#{session}` | nothing: a session's first chunk came in that hour, or it went on | summarize: once an hour, all of them |
//!
//! No identifier holds a `#`, so no two different keys are spelled the same. Organizations are part of every
//! partition key but 2, 3, 9, 11, 15 to 18, 22 and 25, which are a workspace's, and whose that is says its
//! connection, or say it themselves (10 is nobody's): there is no key with which one organization could reach
//! another's rows. Numbers are zero-padded so that they sort as text.
//!
//! Attributes that several rows share: `expires`, seconds since 1970, is the TTL attribute; `version` counts
//! the writes of a summary. Other times are milliseconds since 1970.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use identity::{
    AliasHash, AliasKind, ConversationId, NotificationId, OrganizationId, PersonId, SessionId,
    WorkspaceId,
};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::bucket;
use crate::day_index::day_of;
use crate::{ParkedId, ShareId};

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
/// Begins the sort key of every e-mail address that a contact is only said to have.
pub(crate) const CLAIM_PREFIX: &str = "CLAIM#";
/// Sorts after every claim, and before every session.
pub(crate) const AFTER_CLAIMS: &str = "CLAIM$";
/// Begins the sort key of every conversation of a contact.
pub(crate) const CONVERSATION_PREFIX: &str = "CONVERSATION#";
/// Begins the sort key of every chunk's manifest.
pub(crate) const CHUNK_PREFIX: &str = "CHUNK#";

/// Begins the sort key of every parked notification.
pub(crate) const PARKED_PREFIX: &str = "PARKED#";

/// Begins the sort key of every link of an organization.
pub(crate) const SHARE_PREFIX: &str = "SHARE#";

/// Begins the sort key of every session that was in no list when it was identified.
pub(crate) const UNLISTED_PREFIX: &str = "UNLISTED#";
/// Sorts after all of those, which sort after the listed ones.
pub(crate) const AFTER_UNLISTED: &str = "UNLISTED$";

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

/// The sort key of rows 6 and 21, which is the same whoever's session it is.
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

/// Row 16.
pub(crate) fn parked(workspace: &WorkspaceId, id: &ParkedId) -> Key {
    Key::new(workspace_partition(workspace), parked_sort(id))
}

/// The sort key of row 16.
pub(crate) fn parked_sort(id: &ParkedId) -> String {
    format!("{PARKED_PREFIX}{}", parked_place(id))
}

/// A piece of what row 16 is about.
pub(crate) fn parked_piece(workspace: &WorkspaceId, id: &ParkedId, name: &str, piece: u8) -> Key {
    Key::new(
        workspace_partition(workspace),
        format!("PIECE#{}#{name}#{piece:03}", parked_place(id)),
    )
}

fn parked_place(id: &ParkedId) -> String {
    let happened_at = id.happened_at().as_millisecond();
    format!("{happened_at:015}#{}", id.notification())
}

/// Row 17.
pub(crate) fn sync(workspace: &WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "SYNC")
}

/// The partition of row 18.
pub(crate) const CONNECTED: &str = "CONNECTED";

/// Row 18.
pub(crate) fn connected(workspace: &WorkspaceId) -> Key {
    Key::new(CONNECTED.to_owned(), workspace.as_str())
}

/// The partition of rows 3, 9, 16 and 17.
pub(crate) fn workspace_partition(workspace: &WorkspaceId) -> String {
    format!("WORKSPACE#{workspace}")
}

/// Row 13. `contact`: hash of the alias that a contact is.
pub(crate) fn contact(organization: &OrganizationId, contact: &AliasHash) -> Key {
    Key::new(contact_partition(organization, contact), "CONTACT")
}

/// Row 14.
pub(crate) fn conversation(
    organization: &OrganizationId,
    contact: &AliasHash,
    conversation: &ConversationId,
) -> Key {
    // Digested because an id of Intercom's may hold any character.
    let digest = bucket::digest(conversation.as_str().as_bytes());
    Key::new(
        contact_partition(organization, contact),
        format!("{CONVERSATION_PREFIX}{digest}"),
    )
}

/// Row 15.
pub(crate) fn notification(workspace: &WorkspaceId, notification: &NotificationId) -> Key {
    Key::new(
        format!("WORKSPACE#{workspace}"),
        format!("NOTIFICATION#{notification}"),
    )
}

/// Row 19 of a session. `quarter`: quarters of an hour since 1970.
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

/// Row 19 of a page of a session.
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

/// Begins the sort key of every row 19 of a page.
pub(crate) fn active_page_prefix(page: &str) -> String {
    format!("PAGE#{page}#")
}

/// The partition of row 19. DynamoDB takes a thousand writes a second of one, so that many sessions may come
/// to another page in the same second before some of them are no candidates.
pub(crate) fn active_partition(organization: &OrganizationId, quarter: i64) -> String {
    format!("ORG#{organization}#ACTIVE#{quarter}")
}

/// Row 21. `sort_at`: the session's place in every list, milliseconds since 1970.
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

/// The partition of row 21. DynamoDB takes a thousand writes a second of one.
pub(crate) fn index_partition(organization: &OrganizationId, day: Date) -> String {
    format!("ORG#{organization}#SESSIONS#{day}")
}

/// Row 22.
pub(crate) fn share(id: &ShareId) -> Key {
    Key::new(format!("SHARE#{id}"), "SHARE")
}

/// Row 23.
pub(crate) fn share_of(organization: &OrganizationId, created_at: Timestamp, id: &ShareId) -> Key {
    let created_at = created_at.as_millisecond();
    Key::new(
        shares_partition(organization),
        format!("{SHARE_PREFIX}{created_at:015}#{id}"),
    )
}

/// The partition of row 23.
pub(crate) fn shares_partition(organization: &OrganizationId) -> String {
    format!("ORG#{organization}#SHARES")
}

/// The link that a sort key of row 23 names.
pub(crate) fn parse_share_of(sort: &str) -> Option<ShareId> {
    let (_, id) = sort.strip_prefix(SHARE_PREFIX)?.split_once('#')?;
    ShareId::parse(id)
}

/// Row 24.
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

/// The session that a sort key of row 6, 21 or 24 names.
pub(crate) fn parse_session(sort: &str) -> Option<SessionId> {
    let session = match sort.strip_prefix(SESSION_PREFIX) {
        Some(listed) => listed.split_once('#')?.1,
        None => sort.strip_prefix(UNLISTED_PREFIX)?,
    };
    SessionId::parse(session).ok()
}

/// Row 25. `hour`: hours since 1970.
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

/// The partition of row 25.
pub(crate) fn begun_partition(hour: i64, shard: u8) -> String {
    format!("BEGUN#{hour}#{shard}")
}

/// The session that a sort key of row 25 names.
pub(crate) fn parse_begun(sort: &str) -> Option<(OrganizationId, SessionId)> {
    let (organization, session) = sort.split_once('#')?;
    Some((
        OrganizationId::parse(organization).ok()?,
        SessionId::parse(session).ok()?,
    ))
}

/// Which of so many partitions a session's rows stand in, so that none has to take the writes of all.
pub(crate) fn shard_of(session: &SessionId, shards: u8) -> u8 {
    let bytes = session.as_str().bytes();
    // FNV-1a: any spread will do, as long as it stays the same.
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    (hash % u32::from(shards)) as u8
}

/// Row 20. `contact`: a contact's stand-in.
pub(crate) fn claim(
    organization: &OrganizationId,
    contact: &PersonId,
    kind: AliasKind,
    hash: &AliasHash,
) -> Key {
    Key::new(
        person_partition(organization, contact),
        format!("{CLAIM_PREFIX}{kind}#{hash}"),
    )
}

/// The partition of rows 13 and 14.
pub(crate) fn contact_partition(organization: &OrganizationId, contact: &AliasHash) -> String {
    format!("ORG#{organization}#CONTACT#{contact}")
}

/// The partition of rows 5, 6, 20 and 24.
pub(crate) fn person_partition(organization: &OrganizationId, person: &PersonId) -> String {
    format!("ORG#{organization}#PERSON#{person}")
}

/// The partition of rows 7 and 8.
pub(crate) fn session_partition(organization: &OrganizationId, session: &SessionId) -> String {
    format!("ORG#{organization}#SESSION#{session}")
}

/// The alias that a sort key of row 5 names.
pub(crate) fn parse_alias_of_person(sort: &str) -> Option<(AliasKind, AliasHash)> {
    parse_alias(sort.strip_prefix(ALIAS_PREFIX)?)
}

/// The alias that a sort key of row 20 names.
pub(crate) fn parse_claim(sort: &str) -> Option<(AliasKind, AliasHash)> {
    parse_alias(sort.strip_prefix(CLAIM_PREFIX)?)
}

fn parse_alias(name: &str) -> Option<(AliasKind, AliasHash)> {
    let (kind, hash) = name.split_once('#')?;
    Some((AliasKind::from_name(kind)?, AliasHash::parse(hash).ok()?))
}
