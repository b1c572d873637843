//! What is kept of statements beside who is who.

use identity::{
    ClientDetails, ConversationId, ConversationStart, PageAddress,
    matching::{PossibleMatch, Reason},
};
use jiff::{SignedDuration, Timestamp};
use store::ContactQuery;

use super::{Shop, browser, by_id, contact, says, user, visitor};
use crate::fixture::{RETENTION_DAYS, id};

fn start(at: i64, page: Option<&str>) -> ConversationStart {
    ConversationStart {
        id: ConversationId::parse("7#1").unwrap(),
        at: Timestamp::from_second(1_700_000_000 + at).unwrap(),
        page: page.and_then(PageAddress::of),
        by_contact: true,
    }
}

fn in_conversation(id: &str) -> ContactQuery {
    ContactQuery {
        conversation: Some(ConversationId::parse("7#1").unwrap()),
        ..by_id(id)
    }
}

#[tokio::test]
async fn how_a_conversation_began_is_remembered_in_full() {
    let page = Some("https://shop.example/cart?coupon=1");
    for accounts in [
        [start(1, page), start(1, None)],
        [start(1, None), start(1, page)],
    ] {
        let shop = Shop::open().await;
        for account in accounts {
            let mut statement = says("c", 1);
            statement.0.conversation = Some(account);
            shop.apply(statement).await;
        }
        shop.fixture.calls.take();
        let found = shop.find(&in_conversation("c")).await;
        assert_eq!(shop.fixture.calls.take(), ["BatchGetItem"]);
        assert_eq!(found.conversation, Some(start(1, page)));
        assert_eq!(shop.find(&in_conversation("d")).await.conversation, None);
        assert_eq!(shop.find(&by_id("c")).await.conversation, None);
    }
}

#[tokio::test]
async fn the_latest_browser_counts() {
    let client = |browser: &str| ClientDetails {
        browser: Some(browser.to_owned()),
        ..ClientDetails::default()
    };
    let shop = Shop::open().await;
    for (at, browser, expected) in [
        (2, Some("Firefox"), "Firefox"),
        (1, Some("Chrome"), "Firefox"),
        (3, None, "Firefox"),
        (4, Some("Safari"), "Safari"),
    ] {
        let mut statement = says("c", at);
        statement.0.client = browser.map(client).unwrap_or_default();
        assert_eq!(shop.apply(statement).await.client, client(expected));
    }
}

#[tokio::test]
async fn a_possible_match_stays_until_it_is_taken_back() {
    let shop = Shop::open().await;
    shop.record("s1", &[browser("home")]).await;
    let person = shop
        .find(&ContactQuery::of(&[browser("home")]))
        .await
        .people();
    let possible = PossibleMatch {
        session: id("s1"),
        person: person[0].clone(),
        confidence: 80,
        reasons: vec![Reason::SamePage, Reason::SameBrowser],
        matched_at: shop.fixture.now,
    };
    let suggest = async |possible: Option<&PossibleMatch>| {
        let (store, now) = (&shop.fixture.store, shop.fixture.now);
        let (organization, workspace) = (&shop.organization, &shop.workspace);
        store
            .of(organization)
            .contacts()
            .suggest(workspace, &contact("c"), possible, RETENTION_DAYS, now)
            .await
            .unwrap();
        shop.find(&by_id("c")).await.contact.possible
    };
    assert_eq!(suggest(Some(&possible)).await.as_ref(), Some(&possible));
    shop.apply(says("c", 1).typed("ada")).await;
    let found = shop.find(&by_id("c")).await;
    assert_eq!(found.contact.possible, Some(possible));
    assert!(found.matches.is_empty(), "nothing is linked");
    assert_eq!(suggest(None).await, None);
}

#[tokio::test]
async fn a_dump_of_the_table_shows_nothing_personal() {
    let shop = Shop::open().await;
    let mut statement = says("customer-one", 1)
        .visitor("secret")
        .user("secret")
        .typed("zoe")
        .absorbed("customer-two");
    statement.0.conversation = Some(start(1, Some("https://shop.example/secret-page")));
    shop.apply(statement).await;
    shop.apply(says("customer-one", 2).user("secret").email("zoe"))
        .await;
    let dump = shop.fixture.dump().await.join("\n").to_lowercase();
    assert!(dump.contains("sk=contact "), "the row is there");
    // None of these could be hexadecimal by accident.
    for secret in ["zoe", "example", "secret", "customer"] {
        assert!(!dump.contains(secret), "{secret}: {dump}");
    }
}

#[tokio::test]
async fn the_same_contact_id_of_another_workspace_is_another_contact() {
    let shop = Shop::open().await;
    let (other_organization, other) = shop.fixture.connected("other").await;
    shop.record("s1", &[visitor("v")]).await;
    shop.apply(says("c", 1).visitor("v")).await;
    let store = &shop.fixture.store;
    let statement = says("c", 1).visitor("v").0;
    let (days, now) = (RETENTION_DAYS, shop.fixture.now);
    store
        .of(&other_organization)
        .apply_statement(&other, &statement, days, now)
        .await
        .unwrap();
    let found = store.find_contact(&other, &by_id("c")).await.unwrap();
    assert!(found.matches.is_empty());
    // Nor does a second workspace of the same organization know it.
    let second = identity::WorkspaceId::parse("second").unwrap();
    let connection = crate::fixture::connection(&second, &shop.organization);
    store.connections().put(&connection).await.unwrap();
    let found = store.find_contact(&second, &by_id("c")).await.unwrap();
    assert!(found.matches.is_empty());
    shop.assert_finds(&by_id("c"), &["s1"]).await;
}

#[tokio::test]
async fn what_is_said_again_lives_longer() {
    let mut shop = Shop::open().await;
    let statement = || says("c", 1).visitor("v").user("u").typed("ada");
    shop.record("s1", &[visitor("v"), user("u")]).await;
    shop.apply(statement()).await;
    shop.fixture.now += SignedDuration::from_hours(20 * 24);
    shop.apply(statement()).await;
    let expiring = (shop.fixture.now + SignedDuration::from_hours(30 * 24)).as_second();
    let rows = shop.fixture.dump().await;
    let about = |row: &&String| {
        ["#ALIAS#", "SK=ALIAS#", "SK=CLAIM#", "SK=CONTACT "]
            .iter()
            .any(|part| row.contains(part))
    };
    let rows: Vec<_> = rows.iter().filter(about).collect();
    assert!(rows.len() > 8, "{rows:?}");
    for row in rows {
        let (_, expires) = row.split_once("expires=").unwrap();
        let expires: i64 = expires.split(' ').next().unwrap().parse().unwrap();
        assert!(expires > expiring, "{row}");
    }
}
