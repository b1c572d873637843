//! Links to recordings: listed, and revoked.

use identity::{OrganizationId, SessionId};
use store::{ShareId, ShareLink, ShareLinkDays};

use crate::fixture::{Fixture, PAGE};

/// A link to a session that a chunk has come of.
async fn share(fixture: &Fixture, organization: &OrganizationId, number: u8) -> ShareLink {
    let session = SessionId::parse("s-1").unwrap();
    let (store, now) = (&fixture.state.store, fixture.now());
    let asked = store.of(organization).sessions().request_summary(
        &session,
        store::RetentionDays::DEFAULT,
        now,
        true,
    );
    asked.await.unwrap();
    let link = (
        ShareId::from_random([number; 16]),
        ShareLinkDays::parse("7").unwrap(),
    );
    let shared = store
        .of(organization)
        .share_links()
        .create(&session, "canvas", link, now);
    shared.await.unwrap().unwrap()
}

#[tokio::test]
async fn a_link_is_listed_with_how_often_it_was_opened_and_can_be_revoked() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&acme).await;
    assert!(!browser.get(PAGE).await.body.contains("Shared recordings"));
    let link = share(&fixture, &acme.organization, 1).await;
    let page = browser.get(PAGE).await.body;
    for text in [
        "Shared recordings",
        "Never opened",
        "Made in the Inbox",
        "href=\"/sessions/s-1\"",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let store = &fixture.state.store;
    let opened = store.open_share_link(&link.id, &link.session, fixture.now());
    opened.await.unwrap().unwrap();
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("Opened once, on Nov 20, 2026"), "{page}");

    let answer = browser.submit("share-links", &[]).await;
    assert_eq!(answer.location, format!("{PAGE}?done=link-revoked"));
    let page = browser.get(&answer.location).await.body;
    assert!(page.contains("Link revoked."));
    assert!(!page.contains("Shared recordings"));
    let opened = store.open_share_link(&link.id, &link.session, fixture.now());
    assert_eq!(opened.await.unwrap(), None);
}

#[tokio::test]
async fn nobody_revokes_another_organizations_links() {
    let fixture = Fixture::start().await;
    let acme = fixture.connect("abcd1234", "Acme", "Priya").await;
    let rival = fixture.connect("zzzz9999", "Rival", "Mallory").await;
    let link = share(&fixture, &acme.organization, 1).await;
    let mut browser = fixture.signed_in(&rival).await;
    assert!(!browser.get(PAGE).await.body.contains(link.id.as_str()));
    share(&fixture, &rival.organization, 2).await;
    let page = browser.get(PAGE).await;
    for id in [link.id.as_str(), "nonsense"] {
        let mut form = page.form("share-links", &[]);
        for (name, value) in &mut form {
            if name == "id" {
                *value = id.to_owned();
            }
        }
        browser.post("share-links", &form, &[]).await;
    }
    let store = &fixture.state.store;
    let opened = store.open_share_link(&link.id, &link.session, fixture.now());
    assert!(opened.await.unwrap().is_some());
}
