//! The workspaces of the pretend Intercom.

use intercom::fake::{Directory, FakeConversation, FakeIntercom, Workspace};

/// The id of the workspace with the conversations.
pub(crate) const WORKSPACE: &str = "local";

/// Its time zone, IANA name. The Inbox page and the canvas both show times in it.
pub(crate) const TIME_ZONE: &str = "UTC";

/// Adds the one with the conversations, and another that nobody has connected yet.
pub(crate) fn add(intercom: &FakeIntercom, conversations: Vec<FakeConversation>) {
    let local = Workspace::new(WORKSPACE, "Local").located("US", TIME_ZONE);
    let second = Workspace::new("second", "Second workspace").located("EU", "Europe/Dublin");
    intercom.add(local, Directory::new(conversations));
    intercom.add(second, Directory::default());
}
