//! Organizations, keys and connections.

use identity::{Alias, OrganizationId, SourceId, WorkspaceId};
use store::{
    AllowedOrigins, Connection, ContactQuery, Error, Grant, KeyScope, ListLength, NewKey,
    PlayerUrlTemplate, Provision,
};

use crate::fixture::{Fixture, connection};

fn provision(organization: &str, key: &str) -> Provision {
    Provision {
        organization: OrganizationId::parse(organization).unwrap(),
        name: "Shop".to_owned(),
        retention_days: store::RetentionDays::new(90).unwrap(),
        keys: vec![NewKey {
            key: key.to_owned(),
            scope: KeyScope::Write,
            source: None,
            expires_at: None,
        }],
        connection: None,
    }
}

#[tokio::test]
async fn a_key_speaks_for_its_organization() {
    let fixture = Fixture::start().await;
    let wanted = provision("org_shop", "write-key");
    fixture.store.provision(&wanted, fixture.now).await.unwrap();
    let before = fixture.dump().await;
    fixture
        .store
        .provision(&wanted, fixture.later(60))
        .await
        .unwrap();
    assert_eq!(
        fixture.dump().await,
        before,
        "doing it again changes nothing"
    );

    let grant = fixture
        .store
        .authenticate("write-key", fixture.now)
        .await
        .unwrap();
    let expected = Grant {
        organization: wanted.organization,
        scope: KeyScope::Write,
        source: Some(SourceId::site()),
        retention_days: store::RetentionDays::new(90).unwrap(),
        allowed_origins: AllowedOrigins::default(),
        new_sessions_a_minute: None,
        require_signatures: false,
        store_unmasked: false,
    };
    assert_eq!(grant, Some(expected));
    for unknown in ["", "write-key ", "WRITE-KEY", &"k".repeat(100_000)] {
        assert_eq!(
            fixture
                .store
                .authenticate(unknown, fixture.now)
                .await
                .unwrap(),
            None
        );
    }
}

#[tokio::test]
async fn a_key_that_is_rotated_out_ends_on_time() {
    let fixture = Fixture::start().await;
    let mut wanted = provision("org_shop", "old-key");
    wanted.keys[0].expires_at = Some(fixture.later(60));
    fixture.store.provision(&wanted, fixture.now).await.unwrap();
    let authenticate = |seconds| {
        fixture
            .store
            .authenticate("old-key", fixture.later(seconds))
    };
    assert!(authenticate(59).await.unwrap().is_some());
    assert!(authenticate(60).await.unwrap().is_none());
}

#[tokio::test]
async fn revoking_ends_every_key_of_the_organization_that_is_not_kept() {
    let fixture = Fixture::start().await;
    let (shop, rival) = (
        provision("org_shop", "first"),
        provision("org_rival", "theirs"),
    );
    for wanted in [&shop, &provision("org_shop", "second"), &rival] {
        fixture.store.provision(wanted, fixture.now).await.unwrap();
    }
    // A key that is another organization's is refused, and must not be revoked from here.
    let thief = provision("org_shop", "theirs");
    fixture
        .store
        .provision(&thief, fixture.now)
        .await
        .unwrap_err();

    let revoked = fixture
        .store
        .of(&shop.organization)
        .api_keys()
        .revoke_except(&["second", "never-made"]);
    revoked.await.unwrap();
    for (key, is_good) in [("first", false), ("second", true), ("theirs", true)] {
        let grant = fixture.store.authenticate(key, fixture.now).await.unwrap();
        assert_eq!(grant.is_some(), is_good, "{key}");
    }
    let all = fixture
        .store
        .of(&shop.organization)
        .api_keys()
        .revoke_except(&[]);
    all.await.unwrap();
    let second = fixture.store.authenticate("second", fixture.now).await;
    assert_eq!(second.unwrap(), None);
}

#[tokio::test]
async fn a_key_or_workspace_cannot_be_taken_over() {
    let fixture = Fixture::start().await;
    let (_, workspace) = fixture.connected("shop").await;
    fixture
        .store
        .provision(&provision("org_shop", "key"), fixture.now)
        .await
        .unwrap();
    let thief = provision("org_thief", "key");
    let taken = fixture.store.provision(&thief, fixture.now).await;
    assert!(matches!(taken, Err(Error::Taken { what: "key" })));

    let stolen = connection(&workspace, &thief.organization);
    let taken = fixture.store.connections().put(&stolen).await;
    assert!(matches!(taken, Err(Error::Taken { what: "workspace" })));
    let thief = Provision {
        keys: Vec::new(),
        connection: Some(stolen),
        ..thief
    };
    let taken = fixture.store.provision(&thief, fixture.now).await;
    assert!(matches!(taken, Err(Error::Taken { what: "workspace" })));
}

#[tokio::test]
async fn provisioning_leaves_changed_preferences_alone() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    let mut changed: Connection = connection(&workspace, &organization);
    changed.preferences.sessions_in_list = ListLength::new(3).unwrap();
    changed.preferences.player_url_template =
        PlayerUrlTemplate::parse("https://player.example/{session_id}#{seconds}").ok();
    fixture.store.connections().put(&changed).await.unwrap();
    fixture.connected("shop").await;
    let found = fixture
        .store
        .find_contact(&workspace, &ContactQuery::default())
        .await
        .unwrap();
    assert_eq!(found.connection, Some(changed));
}

#[tokio::test]
async fn an_unknown_workspace_has_no_connection_and_no_people() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let alias = Alias::email("ada@example.com").unwrap();
    fixture
        .identify(&organization, "s1", std::slice::from_ref(&alias))
        .await;
    let unknown = WorkspaceId::parse("unknown").unwrap();
    let found = fixture
        .store
        .find_contact(&unknown, &ContactQuery::of(&[alias]))
        .await
        .unwrap();
    assert_eq!(found.connection, None);
    assert!(found.people().is_empty());
}

#[tokio::test]
async fn a_second_workspace_costs_one_more_read_once() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("first").await;
    let second = WorkspaceId::parse("second").unwrap();
    fixture
        .store
        .connections()
        .put(&connection(&second, &organization))
        .await
        .unwrap();
    let alias = Alias::email("ada@example.com").unwrap();
    fixture
        .identify(&organization, "s1", std::slice::from_ref(&alias))
        .await;
    fixture.calls.take();

    let aliases = [
        alias.clone(),
        Alias::user_id("unknown-user").unwrap(),
        alias,
    ];
    for calls in [2, 1, 1] {
        let found = fixture
            .store
            .find_contact(&second, &ContactQuery::of(&aliases))
            .await
            .unwrap();
        assert_eq!(found.people().len(), 1);
        assert_eq!(fixture.calls.take(), vec!["BatchGetItem"; calls]);
    }
}
