//! Tokens at rest: who can open them, and with which key.

use identity::{MasterKey, OrganizationId, WorkspaceId};
use store::{Connection, ContactQuery, Error, KeyRing, Store};
use test_support::master_key;

use crate::fixture::{Fixture, TABLE};
use crate::installations::{connect, shop};

fn ring() -> KeyRing {
    KeyRing::of_master(&master_key())
        .with_key("2026-11", [9; 32])
        .unwrap()
}

async fn read(store: &Store, connection: &Connection) -> Result<String, Error> {
    let token = store.connections().token(connection).await?.unwrap();
    Ok(token.expose().to_owned())
}

#[tokio::test]
async fn a_token_moved_to_another_workspace_or_organization_does_not_open() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let connected = connect(store, "token-1", fixture.now).await;
    let thief = Connection {
        organization: OrganizationId::parse("org_thief").unwrap(),
        ..connected.clone()
    };
    let opened = read(store, &thief).await;
    assert!(matches!(
        opened,
        Err(Error::Table(table::Error::Corrupt { what: "token", .. }))
    ));

    let elsewhere = WorkspaceId::parse("thief").unwrap();
    let client = &fixture.client;
    let rows = client
        .scan()
        .table_name(TABLE)
        .send()
        .await
        .unwrap()
        .items
        .unwrap();
    let mut row = rows
        .into_iter()
        .find(|row| row["SK"].as_s().unwrap() == "TOKEN")
        .unwrap();
    row.insert(
        "PK".to_owned(),
        aws_sdk_dynamodb::types::AttributeValue::S("WORKSPACE#thief".to_owned()),
    );
    let put = client.put_item().table_name(TABLE).set_item(Some(row));
    put.send().await.unwrap();
    let moved = Connection {
        workspace: elsewhere,
        ..connected
    };
    let opened = read(store, &moved).await;
    assert!(matches!(
        opened,
        Err(Error::Table(table::Error::Corrupt { what: "token", .. }))
    ));
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token-1", fixture.now).await;
    let master = MasterKey::new([43; 32]).unwrap();
    let other = Store::new(fixture.client.clone(), TABLE, master);
    assert!(matches!(
        read(&other, &connected).await,
        Err(Error::Table(table::Error::Corrupt { .. }))
    ));
}

#[tokio::test]
async fn a_token_is_sealed_again_when_it_is_read_after_a_rotation() {
    let fixture = Fixture::start().await;
    let before = &fixture.store;
    let connected = connect(before, "token-1", fixture.now).await;
    let after = before.with_token_keys(ring().sealing_with("2026-11").unwrap());
    let sealed_with = async |key: &str| {
        let dump = fixture.dump().await.join("\n");
        dump.contains(&format!("sealed=v1.{key}."))
    };
    assert!(sealed_with("m1").await);
    for calls in [vec!["GetItem", "UpdateItem"], vec!["GetItem"]] {
        fixture.calls.take();
        assert_eq!(read(&after, &connected).await.unwrap(), "token-1");
        assert_eq!(fixture.calls.take(), calls);
        assert!(sealed_with("2026-11").await && !sealed_with("m1").await);
    }
    // Whoever has not heard of the new key is told its id.
    let unknown = read(before, &connected).await;
    assert!(
        matches!(unknown, Err(Error::Table(table::Error::UnknownKey { id })) if id == "2026-11")
    );
    // Whoever has, but does not seal with it yet, reads it.
    let informed = before.with_token_keys(ring());
    assert_eq!(read(&informed, &connected).await.unwrap(), "token-1");
}

#[tokio::test]
async fn a_token_that_cannot_be_sealed_again_is_read_all_the_same() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token-1", fixture.now).await;
    let after = fixture
        .store
        .with_token_keys(ring().sealing_with("2026-11").unwrap());
    fixture.calls.fail_next("UpdateItem");
    assert_eq!(read(&after, &connected).await.unwrap(), "token-1");
}

#[tokio::test]
async fn the_canvas_does_not_read_the_token() {
    let fixture = Fixture::start().await;
    connect(&fixture.store, "token-1", fixture.now).await;
    let found = fixture
        .store
        .find_contact(&shop(), &ContactQuery::default())
        .await
        .unwrap();
    let shown = format!("{:?}", found.connection.unwrap());
    assert!(
        !shown.contains("v1.") && !shown.contains("token-1"),
        "{shown}"
    );
}
