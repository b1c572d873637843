//! The rows of organizations and their workspaces.

use identity::{OrganizationId, SourceId, WorkspaceId};
use jiff::Timestamp;
use jiff::civil::Date;
use table::{Key, Spelling};

/// An organization: its name, its creation, the digests of its keys. Read by operators, and to revoke keys.
pub(crate) const ORGANIZATION: Spelling = Spelling::new("ORG#{organization}", "ORG");

/// The key of [`ORGANIZATION`].
pub(crate) fn organization(organization: &OrganizationId) -> Key {
    Key::new(format!("ORG#{organization}"), "ORG")
}

/// An API key: organization, scope, retention, allowed origins; a write key also sealed. Read by every call
/// of the recording API, once. The row itself names the organization.
pub(crate) const API_KEY: Spelling = Spelling::new("KEY#{sha256 of the key}", "KEY");

/// The key of [`API_KEY`]. `digest`: SHA-256 of the key, hexadecimal.
pub(crate) fn api_key(digest: &str) -> Key {
    Key::new(format!("KEY#{digest}"), "KEY")
}

/// A workspace's connection, which names the organization. Read by the canvas in its first batch, and by the
/// settings page.
pub(crate) const CONNECTION: Spelling = Spelling::new("WORKSPACE#{workspace}", "CONNECTION");

/// The key of [`CONNECTION`].
pub(crate) fn connection(workspace: &WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "CONNECTION")
}

/// Intercom's token of a workspace, sealed. Read by what calls Intercom; the canvas never does.
pub(crate) const TOKEN: Spelling = Spelling::new("WORKSPACE#{workspace}", "TOKEN");

/// The key of [`TOKEN`].
pub(crate) fn token(workspace: &WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "TOKEN")
}

/// How far a workspace is reconciled with Intercom. Read by `reconcile`.
pub(crate) const SYNC: Spelling = Spelling::new("WORKSPACE#{workspace}", "SYNC");

/// The key of [`SYNC`].
pub(crate) fn sync(workspace: &WorkspaceId) -> Key {
    Key::new(workspace_partition(workspace), "SYNC")
}

/// That an admin has ended a sign-in of a workspace before its time; holds nothing else. Read by all
/// pages for admins, beside the connection.
pub(crate) const ENDED_SIGN_IN: Spelling =
    Spelling::new("WORKSPACE#{workspace}", "ENDED#{sha256 of a sign-in's id}");

/// The key of [`ENDED_SIGN_IN`]. `digest`: SHA-256 of the sign-in's id, hexadecimal.
pub(crate) fn ended_sign_in(workspace: &WorkspaceId, digest: &str) -> Key {
    Key::new(workspace_partition(workspace), format!("ENDED#{digest}"))
}

/// The partition of everything that a workspace has, notifications included.
pub(crate) fn workspace_partition(workspace: &WorkspaceId) -> String {
    format!("WORKSPACE#{workspace}")
}

/// That a workspace can be asked about at Intercom; holds nothing else. `reconcile` reads all of them.
pub(crate) const CONNECTED_WORKSPACE: Spelling = Spelling::new(CONNECTED, "{workspace}");

/// The partition of [`CONNECTED_WORKSPACE`].
pub(crate) const CONNECTED: &str = "CONNECTED";

/// The key of [`CONNECTED_WORKSPACE`].
pub(crate) fn connected(workspace: &WorkspaceId) -> Key {
    Key::new(CONNECTED, workspace.as_str())
}

/// That an authorization is over; holds nothing else and belongs to nobody. `oauth-callback` writes it once.
pub(crate) const SPENT_STATE: Spelling = Spelling::new("STATE#{sha256 of a state}", "STATE");

/// The key of [`SPENT_STATE`]. `digest`: SHA-256 of the state, hexadecimal.
pub(crate) fn spent_state(digest: &str) -> Key {
    Key::new(format!("STATE#{digest}"), "STATE")
}

/// Who is on the way to the settings page. The settings page takes it once. The row itself names the
/// organization.
pub(crate) const HANDOVER: Spelling = Spelling::new("HANDOVER#{sha256 of a token}", "HANDOVER");

/// The key of [`HANDOVER`]. `digest`: SHA-256 of the token, hexadecimal.
pub(crate) fn handover(digest: &str) -> Key {
    Key::new(format!("HANDOVER#{digest}"), "HANDOVER")
}

/// What arrived at an organization on a day (UTC). Read by the settings page.
pub(crate) const COUNTS: Spelling = Spelling::new("ORG#{organization}#DAY#{date}", "COUNTS");

/// The key of [`COUNTS`].
pub(crate) fn counts(organization: &OrganizationId, day: Date) -> Key {
    Key::new(format!("ORG#{organization}#DAY#{day}"), "COUNTS")
}

/// A value by which a start knows the deployment's master key. The first start writes it; it never goes.
pub(crate) const MASTER_KEY: Spelling = Spelling::new("DEPLOYMENT", "MASTER_KEY");

/// The key of [`MASTER_KEY`].
pub(crate) fn master_key() -> Key {
    Key::new("DEPLOYMENT", "MASTER_KEY")
}

/// What an organization has sent of something limited, in a window of time. Every instance of `record` adds
/// to it what it has let pass.
pub(crate) const QUOTA: Spelling =
    Spelling::new("ORG#{organization}#QUOTA#{quota}", "{start, seconds}");

/// The key of [`QUOTA`].
pub(crate) fn quota(organization: &OrganizationId, quota: &str, began: Timestamp) -> Key {
    Key::new(
        format!("ORG#{organization}#QUOTA#{quota}"),
        format!("{:012}", began.as_second()),
    )
}

/// What an organization signs its visitors' names with, sealed. Read by signed identifications, once a
/// minute for each process, and by the settings page.
pub(crate) const IDENTITY_SECRETS: Spelling = Spelling::new("ORG#{organization}", "IDENTITY");

/// The key of [`IDENTITY_SECRETS`].
pub(crate) fn identity_secrets(organization: &OrganizationId) -> Key {
    Key::new(format!("ORG#{organization}"), "IDENTITY")
}

/// A source of tracked events: its name, kind, workspace and settings. Read by `collect`, once a minute for
/// each process, and by whoever sees to sources. The browser source `site` has one once it is changed.
pub(crate) const SOURCE: Spelling = Spelling::new("ORG#{organization}", "SOURCE#{source}");

/// The key of [`SOURCE`].
pub(crate) fn source(organization: &OrganizationId, source: &SourceId) -> Key {
    Key::new(format!("ORG#{organization}"), format!("{SOURCES}{source}"))
}

/// What the sort keys of [`SOURCE`] begin with.
pub(crate) const SOURCES: &str = "SOURCE#";

/// All of these.
pub(crate) const ROWS: [Spelling; 14] = [
    ORGANIZATION,
    API_KEY,
    CONNECTION,
    TOKEN,
    SYNC,
    ENDED_SIGN_IN,
    CONNECTED_WORKSPACE,
    SPENT_STATE,
    HANDOVER,
    COUNTS,
    MASTER_KEY,
    QUOTA,
    IDENTITY_SECRETS,
    SOURCE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_spelled_as_their_rows_say() {
        let owner = OrganizationId::parse("org_a").unwrap();
        let workspace = WorkspaceId::parse("ab12").unwrap();
        for (row, key) in [
            (ORGANIZATION, organization(&owner)),
            (API_KEY, api_key("5d")),
            (CONNECTION, connection(&workspace)),
            (TOKEN, token(&workspace)),
            (SYNC, sync(&workspace)),
            (ENDED_SIGN_IN, ended_sign_in(&workspace, "5d")),
            (CONNECTED_WORKSPACE, connected(&workspace)),
            (SPENT_STATE, spent_state("5d")),
            (HANDOVER, handover("5d")),
            (COUNTS, counts(&owner, Date::constant(2026, 11, 30))),
            (MASTER_KEY, master_key()),
            (QUOTA, quota(&owner, "new_sessions", Timestamp::UNIX_EPOCH)),
            (IDENTITY_SECRETS, identity_secrets(&owner)),
            (SOURCE, source(&owner, &SourceId::site())),
        ] {
            assert!(row.spells(&key), "{row:?} {key:?}");
        }
    }
}
