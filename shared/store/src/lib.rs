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

mod erasure;
mod error;
mod matching;
mod notifications;
mod organization;
mod people;
mod scope;
mod sessions;
mod tenants;

use identity::{MasterKey, OrganizationId};
use table::Table;

pub use erasure::{ErasureStep, Erasures, OldSessions, PersonErasure};
pub use error::Error;
pub use matching::Matching;
pub use matching::candidates::Candidates;
pub use notifications::failures::Failure;
pub use notifications::parked::{ParkedId, ParkedNotification};
pub use organization::OrganizationStore;
pub use people::Contacts;
pub use people::contact_lookup::{
    AliasMatch, ContactLookup, ContactQuery, ContactRole, ContactState,
};
pub use people::contacts::Applied;
pub use sessions::begun::{BegunPage, BegunPlace};
pub use sessions::chunks::{ChunkManifest, ChunkOutcome, NewChunk};
pub use sessions::cursor::SessionCursor;
pub use sessions::day_counts::DayCounts;
pub use sessions::filter::{PageFilter, SessionFilter};
pub use sessions::list::{ListCursor, SessionListPage};
pub use sessions::objects::kept_for;
pub use sessions::person_list::{PageRequest, SessionPage, SessionRow};
pub use sessions::profile::PersonProfile;
pub use sessions::progress::{Advance, Gap, Progress, SaveOutcome};
pub use sessions::read::{Aliases, StoredSession};
pub use sessions::recordings::{OrganizationRecordings, Recordings};
pub use sessions::runs::SummaryRequest;
pub use sessions::share_links::{ShareId, ShareLink};
pub use sessions::{People, Sessions, ShareLinks};
pub use table::{KeyRing, KeyRingError, SecretText, create_table};
pub use tenants::api_key::ApiKey;
pub use tenants::connection::{
    Connection, ConnectionStatus, Installer, LastSync, SyncOutcome, WorkspaceProfile,
};
pub use tenants::counters::Counter;
pub use tenants::handovers::{Handover, HandoverToken};
pub use tenants::installations::{Disconnection, NewConnection};
pub use tenants::key_rotation::{FirstKeys, KEY_OVERLAP, KeySummary};
pub use tenants::organizations::{Grant, KeyScope, NewKey, Provision};
pub use tenants::origins::{AllowedOrigins, Origin};
pub use tenants::preferences::{
    ListLength, PlayerUrlTemplate, PreferenceError, Preferences, ShareLinkDays,
};
pub use tenants::retention::RetentionDays;
pub use tenants::sync::{ConnectedWorkspaces, SyncPart, SyncProgress, SyncRun};
pub use tenants::{ApiKeys, Counters};

/// Every kind of row that the store writes. Other crates with rows of their own test theirs against them: all
/// share one table.
pub const ROWS: [&[table::Spelling]; 4] = [
    &tenants::rows::ROWS,
    &people::rows::ROWS,
    &sessions::rows::ROWS,
    &notifications::rows::ROWS,
];

/// The table. Cheap to clone; one per process.
#[derive(Debug, Clone)]
pub struct Store {
    table: Table,
    master: MasterKey,
    /// What tokens are sealed with.
    token_keys: KeyRing,
    /// Organizations of workspaces, where they are not what the workspace's name says.
    homes: tenants::connections::Homes,
}

impl Store {
    /// The store over a table that exists (see [`table::create_table`]).
    pub fn new(
        client: aws_sdk_dynamodb::Client,
        table: impl Into<String>,
        master: MasterKey,
    ) -> Self {
        Self {
            table: Table::new(&client, table.into()),
            token_keys: KeyRing::of_master(&master),
            master,
            homes: tenants::connections::Homes::default(),
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

    /// What is one organization's. Nothing that it gives can reach another's rows.
    #[must_use]
    pub fn of<'a>(&'a self, organization: &'a OrganizationId) -> OrganizationStore<'a> {
        OrganizationStore::of(self.scope(organization))
    }

    fn scope<'a>(&'a self, organization: &'a OrganizationId) -> scope::Scope<'a> {
        scope::Scope {
            table: &self.table,
            master: &self.master,
            token_keys: &self.token_keys,
            organization,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_row_is_taken_for_one_of_another_kind() {
        table::assert_apart(&super::ROWS.concat());
    }
}
