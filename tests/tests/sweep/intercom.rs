//! The Intercom of the journey, which can be put back as everything else.

use intercom::fake::{
    Browser, Directory, FakeContact, FakeConversation, FakeIntercom, Fault, Options, Role,
    Workspace,
};
use intercom::signature::ClientSecret;
use jiff::SignedDuration;
use platform::clock::Clock;
use serde_json::{Map, json};
use test_support::{CLIENT_ID, CLIENT_SECRET, TOKEN};

use crate::world::START;

pub(crate) const WORKSPACE: &str = "acme";

/// What an admin who allows the app is sent back with.
pub(crate) const CODE: &str = "dG9rOmNvZGU=";

/// Contacts that a search finds, one on a page: more pages than reconcile reads in one step.
const FOUND: i64 = 6;

/// One that knows some contacts and conversations, and gives every code the same token.
pub(crate) fn acme(clock: Clock) -> FakeIntercom {
    let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
    let options = Options {
        largest_page: 1,
        ..Options::new(CLIENT_ID, secret)
    };
    let intercom = FakeIntercom::new(options.with_clock(move || clock.now()));
    let workspace = Workspace::new(WORKSPACE, "Acme")
        .located("EU", "Europe/Dublin")
        .administered("2633609", "Ada", "ada@acme.example");
    intercom.add(workspace, directory());
    intercom.give(TOKEN);
    intercom
}

/// Has an Intercom refuse the tokens that it has given out, or take them again.
pub(crate) fn refuse_tokens(intercom: &FakeIntercom, refuses: bool) {
    intercom.heal();
    if refuses {
        let refusal = Fault::refusal(401, "unauthorized");
        intercom.fail_always("/me", refusal);
    }
}

fn directory() -> Directory {
    let mut directory = Directory::default();
    directory.add_contact(writer());
    for number in 0..FOUND {
        directory.add_contact(found(number));
    }
    for number in [1, 0] {
        directory.add_conversation(conversation(number));
    }
    directory
}

/// Somebody of whom Intercom knows what they visit the site with, and who has not changed for long.
fn writer() -> FakeContact {
    let changed = START - SignedDuration::from_hours(60 * 24);
    FakeContact {
        external_id: Some("v-c-1".to_owned()),
        browser: Browser {
            browser: Some("chrome".to_owned()),
            browser_version: Some("141.0.0.0".to_owned()),
            browser_language: Some("en".to_owned()),
            os: Some("Windows 10".to_owned()),
        },
        ..FakeContact::new("c-1".to_owned(), Role::Lead, changed)
    }
}

fn found(number: i64) -> FakeContact {
    let changed = START + SignedDuration::from_secs(600 - number);
    FakeContact {
        external_id: Some(format!("u-{number}")),
        email: Some(format!("found-{number}@shop.example")),
        ..FakeContact::new(format!("found-{number}"), Role::User, changed)
    }
}

/// A conversation of which Intercom tells neither page nor author.
fn conversation(number: i64) -> FakeConversation {
    let odd = json!({
        "created_at": START.as_second() + 500, "updated_at": START.as_second() + 600 - number, "source": null,
    });
    FakeConversation {
        odd: odd.as_object().cloned().unwrap_or_else(Map::new),
        ..FakeConversation::new(number.to_string(), found(number))
    }
}
