//! What the panel says when there is no list to show, and to requests that Intercom would not send.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::bundle::Bundle;
use crate::canvas::{conversation, with_email};
use crate::chunks::Chunk;
use crate::client::sign;
use crate::recording::Recording;

#[tokio::test]
async fn every_state_says_what_it_is() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let contact = with_email("nobody@visitors.example");
    for (request, says) in [
        (conversation(&contact), "No sessions found by email"),
        (
            conversation(&json!({ "id": "c1", "role": "lead" })),
            "no email, user ID or visitor ID",
        ),
        (conversation(&json!({})), "no email, user ID or visitor ID"),
        (conversation(&Value::Null), "Nobody is selected"),
        (json!({ "workspace_id": "local" }), "Nobody is selected"),
        (
            json!({ "workspace_id": "other", "contact": contact }),
            "isn’t connected",
        ),
        (
            json!({ "workspace_id": "lo/cal", "contact": contact }),
            "isn’t connected",
        ),
        (json!({ "contact": contact }), "isn’t connected"),
        (json!({}), "isn’t connected"),
    ] {
        let text = client.initialize(&request).await.text();
        assert!(text.contains(says), "{request}: {text}");
    }
}

#[tokio::test]
async fn a_click_on_what_is_not_there_any_more_leads_back() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let conversation = conversation(&with_email("a@visitors.example"));
    let list = client.initialize(&conversation).await;
    for (component, says) in [
        ("from-an-older-version", "has changed"),
        ("session:1795179902123:deleted", "can’t be found"),
        ("session:99999999999999999999:x", "has changed"),
        ("../../etc/passwd", "has changed"),
    ] {
        let text = client.click(&conversation, &list, component).await.text();
        assert!(text.contains(says), "{component}: {text}");
    }
}

#[tokio::test]
async fn only_a_wrong_signature_is_refused() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let body = conversation(&with_email("a@visitors.example"))
        .to_string()
        .into_bytes();
    let right = sign(&body);
    let of_other_body = sign(b"{}");
    for route in ["initialize", "submit"] {
        for wrong in [
            None,
            Some(""),
            Some("abc"),
            Some(&right[1..]),
            Some(&of_other_body),
        ] {
            client.signed(route, body.clone(), wrong, 401).await;
        }
        client.signed(route, body.clone(), Some(&right), 200).await;
    }
    let large = vec![b' '; (1 << 20) + 1];
    let deep = "[".repeat(200_000).into_bytes();
    for broken in [
        b"{".to_vec(),
        Vec::new(),
        b"null".to_vec(),
        b"\xff\xfe".to_vec(),
        large,
        deep,
    ] {
        let signature = sign(&broken);
        let answer = client
            .signed("initialize", broken, Some(&signature), 200)
            .await;
        assert!(answer.contains("Something failed on our side"), "{answer}");
    }
}

#[tokio::test]
async fn a_group_conversation_asks_five_times_at_once_and_is_answered_alike() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let chunk = Chunk::plain(&Recording::ours("forms").events);
    client
        .record("s1", &chunk, &json!({ "email": "a@visitors.example" }))
        .await;
    let conversation = conversation(&with_email("a@visitors.example"));
    let canvases = join_all((0..5).map(|_| client.initialize(&conversation))).await;
    for canvas in &canvases {
        assert!(canvas.lists("s1"), "{}", canvas.text());
        assert_eq!(canvas.json, canvases[0].json);
    }
}

#[tokio::test]
async fn a_long_list_is_leafed_through_to_its_end_and_back() {
    let bundle = Bundle::start().await;
    let client = bundle.client();
    let email = "a@visitors.example";
    let chunk = Chunk::zstd(&Recording::ours("shadow-dom").events);
    let sessions: Vec<String> = (0..25).map(|number| format!("s{number:02}")).collect();
    join_all(sessions.iter().map(|session| async {
        client
            .record(session, &chunk, &json!({ "email": email }))
            .await;
    }))
    .await;

    let conversation = conversation(&with_email(email));
    let first = client.initialize(&conversation).await;
    let mut canvas = first.clone();
    let mut seen = Vec::new();
    while canvas.text().contains("Show more") {
        let more = canvas.button("Show more");
        canvas = client.click(&conversation, &canvas, &more).await;
        seen.extend(canvas.sessions());
    }
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((seen.len(), distinct.len()), (25, 25), "{seen:?}");

    while canvas.text().contains("Newer") {
        let newer = canvas.button("Newer");
        canvas = client.click(&conversation, &canvas, &newer).await;
    }
    let back = canvas.button("Back");
    canvas = client.click(&conversation, &canvas, &back).await;
    assert_eq!(canvas.json["content"], first.json["content"]);
}
