//! Contacts that are put away, come back, or go for good.

use futures::future::join_all;
use identity::Presence::{Archived, Deleted, Present};
use store::ContactRole::Lead;

use super::{Says, Shop, browser, by, by_id, email, says, user, visitor};

#[tokio::test]
async fn the_latest_word_on_whether_a_contact_is_there_counts() {
    for (words, expected) in [
        (vec![(1, Present), (2, Archived)], Archived),
        (vec![(1, Archived), (2, Present)], Present),
        (vec![(5, Archived), (5, Present)], Archived),
        (vec![(1, Deleted), (2, Present), (3, Archived)], Deleted),
    ] {
        for words in [words.clone(), words.iter().rev().copied().collect()] {
            let shop = Shop::open().await;
            for (at, presence) in &words {
                shop.apply(says("c", *at).is(*presence)).await;
            }
            let found = shop.find(&by_id("c")).await;
            assert_eq!(found.contact.presence, Some(expected), "{words:?}");
        }
    }
}

#[tokio::test]
async fn an_archived_contact_keeps_everything() {
    let shop = Shop::open().await;
    shop.record("s1", &[visitor("v")]).await;
    shop.apply(says("c", 1).visitor("v").typed("ada")).await;
    shop.apply(says("c", 2).is(Archived)).await;
    shop.assert_finds(&by_id("c"), &["s1"]).await;
    assert_eq!(
        shop.find(&by_id("c")).await.contact.presence,
        Some(Archived)
    );
}

#[tokio::test]
async fn a_deleted_contacts_aliases_lead_to_nobody_whatever_comes_later() {
    let shop = Shop::open().await;
    shop.record("s1", &[browser("home"), visitor("v")]).await;
    shop.apply(says("c", 1).visitor("v").typed("ada")).await;
    shop.apply(says("c", 2).is(Deleted)).await;
    let gone = async || {
        let mut everything = by(Lead, &[visitor("v"), email("ada")]);
        everything.contact = by_id("c").contact;
        for query in [
            by_id("c"),
            by(Lead, &[visitor("v")]),
            by(Lead, &[email("ada")]),
            everything,
        ] {
            shop.assert_finds(&query, &[]).await;
        }
    };
    gone().await;
    // Late and repeated notifications, and what goes on being recorded.
    let applied = shop
        .apply(says("c", 1).visitor("v").typed("ada").is(Present))
        .await;
    assert!(applied.people.is_empty());
    assert_eq!(applied.presence, Some(Deleted));
    shop.record("s2", &[browser("home"), visitor("v")]).await;
    gone().await;
    // What the site itself has recorded stays.
    shop.assert_finds(&by(Lead, &[browser("home")]), &["s1", "s2"])
        .await;
}

#[tokio::test]
async fn a_claim_stays_as_long_as_one_of_its_contacts_is_there() {
    let shop = Shop::open().await;
    shop.record("s1", &[browser("home"), visitor("v1")]).await;
    shop.record("s2", &[browser("home"), visitor("v2")]).await;
    shop.apply(says("one", 1).visitor("v1").typed("ada")).await;
    shop.apply(says("two", 1).visitor("v2").typed("ada")).await;
    shop.apply(says("one", 2).is(Deleted)).await;
    shop.assert_unverified(&by(Lead, &[email("ada")]), &["s1", "s2"])
        .await;
    shop.apply(says("two", 2).is(Deleted)).await;
    shop.assert_unverified(&by(Lead, &[email("ada")]), &[])
        .await;
}

#[tokio::test]
async fn with_a_contact_go_those_that_were_merged_into_it() {
    for merged_first in [true, false] {
        let shop = Shop::open().await;
        shop.record("s1", &[visitor("v"), user("ada")]).await;
        let merge = || says("user", 2).user("ada").absorbed("lead");
        let delete = || says("user", 3).is(Deleted);
        shop.apply(says("lead", 1).visitor("v")).await;
        for first in [merged_first, !merged_first] {
            shop.apply(if first { merge() } else { delete() }).await;
        }
        for query in [by_id("lead"), by_id("user"), by(Lead, &[visitor("v")])] {
            shop.assert_finds(&query, &[]).await;
        }
        shop.assert_finds(&by(Lead, &[user("ada")]), &["s1"]).await;
    }
}

#[tokio::test]
async fn merges_that_go_round_in_circles_end() {
    let shop = Shop::open().await;
    shop.apply(says("a", 1).absorbed("b")).await;
    shop.apply(says("b", 1).absorbed("a")).await;
    shop.apply(says("b", 2).is(Deleted)).await;
    for id in ["a", "b"] {
        let found = shop.find(&by_id(id)).await;
        assert_eq!(found.contact.presence, Some(Deleted), "{id}");
    }
}

#[tokio::test]
async fn all_at_once_is_as_one_after_the_other() {
    let statements = || -> Vec<Says> {
        let visits = (0..6).map(|number| says("c", number).visitor(&number.to_string()));
        let rest = [
            says("c", 7).typed("ada"),
            says("c", 8).user("ada").email("ada"),
            says("c", 9).is(Archived),
            says("c", 10).is(Deleted),
            says("d", 11).visitor("d").absorbed("c"),
        ];
        visits.chain(rest).collect()
    };
    let at_once = Shop::open().await;
    let in_turn = Shop::open().await;
    for shop in [&at_once, &in_turn] {
        for number in 0..6 {
            let name = number.to_string();
            shop.record(&name, &[browser(&name), visitor(&name)]).await;
        }
    }
    for says in statements() {
        in_turn.apply(says).await;
    }
    join_all(statements().into_iter().map(|says| {
        let (store, now) = (at_once.fixture.store.clone(), at_once.fixture.now);
        let (organization, workspace) = (at_once.organization.clone(), at_once.workspace.clone());
        tokio::spawn(async move {
            let applied = store.of(&organization).apply_statement(
                &workspace,
                &says.0,
                store::RetentionDays::DEFAULT,
                now,
            );
            applied.await.unwrap();
        })
    }))
    .await
    .into_iter()
    .for_each(Result::unwrap);
    assert_eq!(at_once.aliases().await, in_turn.aliases().await);
    assert_eq!(at_once.contacts().await, in_turn.contacts().await);
}
