//! Keys that admins make, see and replace.

use store::{
    ApiKey, Connection, Error, FirstKeys, KEY_OVERLAP, KeyLookup, KeyScope, NewKey, Provision,
};

use crate::fixture::{Fixture, RETENTION_DAYS};
use crate::installations::connect;

const DAY: i64 = 86_400;

/// A write key and a secret key.
pub(crate) fn api_keys(seed: u8) -> [ApiKey; 2] {
    [KeyScope::Write, KeyScope::Secret].map(|scope| ApiKey::from_random(scope, [seed; 32]))
}

async fn works(fixture: &Fixture, key: &ApiKey, seconds: i64) -> bool {
    let grant = fixture
        .store
        .authenticate(key.expose(), fixture.later(seconds));
    let grant = grant.await.unwrap();
    assert!(
        grant
            .as_ref()
            .is_none_or(|grant| grant.scope == key.scope())
    );
    grant.is_some()
}

async fn rotate(fixture: &Fixture, connection: &Connection, key: &ApiKey, seconds: i64) {
    let now = fixture.later(seconds);
    let rotated = fixture
        .store
        .of(&connection.organization)
        .api_keys()
        .rotate(&connection.preferences, key, KEY_OVERLAP, now);
    rotated.await.unwrap();
}

#[tokio::test]
async fn the_first_keys_are_made_once() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token", fixture.now).await;
    let ([write, secret], again) = (api_keys(1), api_keys(2));
    let create = |[write, secret]: [ApiKey; 2]| {
        let (store, connected) = (fixture.store.clone(), connected.clone());
        async move {
            let created = store.of(&connected.organization).api_keys().create_first(
                &connected.preferences,
                &write,
                &secret,
                fixture.now,
            );
            created.await.unwrap()
        }
    };
    let both = |stored| FirstKeys {
        write: stored,
        secret: stored,
    };
    assert_eq!(create([write.clone(), secret.clone()]).await, both(true));
    assert_eq!(create(again.clone()).await, both(false));
    for (key, is_good) in [
        (&write, true),
        (&secret, true),
        (&again[0], false),
        (&again[1], false),
    ] {
        assert_eq!(works(&fixture, key, 0).await, is_good, "{key:?}");
    }
}

#[tokio::test]
async fn only_the_missing_first_key_is_made() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token", fixture.now).await;
    let provision = Provision {
        organization: connected.organization.clone(),
        name: "Shop".to_owned(),
        retention_days: RETENTION_DAYS,
        keys: vec![NewKey {
            key: "an-operators-write-key".to_owned(),
            scope: KeyScope::Write,
            source: None,
            expires_at: None,
        }],
        connection: None,
    };
    let store = &fixture.store;
    store.provision(&provision, fixture.now).await.unwrap();
    let [write, secret] = api_keys(1);
    let made = store.of(&connected.organization).api_keys().create_first(
        &connected.preferences,
        &write,
        &secret,
        fixture.now,
    );
    let expected = FirstKeys {
        write: false,
        secret: true,
    };
    assert_eq!(made.await.unwrap(), expected);
    let keys = store
        .of(&connected.organization)
        .api_keys()
        .list(fixture.now)
        .await
        .unwrap();
    let shown: Vec<_> = keys
        .iter()
        .filter_map(|key| Some(key.text.as_ref()?.expose()))
        .collect();
    assert_eq!(shown, ["an-operators-write-key"]);

    // Provisioning ends the operator's keys that it does not name, and never those of the admins.
    let revoked = store
        .of(&connected.organization)
        .api_keys()
        .revoke_except(&[]);
    revoked.await.unwrap();
    assert!(works(&fixture, &secret, 0).await);
    let keys = store
        .of(&connected.organization)
        .api_keys()
        .list(fixture.now)
        .await
        .unwrap();
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn what_an_operator_allows_holds_for_keys_that_are_and_that_come() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token", fixture.now).await;
    let ([write, secret], [new, _]) = (api_keys(1), api_keys(2));
    let store = &fixture.store;
    let keys = store.of(&connected.organization).api_keys();
    let preferences = &connected.preferences;
    let made = keys.create_first(preferences, &write, &secret, fixture.now);
    made.await.unwrap();
    let allowed = async |key: &ApiKey| {
        let grant = store.authenticate(key.expose(), fixture.now).await;
        grant.unwrap().unwrap().new_sessions_a_minute
    };
    assert_eq!(allowed(&write).await, None);

    let more = std::num::NonZeroU32::new(6_000);
    keys.set_new_sessions_a_minute(more).await.unwrap();
    let rotated = keys.rotate(preferences, &new, KEY_OVERLAP, fixture.now);
    rotated.await.unwrap();
    for key in [&write, &secret, &new] {
        assert_eq!(allowed(key).await, more);
    }
    keys.set_new_sessions_a_minute(None).await.unwrap();
    for key in [&write, &secret, &new] {
        assert_eq!(allowed(key).await, None);
    }
}

#[tokio::test]
async fn a_key_that_has_ended_is_known_by_whose_it_was() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token", fixture.now).await;
    let ([write, secret], [new, _]) = (api_keys(1), api_keys(2));
    let store = &fixture.store;
    let keys = store.of(&connected.organization).api_keys();
    let preferences = &connected.preferences;
    let made = keys.create_first(preferences, &write, &secret, fixture.now);
    made.await.unwrap();
    let rotated = keys.rotate(preferences, &new, KEY_OVERLAP, fixture.now);
    rotated.await.unwrap();
    let found = store.look_up_key(write.expose(), fixture.now + KEY_OVERLAP);
    let ended = KeyLookup::Ended(connected.organization.clone());
    assert_eq!(found.await.unwrap(), ended);
    let found = store.look_up_key("guessed", fixture.now).await.unwrap();
    assert_eq!(found, KeyLookup::Unknown);
}

#[tokio::test]
async fn a_replaced_key_works_for_another_day() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token", fixture.now).await;
    let ([write, secret], [_, new]) = (api_keys(1), api_keys(2));
    let store = &fixture.store;
    let made = store.of(&connected.organization).api_keys().create_first(
        &connected.preferences,
        &write,
        &secret,
        fixture.now,
    );
    made.await.unwrap();
    rotate(&fixture, &connected, &new, 60).await;

    for (key, seconds, is_good) in [
        (&new, 60, true),
        (&secret, 60 + DAY - 1, true),
        (&secret, 60 + DAY, false),
        (&new, 1_000 * DAY, true),
        (&write, 1_000 * DAY, true),
    ] {
        assert_eq!(
            works(&fixture, key, seconds).await,
            is_good,
            "{key:?} {seconds}"
        );
    }
    let overview = async |seconds| {
        let now = fixture.later(seconds);
        let keys = store
            .of(&connected.organization)
            .api_keys()
            .list(now)
            .await
            .unwrap();
        let row = |key: &store::KeySummary| {
            let ends = key
                .expires_at
                .map(|at| at.duration_since(fixture.now).as_secs());
            (key.scope, key.text.is_some(), ends)
        };
        keys.iter().map(row).collect::<Vec<_>>()
    };
    let (current, replaced) = (
        [
            (KeyScope::Secret, false, None),
            (KeyScope::Write, true, None),
        ],
        (KeyScope::Secret, false, Some(60 + DAY)),
    );
    assert_eq!(overview(61).await, [current[0], current[1], replaced]);
    assert_eq!(overview(60 + DAY).await, current);
    let keys = store
        .of(&connected.organization)
        .api_keys()
        .list(fixture.now)
        .await
        .unwrap();
    let shown = keys.iter().find_map(|key| key.text.as_ref()).unwrap();
    assert_eq!(shown.expose(), write.expose());
    assert_eq!(
        keys[0].last4.as_deref(),
        Some(&new.expose()[new.expose().len() - 4..])
    );
    assert_eq!(keys[0].created_at, Some(fixture.later(60)));
}

#[tokio::test]
async fn rotations_at_the_same_time_leave_one_current_key() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token", fixture.now).await;
    let store = &fixture.store;
    let [write, secret] = api_keys(1);
    let made = store.of(&connected.organization).api_keys().create_first(
        &connected.preferences,
        &write,
        &secret,
        fixture.now,
    );
    made.await.unwrap();
    let new: Vec<ApiKey> = (2..6).map(|seed| api_keys(seed)[1].clone()).collect();
    let rotations = new.iter().map(|key| rotate(&fixture, &connected, key, 0));
    futures::future::join_all(rotations).await;

    let keys = store
        .of(&connected.organization)
        .api_keys()
        .list(fixture.now)
        .await
        .unwrap();
    let of_secret = |is_current: bool| {
        let is_wanted = |key: &&store::KeySummary| {
            key.scope == KeyScope::Secret && key.expires_at.is_none() == is_current
        };
        keys.iter().filter(is_wanted).count()
    };
    assert_eq!((of_secret(true), of_secret(false)), (1, 4));
    for key in new.iter().chain([&write, &secret]) {
        assert!(works(&fixture, key, 0).await, "{key:?}");
    }
}

#[tokio::test]
async fn keys_do_not_pile_up() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token", fixture.now).await;
    let key = |number: u8| api_keys(number)[0].clone();
    for number in 0..20 {
        rotate(&fixture, &connected, &key(number), 0).await;
    }
    let (now, last) = (fixture.now, key(20));
    let one_more = fixture.store.of(&connected.organization).api_keys().rotate(
        &connected.preferences,
        &last,
        KEY_OVERLAP,
        now,
    );
    assert!(matches!(one_more.await, Err(Error::TooManyKeys { .. })));

    rotate(&fixture, &connected, &key(21), DAY).await;
    rotate(&fixture, &connected, &key(22), 3 * DAY).await;
    let dump = fixture.dump().await;
    let organization = dump.iter().find(|row| row.contains("SK=ORG ")).unwrap();
    let noted = organization.split("key_digests=").nth(1).unwrap();
    let noted = noted.split(' ').next().unwrap().split(',').count();
    assert_eq!(noted, 2, "{organization}");
}

#[tokio::test]
async fn one_organizations_keys_are_not_anothers() {
    let fixture = Fixture::start().await;
    let connected = connect(&fixture.store, "token", fixture.now).await;
    let (rival, _) = fixture.connected("rival").await;
    let [write, secret] = api_keys(1);
    let store = &fixture.store;
    let made = store.of(&connected.organization).api_keys().create_first(
        &connected.preferences,
        &write,
        &secret,
        fixture.now,
    );
    made.await.unwrap();
    assert_eq!(
        store.of(&rival).api_keys().list(fixture.now).await.unwrap(),
        []
    );
}
