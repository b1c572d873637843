//! Whose sessions a conversation shows.

use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::canvas::{conversation, with_email};
use crate::chunks::Chunk;
use crate::panel::sees;
use crate::recording::Recording;

fn chunk() -> Chunk {
    Chunk::gzip(&Recording::ours("shadow-dom").events)
}

#[tokio::test]
async fn a_contact_is_found_by_whatever_intercom_and_the_recorder_both_know() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let aliases = json!({
        "email": " O'Brien@Visitors.Example", "user_id": "cus_7", "visitor_id": "0b7e4c52-6a3d",
    });
    client.record("s1", &chunk(), &aliases).await;
    for contact in [
        json!({ "role": "user", "external_id": "cus_7" }),
        json!({ "role": "lead", "external_id": "0b7e4c52-6a3d" }),
        json!({ "external_id": "cus_7" }),
        json!({ "role": "user", "external_id": "cus_7 ", "email": "else@visitors.example" }),
        with_email("o'brien@visitors.example"),
        with_email("O&#39;BRIEN@visitors.example "),
        with_email("o&#x27;brien@visitors.example"),
    ] {
        assert!(sees(&client, &contact, "s1").await, "{contact}");
    }
    for contact in [
        json!({ "role": "lead", "external_id": "cus_7" }),
        json!({ "role": "user", "external_id": "0b7e4c52-6a3d" }),
        json!({ "role": "user", "external_id": "CUS_7" }),
        with_email("brien@visitors.example"),
    ] {
        assert!(!sees(&client, &contact, "s1").await, "{contact}");
    }
}

#[tokio::test]
async fn the_contact_may_come_under_its_older_name() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    client
        .record("s1", &chunk(), &json!({ "email": "a@visitors.example" }))
        .await;
    let contact = with_email("a@visitors.example");
    for request in [
        json!({ "workspace_id": "local", "customer": contact }),
        json!({ "app_id": "local", "contact": contact }),
        json!({ "workspace_id": "local", "contact": contact, "customer": { "email": "b@visitors.example" } }),
    ] {
        let canvas = client.initialize(&request).await;
        assert!(canvas.lists("s1"), "{request}: {}", canvas.text());
    }
}

#[tokio::test]
async fn a_session_that_nobody_identified_can_be_read_and_is_shown_to_nobody() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    client.chunk("s1", 0, &chunk(), 202).await;
    let summary = client.summary_of("s1", 1).await;
    assert_eq!(summary["aliases"]["email"], Value::Null);
    let contact = with_email("a@visitors.example");
    assert!(!sees(&client, &contact, "s1").await);

    client
        .identify("s1", &json!({ "email": "a@visitors.example" }))
        .await;
    assert!(sees(&client, &contact, "s1").await, "identified late");
}

#[tokio::test]
async fn devices_that_share_an_alias_are_one_person() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    client
        .record(
            "laptop",
            &chunk(),
            &json!({ "anonymous_id": "laptop-1", "user_id": "7" }),
        )
        .await;
    client
        .record(
            "phone",
            &chunk(),
            &json!({ "anonymous_id": "phone-1", "email": "a@visitors.example" }),
        )
        .await;
    let contact = with_email("a@visitors.example");
    assert!(!sees(&client, &contact, "laptop").await);

    // Signing in on the phone tells that both are the same: but not whoever has the public key.
    let signed_in = json!({ "anonymous_id": "phone-1", "user_id": "7" });
    client.identify("phone", &signed_in).await;
    assert!(sees(&client, &contact, "phone").await);
    assert!(!sees(&client, &contact, "laptop").await);
    for session in ["laptop", "phone"] {
        let aliases = json!({ "email": "a@visitors.example", "user_id": "7" });
        client.verify(session, &aliases).await;
    }
    for session in ["laptop", "phone"] {
        assert!(sees(&client, &contact, session).await, "{session}");
    }
}

#[tokio::test]
async fn a_session_of_somebody_else_cannot_be_opened() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let (ada, eve) = (
        with_email("ada@visitors.example"),
        with_email("eve@visitors.example"),
    );
    client
        .record(
            "of-ada",
            &chunk(),
            &json!({ "email": "ada@visitors.example" }),
        )
        .await;
    client
        .record(
            "of-eve",
            &chunk(),
            &json!({ "email": "eve@visitors.example" }),
        )
        .await;
    let list = client.initialize(&conversation(&ada)).await;
    let session = &list.sessions()[0];
    let stolen = client.click(&conversation(&eve), &list, session).await;
    assert!(
        stolen.text().contains("can’t be found"),
        "{}",
        stolen.text()
    );
    assert_eq!(stolen.value("Clicks"), None);
}

#[tokio::test]
async fn a_fake_is_marked_comes_last_and_is_not_what_the_panel_tells() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let ada = json!({ "email": "ada@visitors.example", "user_id": "7" });
    let contact = json!({ "role": "user", "external_id": "7", "email": "ada@visitors.example" });
    client.record("fake", &chunk(), &ada).await;
    let alone = client.initialize(&conversation(&contact)).await;
    assert!(alone.lists("fake"));
    let text = alone.text();
    assert!(
        text.contains("Matched by user ID and email, not verified"),
        "{text}"
    );

    client.chunk("real", 0, &chunk(), 202).await;
    client.verify("real", &ada).await;
    client.summary_of("real", 1).await;
    for number in 0..25 {
        client
            .record(&format!("fake-{number}"), &chunk(), &ada)
            .await;
    }
    let panel = client.initialize(&conversation(&contact)).await;
    assert!(panel.lists("real"), "{}", panel.text());
    let first = &panel.sessions()[0];
    let details = client.click(&conversation(&contact), &panel, first).await;
    assert!(
        !details.text().contains("not verified"),
        "{}",
        details.text()
    );
    assert_eq!(client.session("real", 200).await.get("claimed"), None);
    assert_eq!(client.session("fake", 200).await["claimed"], true);
}
