//! Whom a contact leads to.

use identity::AliasKind;
use store::ContactRole::{Lead, User};

use super::{Shop, browser, by, by_id, email, says, user, visitor};
use crate::fixture::id;

#[tokio::test]
async fn a_lead_is_found_by_its_id_alone_once_intercom_has_named_its_browser() {
    let shop = Shop::open().await;
    shop.record("s1", &[browser("home"), visitor("v")]).await;
    shop.assert_finds(&by(Lead, &[visitor("v")]), &["s1"]).await;
    shop.assert_finds(&by_id("lead"), &[]).await;

    let applied = shop.apply(says("lead", 1).visitor("v")).await;
    assert_eq!(applied.people.len(), 1);
    shop.assert_finds(&by_id("lead"), &["s1"]).await;
}

#[tokio::test]
async fn whoever_is_recorded_later_is_found_as_well() {
    let shop = Shop::open().await;
    let applied = shop.apply(says("lead", 1).visitor("v")).await;
    assert!(applied.people.is_empty(), "nobody was recorded");
    shop.assert_finds(&by_id("lead"), &[]).await;
    assert!(shop.find(&by_id("lead")).await.matches.is_empty());
    shop.record("s1", &[browser("home"), visitor("v")]).await;
    shop.record("s2", &[browser("home")]).await;
    shop.assert_finds(&by_id("lead"), &["s1", "s2"]).await;
}

#[tokio::test]
async fn a_lead_that_becomes_a_user_is_found_by_every_id_it_had() {
    let shop = Shop::open().await;
    shop.record("as-lead", &[browser("home"), visitor("v")])
        .await;
    shop.record("as-user", &[browser("work"), user("ada"), email("ada")])
        .await;
    shop.apply(says("c", 1).visitor("v")).await;
    shop.apply(says("c", 2).user("ada").email("ada")).await;
    let both = ["as-lead", "as-user"];
    for query in [
        by_id("c"),
        by(Lead, &[visitor("v")]),
        by(User, &[user("ada")]),
        by(User, &[email("ada")]),
    ] {
        shop.assert_finds(&query, &both).await;
        assert_eq!(shop.find(&query).await.conflict, None);
    }
}

#[tokio::test]
async fn a_contact_that_absorbs_another_has_its_sessions() {
    let shop = Shop::open().await;
    shop.record("of-lead", &[visitor("v")]).await;
    shop.record("of-user", &[user("ada")]).await;
    shop.apply(says("lead", 1).visitor("v")).await;
    shop.apply(says("user", 2).user("ada").absorbed("lead"))
        .await;
    for id in ["lead", "user"] {
        shop.assert_finds(&by_id(id), &["of-lead", "of-user"]).await;
    }
}

#[tokio::test]
async fn a_user_whose_address_changes_is_found_by_the_old_and_the_new_one() {
    let shop = Shop::open().await;
    shop.record("before", &[email("old")]).await;
    shop.record("after", &[email("new")]).await;
    shop.apply(says("c", 1).user("ada").email("old")).await;
    let applied = shop.apply(says("c", 2).user("ada").email("new")).await;
    assert!(!applied.conflict, "both addresses are one user's");
    for query in [by_id("c"), by(User, &[email("old")])] {
        shop.assert_finds(&query, &["after", "before"]).await;
    }
    assert_eq!(shop.find(&by_id("c")).await.conflict, None);
}

#[tokio::test]
async fn an_address_that_the_site_gives_to_another_user_proves_nothing() {
    let shop = Shop::open().await;
    shop.record("of-ada", &[user("ada"), email("family")]).await;
    shop.record("of-bob", &[user("bob")]).await;
    shop.apply(says("bob", 1).user("bob").email("family")).await;
    shop.assert_finds(&by_id("bob"), &["of-bob"]).await;
    let mut query = by(User, &[user("bob"), email("family")]);
    query.contact = by_id("bob").contact;
    let (certain, unverified) = shop.shown(&query).await;
    assert_eq!(
        (certain.as_slice(), unverified.as_slice()),
        (&["of-bob".to_owned()][..], &["of-ada".to_owned()][..])
    );
    assert_eq!(shop.find(&query).await.conflict, None);
    // Ada's contact still has what is hers; what is only said to be is marked.
    let query = by(User, &[user("ada"), email("family")]);
    let (certain, unverified) = shop.shown(&query).await;
    assert_eq!(
        (certain.as_slice(), unverified.as_slice()),
        (&["of-ada".to_owned()][..], &["of-bob".to_owned()][..])
    );
}

#[tokio::test]
async fn several_users_of_one_browser_are_a_conflict_and_none_is_chosen() {
    let shop = Shop::open().await;
    shop.record("of-ada", &[browser("shared"), visitor("v"), user("ada")])
        .await;
    shop.record("of-bob", &[browser("shared"), visitor("v"), user("bob")])
        .await;
    let applied = shop.apply(says("lead", 1).visitor("v")).await;
    assert!(applied.conflict);
    shop.assert_finds(&by_id("lead"), &["of-ada", "of-bob"])
        .await;
    let found = shop.find(&by_id("lead")).await;
    assert_eq!(found.conflict, Some(AliasKind::UserId));
    // What is said again is said of the same people.
    let again = shop.apply(says("lead", 1).visitor("v")).await;
    assert_eq!(again, applied);
}

#[tokio::test]
async fn two_addresses_without_a_user_id_are_a_conflict() {
    let shop = Shop::open().await;
    shop.record("s1", &[browser("shared"), email("ada")]).await;
    shop.record("s2", &[browser("shared"), email("bob")]).await;
    let found = shop.find(&by(User, &[email("ada")])).await;
    assert_eq!(found.conflict, Some(AliasKind::Email));
}

#[tokio::test]
async fn a_hint_counts_only_if_the_session_is_nobody_elses() {
    let shop = Shop::open().await;
    shop.record("anonymous", &[browser("home")]).await;
    shop.record("of-bob", &[browser("work"), user("bob")]).await;
    shop.record("of-ada", &[browser("phone"), user("ada")])
        .await;
    for (session, found) in [
        ("unknown", &[][..]),
        ("of-bob", &[]),
        ("anonymous", &["anonymous"]),
        ("of-ada", &["anonymous", "of-ada"]),
    ] {
        let mut hint = says("c", 1);
        hint.0.session_hint = Some(id(session));
        shop.apply(hint.user("ada-by-another-name")).await;
        if session == "of-ada" {
            shop.assert_finds(&by_id("c"), &["anonymous"]).await;
            shop.apply(says("c", 1).user("ada")).await;
        }
        shop.assert_finds(&by_id("c"), found).await;
    }
}

#[tokio::test]
async fn a_hint_leads_to_a_session_that_is_nobodys() {
    let shop = Shop::open().await;
    let (fixture, organization) = (&shop.fixture, &shop.organization);
    fixture.summarize(organization, "s1", fixture.now).await;
    let mut hint = says("c", 1);
    hint.0.session_hint = Some(id("s1"));
    let applied = shop.apply(hint).await;
    assert_eq!(applied.people.len(), 1);
    shop.assert_finds(&by_id("c"), &["s1"]).await;
}

#[tokio::test]
async fn a_hint_may_come_before_its_session() {
    let shop = Shop::open().await;
    let hint = || {
        let mut hint = says("c", 1);
        hint.0.session_hint = Some(id("s1"));
        hint
    };
    shop.apply(hint()).await;
    shop.record("s1", &[browser("home")]).await;
    shop.apply(hint()).await;
    shop.assert_finds(&by_id("c"), &["s1"]).await;
}
