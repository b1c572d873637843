//! How the connection is.

use store::{Connection, ConnectionStatus, SyncOutcome, WorkspaceRegion};

use super::dates::Dates;

/// The connection and the workspace behind it.
pub(super) struct ConnectionCard<'a> {
    pub(super) status: Status,
    pub(super) workspace: &'a str,
    pub(super) workspace_id: &'a str,
    pub(super) region: &'static str,
    pub(super) timezone: &'a str,
    pub(super) connected_by: &'a str,
    pub(super) connected_on: String,
    pub(super) last_sync: String,
}

/// What a status means, and what to do about it.
pub(super) struct Status {
    pub(super) label: &'static str,
    /// A class of the stylesheet.
    pub(super) tone: &'static str,
    pub(super) explanation: &'static str,
    pub(super) reconnect: &'static str,
    pub(super) needs_reconnect: bool,
    pub(super) is_connected: bool,
}

impl<'a> ConnectionCard<'a> {
    pub(super) fn new(connection: &'a Connection, dates: &Dates) -> Self {
        let by = connection.connected_by.as_ref();
        let by = by.map(|installer| installer.name.trim());
        Self {
            status: Status::of(connection.status),
            workspace: match connection.workspace_name.trim() {
                "" => connection.workspace.as_str(),
                name => name,
            },
            workspace_id: connection.workspace.as_str(),
            region: region(connection.region),
            timezone: connection.timezone.as_str(),
            connected_by: by.filter(|name| !name.is_empty()).unwrap_or("Not known"),
            connected_on: written(
                connection.connected_at.map(|at| dates.write(at)),
                "Not known",
            ),
            last_sync: written(
                connection
                    .last_sync
                    .map(|sync| format!("{}: {}", dates.write(sync.at), outcome(sync.outcome))),
                "Not yet",
            ),
        }
    }
}

impl Status {
    fn of(status: ConnectionStatus) -> Self {
        match status {
            ConnectionStatus::Connected => Self {
                label: "Connected",
                tone: "good",
                explanation: "Teammates see recorded sessions beside their conversations.",
                reconnect: "Reconnect",
                needs_reconnect: false,
                is_connected: true,
            },
            ConnectionStatus::NeedsAttention => Self {
                label: "Needs attention",
                tone: "warn",
                explanation: "Intercom no longer accepts our access. The panel goes on showing sessions, but what needs Intercom's API stands still until an admin reconnects.",
                reconnect: "Reconnect",
                needs_reconnect: true,
                is_connected: true,
            },
            ConnectionStatus::Disconnected => Self {
                label: "Disconnected",
                tone: "quiet",
                explanation: "We have no access to this workspace, and its panel says so. Your sessions, keys and preferences are kept: connecting brings everything back.",
                reconnect: "Connect again",
                needs_reconnect: true,
                is_connected: false,
            },
        }
    }
}

fn region(region: WorkspaceRegion) -> &'static str {
    match region {
        WorkspaceRegion::Us => "US (United States)",
        WorkspaceRegion::Eu => "EU (Europe)",
        WorkspaceRegion::Au => "AU (Australia)",
    }
}

fn outcome(outcome: SyncOutcome) -> &'static str {
    match outcome {
        SyncOutcome::Succeeded => "succeeded",
        SyncOutcome::Unreachable => "Intercom did not answer",
        SyncOutcome::Refused => "Intercom refused it",
    }
}

fn written(text: Option<String>, otherwise: &str) -> String {
    text.unwrap_or_else(|| otherwise.to_owned())
}
