//! What Intercom notifies of, and whom the panel finds then.

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::canvas::Canvas;
use crate::client::sign_notification;
use crate::notification::{begun_by, lead, notification, notification_at, user, with_address};
use crate::panel::{becomes, by_id, finds, panel, record, sees, settle};

/// The browser of the lead `c1`, whose session is `s1`.
const VISITOR: &str = "0b7e4c52-6a3d-4d0f-9a51-2f8f6f0f6d11";

/// A bundle in which somebody unknown was recorded.
async fn with_a_visitor() -> Bundle {
    let bundle = Bundle::start().await;
    record(&bundle.client(), "s1", &json!({ "visitor_id": VISITOR })).await;
    bundle
}

#[tokio::test]
async fn a_lead_is_found_at_once_and_after_a_conversation_by_the_contact_id_alone() {
    let bundle = with_a_visitor().await;
    let client = &bundle.client();
    let lead = lead("c1", VISITOR);
    assert!(sees(client, &lead, "s1").await);
    assert!(!sees(client, &by_id("c1"), "s1").await);

    let begun = notification("conversation.user.created", &begun_by(&lead));
    client.notify(&begun).await;
    finds(client, &by_id("c1"), "s1").await;
    assert!(!sees(client, &by_id("c2"), "s1").await);
}

#[tokio::test]
async fn a_lead_is_found_by_the_address_it_gave_in_any_letter_case() {
    let bundle = with_a_visitor().await;
    let client = &bundle.client();
    let named = with_address(lead("c1", VISITOR), " Ada@Visitors.Example");
    client
        .notify(&notification("contact.lead.added_email", &named))
        .await;
    for email in ["ada@visitors.example", "ADA@VISITORS.EXAMPLE"] {
        let contact = json!({ "type": "contact", "id": "c2", "role": "lead", "email": email });
        finds(client, &contact, "s1").await;
    }
    // What the browser does later is found as well.
    record(client, "s2", &json!({ "visitor_id": VISITOR })).await;
    let contact = json!({ "id": "c2", "role": "lead", "email": "ada@visitors.example" });
    finds(client, &contact, "s2").await;
}

#[tokio::test]
async fn whoever_types_an_address_does_not_get_its_owners_history() {
    let bundle = with_a_visitor().await;
    let client = &bundle.client();
    let address = "ada@visitors.example";
    record(
        client,
        "of-ada",
        &json!({ "email": address, "user_id": "7" }),
    )
    .await;
    let pretender = with_address(lead("c1", VISITOR), address);
    client
        .notify(&notification("contact.lead.added_email", &pretender))
        .await;
    settle(client, "contact.lead.added_email").await;
    for contact in [&pretender, &by_id("c1")] {
        assert!(sees(client, contact, "s1").await, "{contact}");
        assert!(!sees(client, contact, "of-ada").await, "{contact}");
    }
    let owner = with_address(user("c7", "7"), address);
    assert!(sees(client, &owner, "of-ada").await);
}

#[tokio::test]
async fn a_lead_that_becomes_a_user_is_found_by_old_and_new_ids() {
    for (topic, item) in [
        ("contact.lead.signed_up", user("c1", "7")),
        ("contact.merged", {
            let mut survivor = user("c7", "7");
            survivor["merged_from"] = json!({ "type": "contact", "id": "c1" });
            survivor
        }),
    ] {
        let bundle = with_a_visitor().await;
        let client = &bundle.client();
        client
            .notify(&notification("contact.lead.created", &lead("c1", VISITOR)))
            .await;
        finds(client, &by_id("c1"), "s1").await;
        client.notify(&notification(topic, &item)).await;
        for contact in [
            &item,
            &by_id(item["id"].as_str().unwrap()),
            &json!({ "id": "c9", "role": "user", "external_id": "7" }),
            &by_id("c1"),
            &lead("c1", VISITOR),
        ] {
            finds(client, contact, "s1").await;
        }
    }
}

#[tokio::test]
async fn a_changed_address_is_found_and_so_is_the_old_one() {
    let bundle = Bundle::start().await;
    let client = &bundle.client();
    record(client, "s1", &json!({ "user_id": "7" })).await;
    for email in ["old@visitors.example", "New@visitors.example"] {
        let changed = with_address(user("c7", "7"), email);
        client
            .notify(&notification("contact.email.updated", &changed))
            .await;
    }
    for email in ["new@visitors.example", "old@visitors.example"] {
        let contact = json!({ "id": "c9", "role": "user", "email": email });
        finds(client, &contact, "s1").await;
    }
}

#[tokio::test]
async fn an_archived_contact_is_hidden_and_comes_back_and_a_deleted_one_does_not() {
    let bundle = with_a_visitor().await;
    let client = &bundle.client();
    let lead = lead("c1", VISITOR);
    client
        .notify(&notification("contact.lead.created", &lead))
        .await;
    finds(client, &by_id("c1"), "s1").await;
    let began = Timestamp::now();
    let later = |seconds| began + SignedDuration::from_secs(seconds);

    let mut archived = lead.clone();
    archived["archived"] = json!(true);
    client
        .notify(&notification_at("contact.archived", &archived, later(10)))
        .await;
    for contact in [&lead, &by_id("c1")] {
        becomes(client, contact, |panel| {
            !panel.lists("s1") && panel.text().contains("archived")
        })
        .await;
    }
    client
        .notify(&notification_at("contact.unarchive", &lead, later(30)))
        .await;
    finds(client, &by_id("c1"), "s1").await;
    // Of before it came back.
    client
        .notify(&notification_at("contact.archived", &archived, later(20)))
        .await;
    settle(client, "contact.unarchive").await;
    assert!(sees(client, &by_id("c1"), "s1").await);

    let gone = json!({ "type": "contact", "id": "c1", "external_id": VISITOR, "deleted": true });
    client.notify(&notification("contact.deleted", &gone)).await;
    for contact in [&lead, &by_id("c1")] {
        becomes(client, contact, |panel| !panel.lists("s1")).await;
    }
    client
        .notify(&notification_at("contact.lead.created", &lead, later(60)))
        .await;
    settle(client, "contact.lead.created").await;
    for contact in [&lead, &by_id("c1")] {
        assert!(!sees(client, contact, "s1").await, "{contact}");
    }
}

#[tokio::test]
async fn what_comes_twice_or_from_elsewhere_changes_nothing() {
    let bundle = with_a_visitor().await;
    let client = &bundle.client();
    let created = notification("contact.lead.created", &lead("c1", VISITOR));
    for _ in 0..3 {
        client.notify(&created).await;
    }
    finds(client, &by_id("c1"), "s1").await;
    let before = panel(client, &by_id("c1")).await;

    for (field, value) in [
        ("topic", "company.created"),
        ("app_id", "another-workspace"),
    ] {
        let mut other = notification("contact.lead.created", &lead("c2", VISITOR));
        other[field] = json!(value);
        client.notify(&other).await;
    }
    let ping = json!({ "type": "notification_event", "topic": "ping", "id": null, "app_id": "local",
        "data": { "item": { "type": "ping", "message": "something" } } });
    client.notify(&ping).await;
    client.notify(&created).await;
    settle(client, "contact.lead.created").await;
    assert!(!sees(client, &by_id("c2"), "s1").await);
    let after = panel(client, &by_id("c1")).await;
    // Who settles records the same somewhere else, which is told.
    let own = |panel: &Canvas| {
        let text = panel.text();
        let own = text
            .lines()
            .filter_map(|line| line.split(" 1 other person").next());
        own.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(own(&after), own(&before));
}

#[tokio::test]
async fn only_what_bears_intercoms_signature_is_looked_at() {
    let bundle = with_a_visitor().await;
    let client = &bundle.client();
    let body = notification("contact.lead.created", &lead("c1", VISITOR));
    let body = body.to_string().into_bytes();
    let right = sign_notification(&body);
    let of_other_body = sign_notification(b"{}");
    let digits = right.strip_prefix("sha1=").unwrap();
    let of_other_kind = format!("sha256={digits}");
    for wrong in [
        None,
        Some(""),
        Some("sha1="),
        Some(digits),
        Some(&right[..right.len() - 1]),
        Some(&of_other_body),
        Some(&of_other_kind),
    ] {
        client.webhook(Method::POST, body.clone(), wrong, 401).await;
    }
    let large = vec![b' '; (1 << 20) + 1];
    let wrong_types = br#"{"topic":7,"app_id":[],"data":"none"}"#.to_vec();
    let deep = "[".repeat(200_000).into_bytes();
    for (broken, status) in [
        (large, 413),
        (b"{".to_vec(), 400),
        (Vec::new(), 400),
        (b"\xff\xfe".to_vec(), 400),
        (b"[]".to_vec(), 400),
        (wrong_types, 400),
        (deep, 400),
    ] {
        let signature = sign_notification(&broken);
        let answer = client
            .webhook(Method::POST, broken, Some(&signature), status)
            .await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert!(answer["error"]["code"].is_string(), "{answer}");
    }
    // When its address is entered, Intercom asks whether somebody is there.
    client.webhook(Method::HEAD, Vec::new(), None, 200).await;
    client.webhook(Method::GET, Vec::new(), None, 405).await;
    settle(client, "contact.lead.created").await;
    assert!(!sees(client, &by_id("c1"), "s1").await, "forged");

    client.webhook(Method::POST, body, Some(&right), 200).await;
    finds(client, &by_id("c1"), "s1").await;
}

#[tokio::test]
async fn in_the_pretend_inbox_a_lead_becomes_known_step_by_step() {
    let bundle = with_a_visitor().await;
    let client = &bundle.client();
    let start = json!({ "visitor_id": VISITOR, "page": "https://shop.example/cart" });
    let begun = client.inbox("conversations", &start).await;
    let topics = ["contact.lead.created", "conversation.user.created"];
    let told = topics.map(|topic| json!({ "topic": topic, "answer": "answered 200" }));
    assert_eq!(begun["told"], json!(told));
    let conversation = begun["conversation"]["id"].as_str().unwrap();
    let lead = begun["conversation"]["contact"]["id"].as_str().unwrap();
    finds(client, &by_id(lead), "s1").await;

    let change = format!("conversations/{conversation}/contact");
    let email = json!({ "email": "Ada@visitors.example" });
    let changed = client.inbox(&change, &email).await;
    let given = json!([{ "topic": "contact.lead.added_email", "answer": "answered 200" }]);
    assert_eq!(changed["told"], given);
    let contact = json!({ "id": "c2", "role": "lead", "email": "ada@visitors.example" });
    finds(client, &contact, "s1").await;

    client.inbox(&change, &json!({ "sign_up": "cus_7" })).await;
    let contact = json!({ "id": "c2", "role": "user", "external_id": "cus_7" });
    finds(client, &contact, "s1").await;
    client.inbox(&change, &json!("archive")).await;
    becomes(client, &by_id(lead), |panel| {
        panel.text().contains("archived")
    })
    .await;
    client.inbox(&change, &json!("unarchive")).await;
    finds(client, &by_id(lead), "s1").await;
    client.inbox(&change, &json!("delete")).await;
    becomes(client, &by_id(lead), |panel| !panel.lists("s1")).await;
}
