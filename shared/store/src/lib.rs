//! One DynamoDB table and one bucket: organizations, keys, people, sessions, recordings.
//!
//! [`Store`] is the door to the table, and [`Recordings`] the one to the bucket: what only reads the table
//! links no bucket. What belongs to one organization is reached through [`Store::of`], which gives it by
//! nouns: `store.of(&organization).sessions().begin_summary(…)`. So no organization can be forgotten, and
//! none reaches another's rows.
//!
//! Each folder has the rows that it writes in its `rows.rs`, with what each is for:
//!
//! - `tenants`: organizations and their keys ([`ApiKeys`], [`IdentityVerification`]), workspaces and
//!   their connections ([`Connections`]), where tracked events come from ([`Sources`]), tokens, what may
//!   happen only once on the way to a connection ([`Store::spend_state`], [`Store::hand_over`]), what
//!   arrives on a day ([`Counters`]), how far a workspace is reconciled with Intercom;
//! - `people`: what Intercom says of contacts ([`OrganizationStore::apply_statement`], [`Contacts`]), who is
//!   the same person, and an Intercom contact's people in one round trip ([`Store::find_contact`]);
//! - `sessions`: whose session it is ([`Sessions::identify`]), the recording ([`OrganizationRecordings`]),
//!   from chunks to a summary ([`Sessions::request_summary`], [`Recordings::save_summary`]), sessions whose
//!   chunks nobody summarizes ([`Store::look_at_begun`]), lists, and links that open one recording
//!   ([`ShareLinks`]);
//! - `problems`: which errors, failed requests, rage and dead clicks how many people had ([`Problems`]);
//! - `matching`: sessions of unknown visitors that may be a contact's ([`Matching`]);
//! - `notifications`: which were dealt with ([`Notifications::is_seen`]), and which failed for good
//!   ([`Notifications::park`]);
//! - `erasure`: erasing somebody ([`Erasures`], [`Store::erasure_step`]) and what is older than it is to be
//!   kept.
//!
//! Attributes that several rows share: `expires`, seconds since 1970, is the TTL attribute; `version` counts
//! the writes of a summary. Other times are milliseconds since 1970. Numbers in keys are zero-padded, so that
//! they sort as text.
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
mod problems;
mod scope;
mod sessions;
pub mod steps;
mod tenants;

use identity::{MasterKey, OrganizationId};
use table::Table;

pub use erasure::{ErasurePreview, ErasureStep, Erasures, OldSessions, PersonErasure};
pub use error::Error;
pub use identity::AddressFilter;
pub use matching::Matching;
pub use matching::candidates::Candidates;
pub use notifications::Notifications;
pub use notifications::failures::Failure;
pub use notifications::parked::ParkedNotification;
pub use notifications::parked_id::ParkedId;
pub use organization::OrganizationStore;
pub use people::Contacts;
pub use people::contact_lookup::{
    AliasMatch, ContactLookup, ContactQuery, ContactRole, ContactState,
};
pub use people::contacts::Applied;
pub use problems::Problems;
pub use problems::days::{Days, MAX_DAYS};
pub use problems::find::CountedProblem;
pub use problems::list::{MAX_LISTED, ProblemList, ProblemQuery};
pub use problems::occurrence::Example;
pub use problems::sample::Tally;
pub use problems::seen::{Excluding, Seen};
pub use replay::{Moment, MomentKind, NotRecorded};
pub use sessions::begun::{BegunPage, BegunPlace};
pub use sessions::checkpoint::Checkpoint;
pub use sessions::chunks::{ChunkManifest, ChunkOutcome, NewChunk};
pub use sessions::cursor::SessionCursor;
pub use sessions::day_counts::DayCounts;
pub use sessions::filter::{PageFilter, SessionFilter};
pub use sessions::gap::Gap;
pub use sessions::identification::Identification;
pub use sessions::identify::IdentifyOutcome;
pub use sessions::list::{ListCursor, SessionListPage};
pub use sessions::neighbours::Neighbours;
pub use sessions::object_path::ObjectPath;
pub use sessions::objects::kept_for;
pub use sessions::person_list::{PageRequest, SessionPage, SessionRow};
pub use sessions::problem_words::ProblemFilter;
pub use sessions::profile::{PersonProfile, ProfileAlias};
pub use sessions::progress::{Advance, Progress, SaveOutcome};
pub use sessions::read::{Aliases, StoredSession};
pub use sessions::recordings::{OrganizationRecordings, Recordings};
pub use sessions::requests::SummaryRequest;
pub use sessions::share_id::ShareId;
pub use sessions::share_links::ShareLink;
pub use sessions::visit_length::MinLength;
pub use sessions::{People, Sessions, ShareLinks};
pub use table::{KeyRing, KeyRingError, SecretText, create_table};
pub use tenants::api_key::ApiKey;
pub use tenants::connection::{
    Connection, ConnectionStatus, Installer, LastSync, SyncOutcome, WorkspaceProfile,
};
pub use tenants::counters::{Counter, RefusedOrigin};
pub use tenants::ended_sign_ins::SignInId;
pub use tenants::handovers::{Handover, HandoverToken};
pub use tenants::identity_changes::KeyReplacement;
pub use tenants::identity_secrets::{
    IdentityKey, IdentitySecrets, MAX_IDENTITY_KEYS, MAX_MESSENGER_SECRETS, MessengerSecret,
};
pub use tenants::installations::{Disconnection, NewConnection};
pub use tenants::key_rotation::{FirstKeys, KEY_OVERLAP, KeySummary};
pub use tenants::messenger_secret::{MessengerPlatform, NewMessengerSecret};
pub use tenants::organizations::{Grant, KeyLookup, KeyScope, NewKey, Provision};
pub use tenants::origins::{AllowedOrigins, Origin};
pub use tenants::place::{WorkspaceRegion, WorkspaceTimeZone};
pub use tenants::preference_error::PreferenceError;
pub use tenants::preferences::{ListLength, PlayerUrlTemplate, Preferences, ShareLinkDays};
pub use tenants::quotas::Quotas;
pub use tenants::retention::RetentionDays;
pub use tenants::sources::{MAX_SOURCES, Source, SourceChoices, SourceKind};
pub use tenants::sync::{ConnectedWorkspaces, SyncPart, SyncProgress, SyncRun};
pub use tenants::{ApiKeys, Connections, Counters, IdentityVerification, Sources};

/// Every kind of row that the store writes. Other crates with rows of their own test theirs against them: all
/// share one table.
pub const ROWS: [&[table::Spelling]; 5] = [
    &tenants::rows::ROWS,
    &people::rows::ROWS,
    &sessions::rows::ROWS,
    &problems::rows::ROWS,
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
    known_organizations: tenants::connections::KnownOrganizations,
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
            known_organizations: tenants::connections::KnownOrganizations::default(),
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

    /// Workspaces' connections.
    #[must_use]
    pub fn connections(&self) -> Connections<'_> {
        Connections::of(self)
    }

    /// Intercom's notifications.
    #[must_use]
    pub fn notifications(&self) -> Notifications<'_> {
        Notifications::of(self)
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
        table::assert_apart(&crate::ROWS.concat());
    }
}
