//! Links that open one recording: made, opened, listed, revoked.

use identity::OrganizationId;
use store::{ShareId, ShareLink, ShareLinkDays};

use crate::fixture::{Fixture, id};

fn share_id(number: u8) -> ShareId {
    ShareId::from_random([number; 16])
}

fn week() -> ShareLinkDays {
    ShareLinkDays::parse("7").unwrap()
}

/// A shop with two sessions that are summarized.
async fn shop() -> (Fixture, OrganizationId) {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    for session in ["s1", "s2"] {
        fixture.summarize(&organization, session, fixture.now).await;
    }
    (fixture, organization)
}

impl Fixture {
    async fn share(
        &self,
        organization: &OrganizationId,
        session: &str,
        number: u8,
    ) -> Option<ShareLink> {
        let (session, link) = (id(session), (share_id(number), week()));
        let shared = self
            .store
            .of(organization)
            .share_links()
            .create(&session, "admin-1", link, self.now);
        shared.await.unwrap()
    }
}

#[tokio::test]
async fn a_link_opens_its_session_until_it_expires_and_every_opening_is_counted() {
    let (fixture, organization) = shop().await;
    let link = fixture.share(&organization, "s1", 1).await.unwrap();
    let (store, session) = (&fixture.store, id("s1"));
    assert_eq!(link.expires_at(), fixture.later(7 * 86_400));
    for opened in 1..=2 {
        let at = fixture.later(60);
        let opening = store.open_share_link(&link.id, &session, at).await;
        let opening = opening.unwrap().unwrap();
        assert_eq!(opening.opened, opened);
        assert_eq!(opening.organization, organization);
        assert_eq!(opening.last_opened_at, Some(at));
    }
    // What the page itself asks for afterwards does not count.
    let looked_up = store.share_link(&link.id, &session, fixture.now).await;
    assert_eq!(looked_up.unwrap().unwrap().opened, 2);

    let end = fixture.later(7 * 86_400);
    for (number, session, at) in [
        (1, "s2", fixture.now),
        (2, "s1", fixture.now),
        (1, "s1", end),
    ] {
        let (link, session) = (share_id(number), id(session));
        let opening = store.open_share_link(&link, &session, at).await;
        assert_eq!(opening.unwrap(), None, "{number} {session}");
        let looked_up = store.share_link(&link, &session, at).await;
        assert_eq!(looked_up.unwrap(), None, "{number} {session}");
    }
}

#[tokio::test]
async fn asking_again_gives_the_link_that_there_is_and_another_one_once_it_is_gone() {
    let (mut fixture, organization) = shop().await;
    let first = fixture.share(&organization, "s1", 1).await.unwrap();
    assert_eq!(fixture.share(&organization, "s1", 2).await.unwrap(), first);
    let other = fixture.share(&organization, "s2", 3).await.unwrap();
    assert_ne!(other.id, first.id);

    let revoked = fixture
        .store
        .of(&organization)
        .share_links()
        .revoke(&first.id);
    revoked.await.unwrap();
    let second = fixture.share(&organization, "s1", 4).await.unwrap();
    assert_eq!(second.id, share_id(4));
    fixture.now = fixture.later(8 * 86_400);
    let third = fixture.share(&organization, "s1", 5).await.unwrap();
    assert_eq!(third.id, share_id(5));
    assert_eq!(fixture.share(&organization, "unknown", 6).await, None);
}

#[tokio::test]
async fn made_by_several_at_once_it_is_one_link() {
    let (fixture, organization) = shop().await;
    let made =
        futures::future::join_all((1..=3).map(|number| fixture.share(&organization, "s1", number)));
    let made = made.await;
    assert!(made.windows(2).all(|pair| pair[0] == pair[1]), "{made:?}");
    let listed = fixture
        .store
        .of(&organization)
        .share_links()
        .list(fixture.now);
    assert_eq!(listed.await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_organization_lists_and_revokes_its_own_links_and_no_others() {
    let (mut fixture, organization) = shop().await;
    let (other, _) = fixture.connected("other").await;
    let first = fixture.share(&organization, "s1", 1).await.unwrap();
    fixture.now = fixture.later(1);
    let second = fixture.share(&organization, "s2", 2).await.unwrap();
    let store = &fixture.store;
    let listed = || store.of(&organization).share_links().list(fixture.now);
    assert_eq!(listed().await.unwrap(), [second.clone(), first.clone()]);
    assert_eq!(
        store
            .of(&other)
            .share_links()
            .list(fixture.now)
            .await
            .unwrap(),
        []
    );

    store
        .of(&other)
        .share_links()
        .revoke(&first.id)
        .await
        .unwrap();
    assert_eq!(listed().await.unwrap().len(), 2, "it is not theirs");
    for _ in 0..2 {
        let revoked = store.of(&organization).share_links().revoke(&first.id);
        revoked.await.unwrap();
    }
    assert_eq!(listed().await.unwrap(), [second]);
    let opened = store.open_share_link(&first.id, &first.session, fixture.now);
    assert_eq!(opened.await.unwrap(), None);
}
