//! Where tracked events come from.

use identity::{OrganizationId, SourceId};
use serde_json::json;
use store::{
    Error, KeyLookup, KeyScope, MAX_SOURCES, NewKey, Preferences, Provision, Source, SourceChoices,
    SourceKind,
};

use crate::fixture::{Fixture, RETENTION_DAYS};

fn id(text: &str) -> SourceId {
    SourceId::parse(text).unwrap()
}

fn server(fixture: &Fixture, name: &str, made: i64) -> Source {
    Source {
        id: id(name),
        name: name.to_owned(),
        kind: SourceKind::Server,
        workspace: None,
        settings: json!({"nested": "flatten", "wait_seconds": 60}),
        created_at: Some(fixture.later(made)),
    }
}

#[tokio::test]
async fn every_organization_has_the_browser_source_and_those_that_it_made() {
    let fixture = Fixture::start().await;
    let (acme, _) = fixture.connected("acme").await;
    let (other, _) = fixture.connected("other").await;
    let sources = fixture.store.of(&acme).sources();
    assert_eq!(sources.list().await.unwrap(), [Source::site()]);
    assert_eq!(
        sources.get(&SourceId::site()).await.unwrap(),
        Some(Source::site())
    );

    let (late, early) = (server(&fixture, "late", 2), server(&fixture, "early", 1));
    for source in [&late, &early] {
        assert!(sources.create(source).await.unwrap());
    }
    let again = Source {
        name: "again".to_owned(),
        ..late.clone()
    };
    assert!(!sources.create(&again).await.unwrap());
    let expected = [Source::site(), early, late.clone()];
    assert_eq!(sources.list().await.unwrap(), expected);
    let others = fixture.store.of(&other).sources();
    assert_eq!(others.list().await.unwrap(), [Source::site()]);
    assert_eq!(others.get(&late.id).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_chosen_changes_and_nothing_else() {
    let fixture = Fixture::start().await;
    let (acme, workspace) = fixture.connected("acme").await;
    let sources = fixture.store.of(&acme).sources();
    let made = server(&fixture, "backend", 0);
    sources.create(&made).await.unwrap();
    let mut choices = SourceChoices {
        name: "Backend".to_owned(),
        workspace: Some(workspace),
        settings: json!({"currency": "eur"}),
    };
    for before in [made, Source::site()] {
        let changed = sources.update(&before.id, choices.clone()).await.unwrap();
        let expected = Source {
            name: choices.name.clone(),
            workspace: choices.workspace.clone(),
            settings: choices.settings.clone(),
            ..before.clone()
        };
        assert_eq!(changed.as_ref(), Some(&expected));
        assert_eq!(sources.get(&before.id).await.unwrap(), changed);
    }
    choices.workspace = None;
    let changed = sources
        .update(&id("backend"), choices.clone())
        .await
        .unwrap();
    assert_eq!(changed.unwrap().workspace, None);
    assert_eq!(sources.update(&id("nobody"), choices).await.unwrap(), None);
    assert_eq!(sources.list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_key_lets_in_events_of_its_source_and_replaces_those_of_no_other() {
    let fixture = Fixture::start().await;
    let (acme, _) = fixture.connected("acme").await;
    let sources = fixture.store.of(&acme).sources();
    for name in ["a", "b"] {
        sources.create(&server(&fixture, name, 0)).await.unwrap();
    }
    let new_key = async |source: &str, seed: u8, seconds: i64| {
        let (source, preferences) = (id(source), Preferences::default());
        let now = fixture.later(seconds);
        let key = sources.new_key(&source, &preferences, [seed; 32], now);
        key.await.unwrap().expose().to_owned()
    };
    let source_of = async |key: &str, seconds: i64| {
        let found = fixture
            .store
            .authenticate(key, fixture.later(seconds))
            .await;
        found
            .unwrap()
            .map(|grant| (grant.scope, grant.source.unwrap()))
    };
    let (a, b) = (new_key("a", 1, 0).await, new_key("b", 2, 0).await);
    let newer = new_key("a", 3, 0).await;
    let day = 86_400;
    for (key, source, after_a_day) in [(&a, "a", false), (&newer, "a", true), (&b, "b", true)] {
        let expected = Some((KeyScope::Source, id(source)));
        assert_eq!(source_of(key, day - 1).await, expected);
        assert_eq!(
            source_of(key, day + 1).await.is_some(),
            after_a_day,
            "{source}"
        );
    }
}

#[tokio::test]
async fn an_operator_provisions_the_key_of_a_source() {
    let fixture = Fixture::start().await;
    let provision = |key: &str| Provision {
        organization: OrganizationId::parse("org_shop").unwrap(),
        name: "Shop".to_owned(),
        retention_days: RETENTION_DAYS,
        keys: vec![NewKey {
            key: key.to_owned(),
            scope: KeyScope::Source,
            source: Some(id("local")),
            expires_at: None,
        }],
        connection: None,
    };
    let wanted = provision("source-key");
    fixture.store.provision(&wanted, fixture.now).await.unwrap();
    let found = fixture.store.look_up_key("source-key", fixture.now).await;
    let KeyLookup::Good(grant) = found.unwrap() else {
        panic!("the key is known")
    };
    assert_eq!(
        (grant.scope, grant.source),
        (KeyScope::Source, Some(id("local")))
    );
}

#[tokio::test]
async fn an_organization_has_so_many_sources_at_most() {
    let fixture = Fixture::start().await;
    let (acme, _) = fixture.connected("acme").await;
    let sources = fixture.store.of(&acme).sources();
    for number in 1..MAX_SOURCES {
        let source = server(&fixture, &format!("s{number}"), 0);
        assert!(sources.create(&source).await.unwrap());
    }
    let one_more = sources.create(&server(&fixture, "more", 0)).await;
    assert!(matches!(one_more, Err(Error::TooManySources { .. })));
}
