//! Workspaces that come, stay and go, in any order and at the same time.

use identity::{OrganizationId, WorkspaceId};
use jiff::Timestamp;
use proptest::prelude::*;
use store::{
    AllowedOrigins, Connection, ConnectionStatus, Disconnection, Error, Installer, LastSync,
    ListLength, NewConnection, Preferences, RetentionDays, SecretText, Store, SyncOutcome,
};

use crate::fixture::{Fixture, connection};

pub(crate) fn shop() -> WorkspaceId {
    WorkspaceId::parse("shop").unwrap()
}

pub(crate) fn new_connection(token: &str) -> NewConnection {
    NewConnection {
        token: SecretText::new(token),
        ..test_support::new_connection("shop", "Shop")
    }
}

pub(crate) async fn connect(store: &Store, token: &str, now: Timestamp) -> Connection {
    store
        .connections()
        .connect(&new_connection(token), now)
        .await
        .unwrap()
}

async fn token(store: &Store) -> Option<String> {
    let connection = store.connections().get(&shop()).await.unwrap()?;
    let token = store.connections().token(&connection).await.unwrap()?;
    Some(token.expose().to_owned())
}

#[tokio::test]
async fn the_first_install_makes_the_organization_and_keeps_the_token() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let made = connect(store, "token-1", fixture.now).await;
    let expected = Connection {
        connected_by: Some(new_connection("").installer),
        connected_at: Some(fixture.now),
        epoch: 1,
        last_sync: Some(LastSync {
            at: fixture.now,
            outcome: SyncOutcome::Succeeded,
        }),
        ..Connection::new(
            shop(),
            OrganizationId::parse("org_shop").unwrap(),
            new_connection("").profile,
        )
    };
    assert_eq!(made, expected);
    assert_eq!(
        store.connections().get(&shop()).await.unwrap(),
        Some(expected)
    );
    assert_eq!(token(store).await.as_deref(), Some("token-1"));
    let dump = fixture.dump().await.join("\n");
    assert!(dump.contains("PK=ORG#org_shop SK=ORG"), "{dump}");
}

#[tokio::test]
async fn a_reinstall_replaces_the_token_and_keeps_everything_else() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    // An operator has connected it to an organization of another name.
    let other = OrganizationId::parse("org_other").unwrap();
    let provisioned = connection(&shop(), &other);
    store.connections().put(&provisioned).await.unwrap();
    let preferences = Preferences {
        sessions_in_list: ListLength::new(3).unwrap(),
        ..Preferences::default()
    };
    let updated = store
        .connections()
        .update_preferences(&provisioned, &preferences);
    updated.await.unwrap();

    connect(store, "token-1", fixture.now).await;
    store.connections().disconnect(&shop(), None).await.unwrap();
    let again = connect(store, "token-2", fixture.later(60)).await;

    assert_eq!(again.organization, other);
    assert_eq!(again.preferences, preferences);
    assert_eq!(
        (again.epoch, again.status),
        (3, ConnectionStatus::Connected)
    );
    assert_eq!(again.connected_at, Some(fixture.later(60)));
    assert_eq!(store.connections().get(&shop()).await.unwrap(), Some(again));
    assert_eq!(token(store).await.as_deref(), Some("token-2"));
}

#[tokio::test]
async fn disconnecting_ends_the_token_and_is_done_once() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    assert_eq!(
        store.connections().disconnect(&shop(), None).await.unwrap(),
        Disconnection::Unknown
    );
    let connected = connect(store, "token-1", fixture.now).await;
    let ended = Connection {
        status: ConnectionStatus::Disconnected,
        epoch: 2,
        links_epoch: 1,
        ..connected
    };
    assert_eq!(
        store
            .connections()
            .disconnect(&shop(), Some(0))
            .await
            .unwrap(),
        Disconnection::Outrun,
        "of an older connection"
    );
    for (epoch, expected) in [
        (Some(1), Disconnection::Done(ended.clone())),
        (Some(1), Disconnection::Already(ended.clone())),
        (None, Disconnection::Already(ended.clone())),
    ] {
        assert_eq!(
            store
                .connections()
                .disconnect(&shop(), epoch)
                .await
                .unwrap(),
            expected
        );
        assert_eq!(token(store).await, None);
    }
    assert_eq!(store.connections().get(&shop()).await.unwrap(), Some(ended));
    let dump = fixture.dump().await.join("\n");
    assert!(!dump.contains("SK=TOKEN"), "{dump}");
}

#[tokio::test]
async fn a_refused_token_says_nothing_about_a_newer_one() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let status = async || {
        store
            .connections()
            .get(&shop())
            .await
            .unwrap()
            .unwrap()
            .status
    };
    assert!(
        !store
            .connections()
            .mark_needs_attention(&shop(), 0)
            .await
            .unwrap()
    );
    assert_eq!(store.connections().get(&shop()).await.unwrap(), None);
    connect(store, "token-1", fixture.now).await;
    for _ in 0..2 {
        assert!(
            store
                .connections()
                .mark_needs_attention(&shop(), 1)
                .await
                .unwrap()
        );
        assert_eq!(status().await, ConnectionStatus::NeedsAttention);
    }
    connect(store, "token-2", fixture.now).await;
    assert!(
        !store
            .connections()
            .mark_needs_attention(&shop(), 1)
            .await
            .unwrap()
    );
    assert_eq!(status().await, ConnectionStatus::Connected);
    store.connections().disconnect(&shop(), None).await.unwrap();
    assert!(
        !store
            .connections()
            .mark_needs_attention(&shop(), 3)
            .await
            .unwrap()
    );
    assert_eq!(status().await, ConnectionStatus::Disconnected);
}

#[tokio::test]
async fn a_connection_of_an_operator_begins_at_epoch_zero() {
    let fixture = Fixture::start().await;
    let (_, workspace) = fixture.connected("shop").await;
    let store = &fixture.store;
    assert!(
        store
            .connections()
            .mark_needs_attention(&workspace, 0)
            .await
            .unwrap()
    );
    let signed_out = store
        .connections()
        .sign_out_everywhere(&workspace)
        .await
        .unwrap();
    assert_eq!(signed_out.unwrap().epoch, 1);
    assert!(matches!(
        store
            .connections()
            .disconnect(&workspace, Some(1))
            .await
            .unwrap(),
        Disconnection::Done(Connection { epoch: 2, .. })
    ));
    let unknown = WorkspaceId::parse("unknown").unwrap();
    assert_eq!(
        store
            .connections()
            .sign_out_everywhere(&unknown)
            .await
            .unwrap(),
        None
    );
}

#[tokio::test]
async fn the_latest_sync_of_this_connection_is_kept() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    connect(store, "token-1", fixture.now).await;
    let sync = |seconds, outcome| LastSync {
        at: fixture.later(seconds),
        outcome,
    };
    let refused = sync(60, SyncOutcome::Refused);
    for (epoch, noted) in [
        (1, refused),
        (1, sync(30, SyncOutcome::Unreachable)),
        (0, sync(90, SyncOutcome::Unreachable)),
    ] {
        store
            .connections()
            .note_sync(&shop(), epoch, &noted)
            .await
            .unwrap();
        let connection = store.connections().get(&shop()).await.unwrap().unwrap();
        assert_eq!(connection.last_sync, Some(refused));
    }
}

#[tokio::test]
async fn preferences_reach_the_keys_and_only_ones_own_connection() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let connected = connect(store, "token-1", fixture.now).await;
    let [write, secret] = crate::key_rotation::api_keys(1);
    let made = store.of(&connected.organization).api_keys().create_first(
        &connected.preferences,
        &write,
        &secret,
        fixture.now,
    );
    made.await.unwrap();
    let preferences = Preferences {
        retention_days: RetentionDays::new(90).unwrap(),
        allowed_origins: AllowedOrigins::parse("https://shop.example").unwrap(),
        require_signatures: true,
        store_unmasked: true,
        show_possible_matches: false,
        ..Preferences::default()
    };
    let updated = store
        .connections()
        .update_preferences(&connected, &preferences);
    updated.await.unwrap();

    let read = store.connections().get(&shop()).await.unwrap().unwrap();
    assert_eq!(read.preferences, preferences);
    for key in [&write, &secret] {
        let grant = store.authenticate(key.expose(), fixture.now).await.unwrap();
        let grant = grant.unwrap();
        assert_eq!(grant.retention_days.get(), 90);
        assert_eq!(grant.allowed_origins, preferences.allowed_origins);
        assert!(grant.require_signatures && grant.store_unmasked);
    }
    let thief = Connection {
        organization: OrganizationId::parse("org_thief").unwrap(),
        ..connected
    };
    let defaults = Preferences::default();
    let stolen = store.connections().update_preferences(&thief, &defaults);
    assert!(matches!(
        stolen.await,
        Err(Error::Taken { what: "workspace" })
    ));
}

#[tokio::test]
async fn installs_at_the_same_time_end_in_one_of_them() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let tokens = ["token-0", "token-1", "token-2", "token-3"];
    let connects = tokens.map(|token| async move {
        let new = NewConnection {
            installer: Installer {
                admin_id: token.to_owned(),
                name: token.to_owned(),
            },
            ..new_connection(token)
        };
        store
            .connections()
            .connect(&new, fixture.now)
            .await
            .unwrap()
            .epoch
    });
    let mut epochs = futures::future::join_all(connects).await;
    epochs.sort_unstable();
    assert_eq!(epochs, [1, 2, 3, 4]);
    let last = store.connections().get(&shop()).await.unwrap().unwrap();
    assert_eq!(last.epoch, 4);
    // The token is that of the admin who is named.
    assert_eq!(token(store).await, last.connected_by.map(|by| by.name));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Connect,
    Disconnect,
    DisconnectOf(u64),
    Refused(u64),
    SignOut,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Connect),
        Just(Step::Disconnect),
        (0..6_u64).prop_map(Step::DisconnectOf),
        (0..6_u64).prop_map(Step::Refused),
        Just(Step::SignOut),
    ]
}

/// What the table should say: status, epoch and token.
#[derive(Debug, PartialEq)]
struct Model(Option<(ConnectionStatus, u64, Option<String>)>);

impl Model {
    fn take(&mut self, step: Step, number: usize) {
        use ConnectionStatus::{Connected, Disconnected, NeedsAttention};
        let epoch = self.0.as_ref().map_or(0, |(_, epoch, _)| *epoch);
        match (step, &mut self.0) {
            (Step::Connect, now) => {
                *now = Some((Connected, epoch + 1, Some(format!("token-{number}"))));
            }
            (Step::SignOut, Some((_, epoch, _))) => *epoch += 1,
            (_, Some((Disconnected, _, _)) | None) => {}
            (Step::DisconnectOf(of) | Step::Refused(of), _) if of != epoch => {}
            (Step::Refused(_), Some((status, _, _))) => *status = NeedsAttention,
            (Step::Disconnect | Step::DisconnectOf(_), now) => {
                *now = Some((Disconnected, epoch + 1, None));
            }
        }
    }

    async fn read(store: &Store) -> Self {
        let connection = store.connections().get(&shop()).await.unwrap();
        let token = token(store).await;
        Self(connection.map(|found| (found.status, found.epoch, token)))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_repetition_ends_right(steps in prop::collection::vec(step(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let fixture = Fixture::start().await;
            let store = &fixture.store;
            let mut model = Model(None);
            for (number, step) in steps.into_iter().enumerate() {
                match step {
                    Step::Connect => {
                        connect(store, &format!("token-{number}"), fixture.now).await;
                    }
                    Step::Disconnect => {
                        store.connections().disconnect(&shop(), None).await.unwrap();
                    }
                    Step::DisconnectOf(epoch) => {
                        store.connections().disconnect(&shop(), Some(epoch)).await.unwrap();
                    }
                    Step::Refused(epoch) => {
                        store.connections().mark_needs_attention(&shop(), epoch).await.unwrap();
                    }
                    Step::SignOut => {
                        store.connections().sign_out_everywhere(&shop()).await.unwrap();
                    }
                }
                model.take(step, number);
                prop_assert_eq!(&Model::read(store).await, &model, "after {:?}", step);
            }
            Ok(())
        })?;
    }
}
