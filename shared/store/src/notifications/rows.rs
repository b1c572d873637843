//! The rows of Intercom's notifications. They stand in their workspace's partition, whose connection names
//! the organization.

use identity::{NotificationId, WorkspaceId};
use table::{Key, Spelling};

use crate::notifications::parked_id::ParkedId;
use crate::tenants::rows::workspace_partition;

/// That a notification was dealt with, or why not. Read by the worker that takes it, once.
pub(crate) const NOTIFICATION: Spelling =
    Spelling::new("WORKSPACE#{workspace}", "NOTIFICATION#{notification}");

/// The key of [`NOTIFICATION`].
pub(crate) fn notification(workspace: &WorkspaceId, notification: &NotificationId) -> Key {
    Key::new(
        workspace_partition(workspace),
        format!("NOTIFICATION#{notification}"),
    )
}

/// Why a notification failed for good. The settings page reads the latest first.
pub(crate) const PARKED: Spelling = Spelling::new(
    "WORKSPACE#{workspace}",
    "PARKED#{when it happened, ms}#{notification}",
);

/// Begins the sort key of every [`PARKED`].
pub(crate) const PARKED_PREFIX: &str = "PARKED#";

/// The key of [`PARKED`].
pub(crate) fn parked(workspace: &WorkspaceId, id: &ParkedId) -> Key {
    Key::new(workspace_partition(workspace), parked_sort(id))
}

/// The sort key of [`PARKED`].
pub(crate) fn parked_sort(id: &ParkedId) -> String {
    format!("{PARKED_PREFIX}{}", parked_place(id))
}

/// A piece of a parked notification itself, sealed. Read when it is sent again.
pub(crate) const PARKED_PIECE: Spelling = Spelling::new(
    "WORKSPACE#{workspace}",
    "PIECE#{when it happened, ms}#{notification}#{nonce}#{number}",
);

/// The key of [`PARKED_PIECE`]. `name`: the nonce that all pieces of one parking share.
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

/// All of these.
pub(crate) const ROWS: [Spelling; 3] = [NOTIFICATION, PARKED, PARKED_PIECE];

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn keys_are_spelled_as_their_rows_say() {
        let workspace = WorkspaceId::parse("ab12").unwrap();
        let id = NotificationId::parse("notif_1").unwrap();
        let parked_id = ParkedId::new(Timestamp::UNIX_EPOCH, id.clone()).unwrap();
        for (row, key) in [
            (NOTIFICATION, notification(&workspace, &id)),
            (PARKED, parked(&workspace, &parked_id)),
            (PARKED_PIECE, parked_piece(&workspace, &parked_id, "5d", 0)),
        ] {
            assert!(row.spells(&key), "{row:?} {key:?}");
        }
        assert_eq!(PARKED.prefix(), PARKED_PREFIX);
    }
}
