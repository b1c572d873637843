//! What a thief of the table would read, and what one organization sees of another.

use identity::{Alias, OrganizationId, SessionId};
use store::{ContactQuery, KEY_OVERLAP, KeyScope, NewKey, PageRequest, Provision};

use crate::fixture::{Fixture, RETENTION_DAYS, id};
use crate::installations::connect;
use crate::key_rotation::api_keys;

fn aliases() -> [Alias; 4] {
    [
        Alias::email("ada@example.com").unwrap(),
        Alias::user_id("customer-4711").unwrap(),
        Alias::anonymous_id("browser-at-home").unwrap(),
        Alias::visitor_id("4c1f3a52-visitor").unwrap(),
    ]
}

#[tokio::test]
async fn a_dump_of_the_table_shows_no_alias_and_no_key() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let provision = Provision {
        organization: organization.clone(),
        name: "Shop".to_owned(),
        retention_days: RETENTION_DAYS,
        keys: vec![NewKey {
            key: "the-secret-key".to_owned(),
            scope: KeyScope::Secret,
            source: None,
            expires_at: None,
        }],
        connection: None,
    };
    fixture
        .store
        .provision(&provision, fixture.now)
        .await
        .unwrap();
    fixture.identify(&organization, "s1", &aliases()).await;
    fixture.summarize(&organization, "s1", fixture.now).await;

    let dump = fixture.dump().await.join("\n").to_lowercase();
    assert!(dump.contains("alias#email#"), "the rows are there");
    for secret in [
        "ada",
        "example.com",
        "customer-4711",
        "browser-at-home",
        "4c1f3a52-visitor",
        "the-secret-key",
    ] {
        assert!(!dump.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_dump_of_the_table_shows_no_token_and_no_key_that_an_admin_made() {
    let fixture = Fixture::start().await;
    let store = &fixture.store;
    let connected = connect(store, "dG9rOmh1bnRlcjI=", fixture.now).await;
    let (first, second) = (api_keys(1), api_keys(2));
    let [write, secret] = &first;
    let made = store.of(&connected.organization).api_keys().create_first(
        &connected.preferences,
        write,
        secret,
        fixture.now,
    );
    made.await.unwrap();
    for key in &second {
        let rotated = store.of(&connected.organization).api_keys().rotate(
            &connected.preferences,
            key,
            KEY_OVERLAP,
            fixture.now,
        );
        rotated.await.unwrap();
    }
    let dump = fixture.dump().await.join("\n");
    assert_eq!(dump.matches("sealed=v1.m1.").count(), 3, "{dump}");
    assert!(!dump.contains("dG9rOmh1bnRlcjI"), "{dump}");
    for key in first.iter().chain(&second) {
        let text = key.expose();
        assert!(!dump.contains(&text[..text.len() - 4]), "{key:?}");
    }
}

#[tokio::test]
async fn the_session_shows_its_aliases_to_its_organization() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    fixture.identify(&organization, "s1", &aliases()[..2]).await;
    fixture.identify(&organization, "s1", &aliases()[2..]).await;
    fixture.summarize(&organization, "s1", fixture.now).await;
    let session = fixture
        .store
        .of(&organization)
        .sessions()
        .read(&id("s1"), fixture.now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.aliases.email.as_deref(), Some("ada@example.com"));
    assert_eq!(session.aliases.user_id.as_deref(), Some("customer-4711"));
    assert_eq!(
        session.aliases.anonymous_id.as_deref(),
        Some("browser-at-home")
    );
    assert_eq!(
        session.aliases.visitor_id.as_deref(),
        Some("4c1f3a52-visitor")
    );
    assert_eq!(format!("{:?}", session.aliases), "Aliases { .. }");
}

#[tokio::test]
async fn nothing_of_another_organization_is_seen() {
    let fixture = Fixture::start().await;
    let (ours, our_workspace) = fixture.connected("ours").await;
    let (theirs, their_workspace) = fixture.connected("theirs").await;
    let alias = Alias::email("ada@example.com").unwrap();
    fixture
        .identify(&ours, "s1", std::slice::from_ref(&alias))
        .await;
    fixture.summarize(&ours, "s1", fixture.now).await;
    let mine = fixture.sessions_of(&our_workspace, &alias).await;
    assert_eq!(mine.len(), 1);

    let store = &fixture.store;
    assert!(
        fixture
            .sessions_of(&their_workspace, &alias)
            .await
            .is_empty()
    );
    assert_eq!(
        store
            .of(&theirs)
            .sessions()
            .read(&id("s1"), fixture.now)
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        store
            .of(&theirs)
            .sessions()
            .begin_summary(&id("s1"), fixture.now)
            .await
            .unwrap(),
        None
    );
    // Not even with the ids of our people and sessions.
    let aliases = [alias];
    let people = store
        .find_contact(&our_workspace, &ContactQuery::of(&aliases))
        .await
        .unwrap()
        .people();
    let page = PageRequest {
        limit: 5,
        before: None,
    };
    assert!(
        store
            .of(&theirs)
            .sessions()
            .of_people(&people, &page, fixture.now)
            .await
            .unwrap()
            .sessions
            .is_empty()
    );
    let stolen = store
        .of(&theirs)
        .sessions()
        .find(&people, &mine[0].cursor, fixture.now)
        .await
        .unwrap();
    assert_eq!(stolen, None);
}

#[tokio::test]
async fn the_same_session_id_in_two_organizations_is_two_sessions() {
    let fixture = Fixture::start().await;
    let (ours, _) = fixture.connected("ours").await;
    let (theirs, _) = fixture.connected("theirs").await;
    fixture.summarize(&ours, "s1", fixture.later(-100)).await;
    fixture.summarize(&theirs, "s1", fixture.later(-50)).await;
    let started = async |organization: &OrganizationId, session: &SessionId| {
        let session = fixture
            .store
            .of(organization)
            .sessions()
            .read(session, fixture.now)
            .await
            .unwrap()
            .unwrap();
        session.summary.started_at
    };
    assert_eq!(started(&ours, &id("s1")).await, fixture.later(-100));
    assert_eq!(started(&theirs, &id("s1")).await, fixture.later(-50));
}
