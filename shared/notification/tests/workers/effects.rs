//! Each topic, and what it changes.

use identity::Presence;
use serde_json::json;
use store::ContactRole::{Lead, User};

use crate::recorded::{by_alias, by_contact, email, user_id, visitor_id};
use crate::sample::{
    AT, absorbing, conversation, deleted, lead, lead_with_email, notification, user,
};
use crate::stack::Stack;

/// Sessions found for certain, and those that are not.
fn found(certain: &[&str], unverified: &[&str]) -> (Vec<String>, Vec<String>) {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    (owned(certain), owned(unverified))
}

#[tokio::test]
async fn a_lead_who_writes_is_found_by_contact_id_alone() {
    for topic in ["contact.lead.created", "contact.created"] {
        let stack = Stack::start().await;
        let acme = stack.connect("acme").await;
        stack.record(&acme, "s-1", &[visitor_id("v-1")]).await;
        let written = notification(topic, AT, lead("c1", "v-1"));
        stack.deliver(&[written]).await;
        assert_eq!(
            stack.sessions(&by_contact("c1")).await,
            found(&["s-1"], &[]),
            "{topic}"
        );
    }
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.record(&acme, "s-1", &[visitor_id("v-1")]).await;
    let began = conversation("7", "c1", "v-1", "https://shop.example/cart");
    stack
        .deliver(&[notification("conversation.user.created", AT, began)])
        .await;
    assert_eq!(
        stack.sessions(&by_contact("c1")).await,
        found(&["s-1"], &[])
    );
}

#[tokio::test]
async fn sessions_that_are_still_to_come_are_the_leads_as_well() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack
        .deliver(&[notification("contact.lead.created", AT, lead("c1", "v-1"))])
        .await;
    stack.record(&acme, "s-1", &[visitor_id("v-1")]).await;
    assert_eq!(
        stack.sessions(&by_contact("c1")).await,
        found(&["s-1"], &[])
    );
}

#[tokio::test]
async fn a_leads_address_leads_to_its_sessions_and_not_to_those_of_whoever_is_known_to_have_it() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.record(&acme, "s-lead", &[visitor_id("v-1")]).await;
    stack
        .record(
            &acme,
            "s-ada",
            &[email("ada@shop.example"), user_id("u-ada")],
        )
        .await;

    let said = lead_with_email("c1", "v-1", "Ada@Shop.Example");
    stack
        .deliver(&[notification("contact.lead.added_email", AT, said)])
        .await;

    assert_eq!(
        stack.sessions(&by_contact("c1")).await,
        found(&["s-lead"], &[])
    );
    let address = email("ADA@shop.example");
    assert_eq!(
        stack.sessions(&by_alias(User, address)).await,
        found(&["s-ada"], &["s-lead"])
    );
    assert_eq!(
        stack.sessions(&by_alias(User, user_id("u-ada"))).await,
        found(&["s-ada"], &[])
    );
    stack.record(&acme, "s-later", &[visitor_id("v-1")]).await;
    assert_eq!(
        stack
            .sessions(&by_alias(Lead, email("ada@shop.example")))
            .await,
        found(&[], &["s-ada", "s-later", "s-lead"])
    );
}

#[tokio::test]
async fn a_lead_who_signs_up_keeps_its_sessions_and_gets_those_of_the_user() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.record(&acme, "s-before", &[visitor_id("v-1")]).await;
    stack.record(&acme, "s-user", &[user_id("u-1")]).await;
    stack
        .record(&acme, "s-mail", &[email("ada@shop.example")])
        .await;
    stack
        .deliver(&[
            notification("contact.lead.created", AT, lead("c1", "v-1")),
            notification(
                "contact.lead.signed_up",
                AT + 1,
                user("c1", "u-1", "ada@shop.example"),
            ),
        ])
        .await;
    let all = found(&["s-before", "s-mail", "s-user"], &[]);
    assert_eq!(stack.sessions(&by_contact("c1")).await, all);
    assert_eq!(stack.sessions(&by_alias(User, user_id("u-1"))).await, all);
}

#[tokio::test]
async fn a_merge_brings_the_leads_sessions_to_the_user_under_both_ids() {
    for names_the_lead in [true, false] {
        let stack = Stack::start().await;
        let acme = stack.connect("acme").await;
        stack.record(&acme, "s-lead", &[visitor_id("v-1")]).await;
        stack.record(&acme, "s-user", &[user_id("u-1")]).await;
        let survivor = user("c2", "u-1", "ada@shop.example");
        let survivor = if names_the_lead {
            absorbing(survivor, "c1")
        } else {
            survivor
        };
        stack
            .deliver(&[
                notification("contact.lead.created", AT, lead("c1", "v-1")),
                notification("contact.merged", AT + 1, survivor),
            ])
            .await;
        let (lead, user) = match names_the_lead {
            true => (
                found(&["s-lead", "s-user"], &[]),
                found(&["s-lead", "s-user"], &[]),
            ),
            false => (found(&["s-lead"], &[]), found(&["s-user"], &[])),
        };
        assert_eq!(
            stack.sessions(&by_contact("c1")).await,
            lead,
            "{names_the_lead}"
        );
        assert_eq!(
            stack.sessions(&by_contact("c2")).await,
            user,
            "{names_the_lead}"
        );
    }
}

#[tokio::test]
async fn another_address_adds_to_the_one_before() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack
        .record(&acme, "s-old", &[email("old@shop.example")])
        .await;
    stack
        .record(&acme, "s-new", &[email("new@shop.example")])
        .await;
    stack
        .deliver(&[
            notification(
                "contact.lead.signed_up",
                AT,
                user("c1", "u-1", "old@shop.example"),
            ),
            notification(
                "contact.email.updated",
                AT + 1,
                user("c1", "u-1", "new@shop.example"),
            ),
        ])
        .await;
    let both = found(&["s-new", "s-old"], &[]);
    assert_eq!(stack.sessions(&by_contact("c1")).await, both);
    assert_eq!(
        stack
            .sessions(&by_alias(User, email("old@shop.example")))
            .await,
        both
    );
}

#[tokio::test]
async fn a_deleted_contact_leads_nowhere_and_the_sites_own_names_still_do() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack
        .record(&acme, "s-1", &[visitor_id("v-1"), user_id("u-1")])
        .await;
    let written = notification("contact.lead.created", AT, lead("c1", "v-1"));
    stack.deliver(std::slice::from_ref(&written)).await;
    assert_eq!(
        stack.sessions(&by_contact("c1")).await,
        found(&["s-1"], &[])
    );

    stack
        .deliver(&[notification(
            "contact.deleted",
            AT + 9,
            deleted("c1", "v-1"),
        )])
        .await;

    assert_eq!(stack.sessions(&by_contact("c1")).await, found(&[], &[]));
    assert_eq!(
        stack.sessions(&by_alias(Lead, visitor_id("v-1"))).await,
        found(&[], &[])
    );
    assert_eq!(
        stack.sessions(&by_alias(User, user_id("u-1"))).await,
        found(&["s-1"], &[])
    );
    // Something that happened before, and comes after.
    let said = lead_with_email("c1", "v-1", "ada@shop.example");
    stack
        .deliver(&[notification("contact.lead.added_email", AT + 5, said)])
        .await;
    assert_eq!(stack.sessions(&by_contact("c1")).await, found(&[], &[]));
    assert_eq!(
        stack
            .sessions(&by_alias(User, email("ada@shop.example")))
            .await,
        found(&[], &[])
    );
}

#[tokio::test]
async fn the_latest_word_on_whether_a_contact_is_there_counts() {
    let archived = |at| {
        notification(
            "contact.archived",
            at,
            json!({ "id": "c1", "archived": true }),
        )
    };
    let present = |at| notification("contact.unarchive", at, lead("c1", "v-1"));
    for (said, presence) in [
        (vec![archived(AT)], Presence::Archived),
        (vec![archived(AT), present(AT + 1)], Presence::Present),
        (vec![present(AT + 1), archived(AT)], Presence::Present),
        (vec![present(AT), archived(AT + 1)], Presence::Archived),
    ] {
        let stack = Stack::start().await;
        let acme = stack.connect("acme").await;
        stack.record(&acme, "s-1", &[visitor_id("v-1")]).await;
        stack
            .deliver(&[notification(
                "contact.lead.created",
                AT - 9,
                lead("c1", "v-1"),
            )])
            .await;
        stack.deliver(&said).await;
        let lookup = stack.lookup(&by_contact("c1")).await;
        assert_eq!(lookup.contact.presence, Some(presence));
        assert_eq!(lookup.people().len(), 1, "nothing is taken away");
    }
}

#[tokio::test]
async fn a_group_is_remembered_for_each_and_its_page_for_whoever_wrote() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack.record(&acme, "s-1", &[visitor_id("v-1")]).await;
    stack.record(&acme, "s-2", &[visitor_id("v-2")]).await;
    let mut began = conversation("7", "c1", "v-1", "https://shop.example/cart?a=1");
    let contacts = began["contacts"]["contacts"].as_array_mut().unwrap();
    contacts.push(json!({ "type": "contact", "id": "c2", "external_id": "v-2" }));
    stack
        .deliver(&[notification("conversation.user.created", AT, began)])
        .await;

    for (contact, session, page) in [
        ("c1", "s-1", Some("shop.example/cart")),
        ("c2", "s-2", None),
    ] {
        assert_eq!(
            stack.sessions(&by_contact(contact)).await,
            found(&[session], &[])
        );
        let mut query = by_contact(contact);
        query.conversation = Some(identity::ConversationId::parse("7").unwrap());
        let began = stack.lookup(&query).await.conversation.unwrap();
        assert_eq!(began.at.as_second(), AT);
        assert_eq!(began.page.as_ref().map(identity::PageAddress::as_str), page);
        assert_eq!(began.by_contact, page.is_some());
    }
}

#[tokio::test]
async fn a_session_that_a_contact_is_said_to_have_is_its_own_only_if_it_is_nobody_elses() {
    let stack = Stack::start().await;
    let acme = stack.connect("acme").await;
    stack
        .record(
            &acme,
            "s-free",
            &[identity::Alias::anonymous_id("a-1").unwrap()],
        )
        .await;
    stack.record(&acme, "s-bob", &[user_id("u-bob")]).await;
    for (contact, session, sessions) in [
        ("c1", "s-free", &["s-free"][..]),
        ("c2", "s-bob", &[]),
        ("c3", "s-none", &[]),
    ] {
        let mut said = lead(contact, &format!("v-{contact}"));
        said["custom_attributes"] = json!({ "recapt_session_id": session });
        stack
            .deliver(&[notification("contact.lead.created", AT, said)])
            .await;
        assert_eq!(
            stack.sessions(&by_contact(contact)).await,
            found(sessions, &[]),
            "{session}"
        );
    }
}
