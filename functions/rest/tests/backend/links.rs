//! Links into Intercom.

use serde_json::json;

use crate::Backend;

#[tokio::test]
async fn a_link_opens_what_was_named_in_the_workspaces_region() {
    let backend = Backend::start().await;
    let rival = backend.stack.organization("rival").await;
    let eu = "https://app.eu.intercom.com/a";
    for (query, path) in [
        ("contact_id=6762f0d0", "apps/shop/users/6762f0d0"),
        ("conversation_id=515", "inbox/shop/inbox/conversation/515"),
        (
            "email=ada%40b.example",
            "apps/shop/users/show?email=ada%40b.example",
        ),
        (
            "user_id=42&workspace_id=shop",
            "apps/shop/users/show?user_id=42",
        ),
    ] {
        let (status, link) = backend.get(&format!("/v1/links?{query}")).await;
        let expected =
            json!({ "url": format!("{eu}/{path}"), "workspace_id": "shop", "region": "EU" });
        assert_eq!((status, link), (200, expected), "{query}");
    }
    let foreign = rival.id.first_workspace().unwrap();
    let foreign = format!("/v1/links?user_id=42&workspace_id={}", foreign.as_str());
    for (target, status) in [("/v1/links", 400), (foreign.as_str(), 404)] {
        assert_eq!(backend.get(target).await.0, status, "{target}");
    }
}
