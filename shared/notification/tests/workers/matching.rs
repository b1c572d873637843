//! Who may have written, when nobody knows.

use identity::matching::{PossibleMatch, Reason};
use intercom::fake::{
    Browser, Directory, FakeContact, FakeIntercom, Fault, Options, Role, Workspace,
};
use intercom::signature::ClientSecret;
use serde_json::{Value, json};
use store::{ConnectionStatus, Preferences};
use test_support::{CLIENT_ID, CLIENT_SECRET, TOKEN};

use crate::functions::NOW;
use crate::recorded::{PAGE, by_contact, visitor_id};
use crate::sample::{conversation, lead, notification};
use crate::stack::Stack;

/// Where Intercom tells of the lead.
const LEAD: &str = "/contacts/c1";

/// An Intercom that knows the lead, of whom the customer keeps these attributes there.
fn intercom(custom_attributes: Value) -> FakeIntercom {
    let secret = ClientSecret::parse(CLIENT_SECRET).unwrap();
    let intercom = FakeIntercom::new(Options::new(CLIENT_ID, secret));
    let mut directory = Directory::default();
    directory.add_contact(FakeContact {
        external_id: Some("v-unrecorded".to_owned()),
        browser: Browser {
            browser: Some("chrome".to_owned()),
            browser_version: Some("141.0.0.0".to_owned()),
            browser_language: Some("en".to_owned()),
            os: Some("Windows 10".to_owned()),
        },
        custom_attributes: custom_attributes.as_object().unwrap().clone(),
        ..FakeContact::new("c1".to_owned(), Role::Lead, NOW.parse().unwrap())
    });
    intercom.add(Workspace::new("acme", "Shop"), directory);
    intercom.grant("acme", TOKEN);
    intercom
}

/// How often it was asked for the lead.
fn asked(intercom: &FakeIntercom) -> usize {
    intercom.calls_of(LEAD).len()
}

/// A lead of whom nobody knows more than what it visits the site with.
fn stranger() -> Value {
    let mut lead = lead("c1", "v-unrecorded");
    lead["browser"] = "chrome".into();
    lead["browser_version"] = "141.0.0.0".into();
    lead["browser_language"] = "en".into();
    lead["os"] = "Windows 10".into();
    lead
}

fn now() -> i64 {
    NOW.parse::<jiff::Timestamp>().unwrap().as_second()
}

/// The lead writes now.
fn writes() -> Value {
    let mut began = conversation("7", "c1", "v-unrecorded", PAGE);
    began["created_at"] = now().into();
    notification("conversation.user.created", now(), began)
}

async fn possible(stack: &Stack) -> Option<PossibleMatch> {
    stack.lookup(&by_contact("c1")).await.contact.possible
}

#[tokio::test]
async fn the_session_that_fits_is_suggested_and_never_linked() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.visit(&acme, "s-1").await;
    let created = notification("contact.lead.created", now(), stranger());
    stack.deliver(&[created, writes()]).await;

    let found = possible(&stack).await.unwrap();
    assert_eq!(found.session.as_str(), "s-1");
    assert!((70..=95).contains(&found.confidence), "{found:?}");
    assert!(found.reasons.contains(&Reason::SamePage), "{found:?}");
    let lookup = stack.lookup(&by_contact("c1")).await;
    assert_eq!(lookup.people(), [], "nothing is linked");
}

#[tokio::test]
async fn what_tells_the_browser_may_come_after_the_conversation() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.visit(&acme, "s-1").await;
    stack.deliver(&[writes()]).await;
    assert_eq!(possible(&stack).await, None, "nobody has told the browser");
    let created = notification("contact.lead.created", now(), stranger());
    stack.deliver(&[created]).await;
    let found = possible(&stack).await.unwrap();
    assert_eq!(found.session.as_str(), "s-1");
}

#[tokio::test]
async fn whoever_is_known_needs_no_suggestion() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.visit(&acme, "s-1").await;
    stack
        .record(&acme, "s-2", &[visitor_id("v-unrecorded")])
        .await;
    let created = notification("contact.lead.created", now(), stranger());
    stack.deliver(&[created, writes()]).await;
    assert_eq!(possible(&stack).await, None);
}

#[tokio::test]
async fn an_organization_that_wants_no_suggestions_gets_none() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    let connection = stack.lookup(&by_contact("c1")).await.connection.unwrap();
    let preferences = Preferences {
        show_possible_matches: false,
        ..connection.preferences.clone()
    };
    let updated = stack
        .state
        .store
        .connections()
        .update_preferences(&connection, &preferences);
    updated.await.unwrap();
    stack.visit(&acme, "s-1").await;
    let created = notification("contact.lead.created", now(), stranger());
    stack.deliver(&[created, writes()]).await;
    assert_eq!(possible(&stack).await, None);
}

#[tokio::test]
async fn intercom_is_asked_for_the_browser_that_no_notification_has_told() {
    let intercom = intercom(json!({}));
    let stack = Stack::with_intercom(&intercom).await;
    let acme = stack.authorize("acme").await;
    stack.deliver(&[writes()]).await;
    assert_eq!(asked(&intercom), 0, "there is nobody to compare with");

    stack.visit(&acme, "s-1").await;
    let mut again = writes();
    again["id"] = "notif_again".into();
    stack.deliver(&[again]).await;

    assert_eq!(asked(&intercom), 1);
    assert!(possible(&stack).await.is_some());
}

#[tokio::test]
async fn what_intercom_answers_may_say_who_it_is() {
    let intercom = intercom(json!({ "recapt_session_id": "s-hint" }));
    let stack = Stack::with_intercom(&intercom).await;
    let acme = stack.authorize("acme").await;
    stack.visit(&acme, "s-1").await;
    let device = identity::Alias::anonymous_id("a-1").unwrap();
    stack.record(&acme, "s-hint", &[device]).await;
    stack.deliver(&[writes()]).await;

    assert_eq!(possible(&stack).await, None);
    let (certain, _) = stack.sessions(&by_contact("c1")).await;
    assert_eq!(certain, ["s-hint"]);
}

#[tokio::test]
async fn what_intercom_does_not_answer_leaves_nobody_matched_and_nothing_undone() {
    for (status, needs_attention) in [(401, true), (404, false), (429, false), (500, false)] {
        let intercom = intercom(json!({}));
        let stack = Stack::with_intercom(&intercom).await;
        let acme = stack.authorize("acme").await;
        stack.visit(&acme, "s-1").await;
        let refusal = Fault::refusal(status, "one_of_many");
        intercom.fail_always(LEAD, refusal);

        stack.deliver(&[writes()]).await;

        assert!(asked(&intercom) > 0);
        assert_eq!(possible(&stack).await, None, "{status}");
        let connection = stack.lookup(&by_contact("c1")).await.connection.unwrap();
        let marked = connection.status == ConnectionStatus::NeedsAttention;
        assert_eq!(marked, needs_attention, "{status}");
    }
}
