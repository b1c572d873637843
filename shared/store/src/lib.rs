//! One DynamoDB table and one bucket: organizations, keys, people, sessions, recordings.
//!
//! [`Store`] is the door to the table, and [`Recordings`] the one to the bucket: what only reads the table links no
//! bucket. What stands under which key is documented in one place, [`keys`]; the functions are grouped as the
//! access patterns there are:
//!
//! - [`Store::provision`], [`Store::authenticate`]: organizations and their keys;
//! - [`Store::create_first_keys`], [`Store::rotate_key`], [`Store::keys`]: those keys, as admins see to them;
//! - [`Store::connect`], [`Store::disconnect`], [`Store::token`]: workspaces, and what lets us call Intercom
//!   for them;
//! - [`Store::spend_state`], [`Store::hand_over`]: what may happen only once on the way to a connection;
//! - [`Store::park`], [`Store::parked`], [`Store::unpark`]: notifications that came to nothing;
//! - [`Store::connected_workspaces`], [`Store::sync_progress`]: what is reconciled with Intercom, and how
//!   far;
//! - [`Store::count`]: what arrives on a day;
//! - [`Store::find_contact`]: an Intercom contact's people, in one round trip;
//! - [`Store::identify`]: whose session it is, and who is the same person;
//! - [`Store::apply`], [`Store::suggest`]: what Intercom says about contacts, and who one of them may be;
//! - [`Store::is_seen`], [`Store::mark_seen`]: notifications that have been dealt with;
//! - [`Recordings::accept_chunk`], [`Store::chunks_from`], [`Recordings::read_chunk`]: the recording;
//! - [`Store::request_summary`], [`Store::begin_summary`], [`Recordings::save_summary`]: from chunks to a
//!   summary;
//! - [`Store::note_begun`], [`Store::look_at_begun`]: sessions whose chunks nobody summarizes;
//! - [`Store::note_activity`], [`Store::candidates`], [`Store::own`]: sessions that may be somebody's who is
//!   not known;
//! - [`Store::sessions`], [`Store::session_of`], [`Store::sessions_before`], [`Store::session`]: reading;
//! - [`Store::list_sessions`], [`Store::people_by`], [`Store::person`]: all sessions of an organization, and
//!   somebody's;
//! - [`Store::erasure_of`], [`Store::erasure_step`], [`Recordings::erase_session`]: erasing somebody;
//! - [`Store::share`], [`Store::open_share_link`], [`Store::share_links`]: links that open one recording.
//!
//! Every write is idempotent and indifferent to order: doing it twice, late or at the same time as another
//! ends in the same table. Rows expire by DynamoDB's TTL, which may lag by days, so reads leave expired rows
//! out.

mod activity;
mod alias_row;
mod api_key;
mod begun;
mod bucket;
mod candidates;
mod chunks;
mod cipher;
mod conflict;
mod connection;
mod connections;
mod contact_facts;
mod contact_lookup;
mod contact_row;
mod contacts;
mod conversations;
mod counters;
mod cursor;
mod day_index;
mod erasure;
mod error;
mod failures;
mod find_contact;
mod group;
mod handovers;
mod hints;
mod installations;
mod key_rotation;
pub mod keys;
mod links;
mod listing;
mod meta;
mod organizations;
mod origins;
mod page_cipher;
mod parked;
mod parked_body;
mod people;
mod preferences;
mod profile;
mod progress;
mod projection;
mod recordings;
mod runs;
mod sealed;
mod sealing;
mod secret_text;
mod seen;
mod session;
mod session_filter;
mod session_list;
mod sessions;
mod share_links;
mod spent_states;
pub mod steps;
mod suggestions;
mod sync;
mod table;
mod tokens;
mod transaction;

use identity::{MasterKey, OrganizationId};

pub use api_key::ApiKey;
pub use begun::{BegunPage, BegunPlace};
pub use bucket::kept_for;
pub use candidates::Candidates;
pub use chunks::{ChunkManifest, ChunkOutcome, NewChunk};
pub use connection::{
    Connection, ConnectionStatus, Installer, LastSync, SyncOutcome, WorkspaceProfile,
};
pub use contact_lookup::{
    AliasMatch, ContactLookup, ContactQuery, ContactRole, ContactState, MAX_PEOPLE,
};
pub use contacts::Applied;
pub use counters::{Counter, DayCounts};
pub use cursor::SessionCursor;
pub use erasure::{ErasureStep, OldSessions, PersonErasure};
pub use error::Error;
pub use failures::Failure;
pub use handovers::{Handover, HandoverToken};
pub use installations::{Disconnection, NewConnection};
pub use key_rotation::{FirstKeys, KEY_OVERLAP, KeySummary};
pub use organizations::{Grant, KeyScope, NewKey, Provision};
pub use origins::{AllowedOrigins, Origin};
pub use parked::{ParkedId, ParkedNotification};
pub use preferences::{
    ListLength, PlayerUrlTemplate, PreferenceError, Preferences, RetentionDays, ShareLinkDays,
};
pub use profile::PersonProfile;
pub use progress::{Advance, Gap, Progress, SaveOutcome};
pub use recordings::Recordings;
pub use runs::SummaryRequest;
pub use sealing::{KeyRing, KeyRingError};
pub use secret_text::SecretText;
pub use session::{Aliases, StoredSession};
pub use session_filter::{PageFilter, SessionFilter};
pub use session_list::{ListCursor, SessionListPage};
pub use sessions::{PageRequest, SessionPage, SessionRow};
pub use share_links::{ShareId, ShareLink};
pub use sync::{ConnectedWorkspaces, SyncPart, SyncProgress, SyncRun};
pub use table::create_table;

/// Days that recordings and what is made of them are kept unless the organization chose otherwise.
pub const DEFAULT_RETENTION_DAYS: u32 = 30;

/// The TTL attribute of a row that is kept for so many days from `since`, seconds since 1970.
pub(crate) fn expires_at(since: jiff::Timestamp, retention_days: u32) -> i64 {
    since.as_second() + i64::from(retention_days) * 86_400
}

/// The table. Cheap to clone; one per process.
#[derive(Debug, Clone)]
pub struct Store {
    table: table::Table,
    master: MasterKey,
    /// What tokens are sealed with.
    token_keys: KeyRing,
    /// Organizations of workspaces, where they are not what the workspace's name says.
    homes: connections::Homes,
}

impl Store {
    /// The store over a table that exists (see [`create_table`]).
    pub fn new(
        client: aws_sdk_dynamodb::Client,
        table: impl Into<String>,
        master: MasterKey,
    ) -> Self {
        Self {
            table: table::Table::new(&client, table.into()),
            token_keys: KeyRing::of_master(&master),
            master,
            homes: connections::Homes::default(),
        }
    }

    /// The same store, which seals tokens with the keys of this ring rather than with one of the master key.
    #[must_use]
    pub fn with_token_keys(&self, token_keys: KeyRing) -> Self {
        Self {
            token_keys,
            ..self.clone()
        }
    }

    fn key_of(&self, organization: &OrganizationId) -> identity::OrganizationKey {
        self.master.organization(organization)
    }
}
