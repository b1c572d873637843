//! The Intercom of the stack's test: a workspace whose admin allows the app as often as it is asked.

use intercom::fake::{Browser, Directory, FakeContact, FakeIntercom, Options, Role, Workspace};
use intercom::signature::ClientSecret;
use jiff::{SignedDuration, Timestamp};

use crate::deployment::CLIENT_SECRET;

/// What an admin who allows the app is sent back with.
pub(crate) const CODE: &str = "dG9rOmNvZGU=";

/// What every code is exchanged for.
pub(crate) const TOKEN: &str = "dG9rOnVtYnJlbGxh";

/// The workspace that a test connects.
pub(crate) const WORKSPACE: &str = "umbrella";

/// One lead that notifications tell of, and has not changed for long; and one that no notification tells of.
pub(crate) fn umbrella() -> FakeIntercom {
    let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
    let intercom = FakeIntercom::new(Options::new("the-client-id", secret));
    let workspace =
        Workspace::new(WORKSPACE, "Umbrella").administered("1", "Ada", "ada@umbrella.example");
    let now = Timestamp::now();
    let mut directory = Directory::default();
    directory.add_contact(lead("c1", now - SignedDuration::from_hours(60 * 24)));
    directory.add_contact(lead("of-no-notification", now));
    intercom.add(workspace, directory);
    intercom.give(TOKEN);
    intercom
}

fn lead(id: &str, changed: Timestamp) -> FakeContact {
    FakeContact {
        external_id: Some(format!("visitor-of-{id}")),
        browser: Browser {
            browser: Some("chrome".to_owned()),
            os: Some("Linux".to_owned()),
            ..Browser::default()
        },
        ..FakeContact::new(id.to_owned(), Role::Lead, changed)
    }
}
