//! What Intercom lets us do, and what for.

/// The permissions that Intercom forces on every app with a panel in the Inbox (its Canvas Kit), and what we
/// use each for.
pub(super) const PERMISSIONS: [(&str, &str); 4] = [
    (
        "Read and list users and companies",
        "To recognise the person who wrote: their email address and IDs are compared with those of your recordings.",
    ),
    (
        "Read conversations",
        "To show what somebody did right before their conversation began.",
    ),
    (
        "Read admins",
        "To know who connected the workspace, and who signs in here.",
    ),
    (
        "Gather App data",
        "To know the workspace's name, region and time zone.",
    ),
];
