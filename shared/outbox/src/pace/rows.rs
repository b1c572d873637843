//! The rows of when Intercom may be told something.

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use table::{Key, Spelling};

use crate::lane::Lane;

/// How many calls a workspace has left in this window, and the end of the line of those who wait for one,
/// over all instances.
pub(crate) const BUDGET: Spelling = Spelling::new("ORG#{organization}#PACE#{workspace}", "BUDGET");

/// The key of [`BUDGET`].
pub(crate) fn budget(organization: &OrganizationId, workspace: &WorkspaceId) -> Key {
    Key::new(pace_partition(organization, workspace), "BUDGET")
}

/// What holds a workspace: Intercom lets us do nothing there. Read by each run; the settings page shows
/// it.
pub(crate) const HOLD: Spelling = Spelling::new("ORG#{organization}#PACE#{workspace}", "HOLD");

/// The key of [`HOLD`].
pub(crate) fn hold(organization: &OrganizationId, workspace: &WorkspaceId) -> Key {
    Key::new(pace_partition(organization, workspace), "HOLD")
}

/// Which names of events the workspace has been told: digests, 120 at most. Read for a name that an
/// instance does not know.
pub(crate) const EVENT_NAMES: Spelling =
    Spelling::new("ORG#{organization}#PACE#{workspace}", "EVENT_NAMES");

/// The key of [`EVENT_NAMES`].
pub(crate) fn event_names(organization: &OrganizationId, workspace: &WorkspaceId) -> Key {
    Key::new(pace_partition(organization, workspace), "EVENT_NAMES")
}

fn pace_partition(organization: &OrganizationId, workspace: &WorkspaceId) -> String {
    format!("ORG#{organization}#PACE#{workspace}")
}

/// That a lane is to be looked at again at a time, of all organizations. Read once a minute.
pub(crate) const DUE: Spelling = Spelling::new(
    "DUE#{shard}",
    "AT#{when, ms}#{organization}#{workspace}#{lane}",
);

/// Partitions over which [`DUE`] is spread: DynamoDB takes a thousand writes a second of one.
pub(crate) const DUE_SHARDS: u8 = 8;

/// The key of [`DUE`].
pub(crate) fn due(
    organization: &OrganizationId,
    (workspace, lane): (&WorkspaceId, &Lane),
    at: Timestamp,
) -> Key {
    let shard = lane.as_str().bytes().next().unwrap_or_default() % DUE_SHARDS;
    let milliseconds = at.as_millisecond().max(0);
    Key::new(
        due_partition(shard),
        format!("AT#{milliseconds:015}#{organization}#{workspace}#{lane}"),
    )
}

/// The partition of [`DUE`].
pub(crate) fn due_partition(shard: u8) -> String {
    format!("DUE#{shard}")
}

/// All of these.
pub(crate) const ROWS: [Spelling; 4] = [BUDGET, HOLD, EVENT_NAMES, DUE];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_spelled_as_their_rows_say() {
        let organization = OrganizationId::parse("org_a").unwrap();
        let workspace = WorkspaceId::parse("ab12").unwrap();
        let lane = Lane::parse(&"5d".repeat(16)).unwrap();
        let at = Timestamp::UNIX_EPOCH;
        for (row, key) in [
            (BUDGET, budget(&organization, &workspace)),
            (HOLD, hold(&organization, &workspace)),
            (DUE, due(&organization, (&workspace, &lane), at)),
        ] {
            assert!(row.spells(&key), "{row:?} {key:?}");
        }
    }
}
