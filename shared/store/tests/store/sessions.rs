//! Reading a contact's sessions.

use aws_sdk_dynamodb::types::AttributeValue;
use futures::future::join_all;
use identity::{Alias, OrganizationId};
use proptest::prelude::*;
use store::{ContactQuery, PageRequest, SessionCursor};

use crate::fixture::{Fixture, id, names};

fn ada() -> Alias {
    Alias::email("ada@example.com").unwrap()
}

/// Sessions a second apart, the latest one first in the list.
async fn record(
    fixture: &Fixture,
    organization: &OrganizationId,
    alias: &Alias,
    sessions: std::ops::Range<i64>,
) {
    for batch in sessions.collect::<Vec<_>>().chunks(16) {
        join_all(batch.iter().map(|n| async move {
            let session = format!("s{n:05}");
            fixture
                .identify(organization, &session, std::slice::from_ref(alias))
                .await;
            fixture
                .summarize(organization, &session, fixture.later(n - 100_000))
                .await;
        }))
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_costs_one_batch_and_one_query_per_person_whatever_is_stored() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    // Two browsers that turned out to be one person's.
    let browsers = ["home", "work"].map(|name| Alias::anonymous_id(name).unwrap());
    for (browser, session) in browsers.iter().zip(["s00000", "s00001"]) {
        fixture
            .identify(&organization, session, std::slice::from_ref(browser))
            .await;
        fixture
            .identify(&organization, session, &[ada(), browser.clone()])
            .await;
    }
    let mut aliases = browsers.to_vec();
    aliases.extend([
        ada(),
        Alias::user_id("nobody").unwrap(),
        Alias::visitor_id("nobody").unwrap(),
    ]);
    record(&fixture, &organization, &ada(), 0..10).await;
    for total in [10, 2_000] {
        fixture.multiply(&organization, 10..total).await;
        fixture.calls.take();
        let contact = fixture
            .store
            .find_contact(&workspace, &ContactQuery::of(&aliases))
            .await
            .unwrap();
        assert_eq!(fixture.calls.take(), ["BatchGetItem"]);
        let page = PageRequest {
            limit: 5,
            before: None,
        };
        let page = fixture
            .store
            .of(&organization)
            .sessions()
            .of_people(&contact.people(), &page, fixture.now)
            .await
            .unwrap();
        assert_eq!(page.sessions.len(), 5);
        assert_eq!(
            page.sessions[0].session_id,
            id(&format!("s{:05}", total - 1))
        );
        assert_eq!(fixture.calls.take(), ["Query", "Query"], "{total} sessions");
        let moment = fixture.later(-100_000 + 7);
        let people = contact.people();
        let before = fixture
            .store
            .of(&organization)
            .sessions()
            .last_before(&people, moment, fixture.now)
            .await
            .unwrap();
        assert_eq!(before.unwrap().session_id, id("s00006"));
        assert_eq!(fixture.calls.take(), ["Query", "Query"], "{total} sessions");
    }
}

#[test]
fn pages_add_up_to_the_whole_list_for_any_page_size() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let fixture = runtime.block_on(Fixture::start());
    let case = std::cell::Cell::new(0);
    // For each session whose it is and when it started: times repeat, so that ids have to decide.
    let session = (0_usize..3, 0_i64..6);
    let config = ProptestConfig {
        cases: 16,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(sessions in prop::collection::vec(session, 0..12), limit in 1_usize..8)| {
        case.set(case.get() + 1);
        let workspace = format!("w{}", case.get());
        runtime.block_on(check_pages(&fixture, &workspace, &sessions, limit));
    });
}

async fn check_pages(fixture: &Fixture, workspace: &str, sessions: &[(usize, i64)], limit: usize) {
    let (organization, workspace) = fixture.connected(workspace).await;
    let browsers = ["a", "b", "c"].map(|name| Alias::anonymous_id(name).unwrap());
    let mut expected = Vec::new();
    for (n, (owner, started)) in sessions.iter().enumerate() {
        let session = format!("s{n}");
        fixture
            .identify(
                &organization,
                &session,
                std::slice::from_ref(&browsers[*owner]),
            )
            .await;
        fixture
            .summarize(&organization, &session, fixture.later(started - 100))
            .await;
        expected.push((*started, session));
    }
    expected.sort();
    expected.reverse();
    let people = fixture
        .store
        .find_contact(&workspace, &ContactQuery::of(&browsers))
        .await
        .unwrap()
        .people();
    let mut listed = Vec::new();
    let mut before = None;
    loop {
        let request = PageRequest { limit, before };
        let page = fixture
            .store
            .of(&organization)
            .sessions()
            .of_people(&people, &request, fixture.now)
            .await
            .unwrap();
        assert!(
            page.sessions.len() == limit || page.next.is_none(),
            "only the last page is short"
        );
        assert!(
            !page.sessions.is_empty() || expected.is_empty(),
            "no page is empty"
        );
        listed.extend(page.sessions.iter().map(|row| row.session_id.to_string()));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    let expected: Vec<String> = expected.into_iter().map(|(_, session)| session).collect();
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn one_session_is_shown_to_its_people_only() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    let bob = Alias::email("bob@example.com").unwrap();
    for (session, alias) in [("hers", ada()), ("his", bob.clone())] {
        fixture.identify(&organization, session, &[alias]).await;
        fixture.summarize(&organization, session, fixture.now).await;
    }
    let cursor = &fixture.sessions_of(&workspace, &ada()).await[0].cursor;
    let shown = async |alias: Alias, cursor: &SessionCursor| {
        let people = fixture
            .store
            .find_contact(&workspace, &ContactQuery::of(&[alias]))
            .await
            .unwrap()
            .people();
        fixture.calls.take();
        let found = fixture
            .store
            .of(&organization)
            .sessions()
            .find(&people, cursor, fixture.now)
            .await
            .unwrap();
        assert_eq!(fixture.calls.take(), ["BatchGetItem"]);
        found.map(|row| row.session_id.to_string())
    };
    assert_eq!(shown(ada(), cursor).await.as_deref(), Some("hers"));
    assert_eq!(shown(bob, cursor).await, None);
    assert_eq!(
        shown(ada(), &SessionCursor::parse("5:hers").unwrap()).await,
        None
    );
    let nobody = fixture
        .store
        .of(&organization)
        .sessions()
        .find(&[], cursor, fixture.now)
        .await
        .unwrap();
    assert_eq!(nobody, None);
}

#[tokio::test]
async fn the_session_before_a_moment_started_before_it() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    record(&fixture, &organization, &ada(), 0..3).await;
    let people = fixture
        .store
        .find_contact(&workspace, &ContactQuery::of(&[ada()]))
        .await
        .unwrap()
        .people();
    for (moment, expected) in [
        (0, None),
        (1, Some("s00000")),
        (2, Some("s00001")),
        (50, Some("s00002")),
    ] {
        let moment = fixture.later(moment - 100_000);
        let found = fixture
            .store
            .of(&organization)
            .sessions()
            .last_before(&people, moment, fixture.now)
            .await
            .unwrap();
        let found = found.map(|row| row.session_id.to_string());
        assert_eq!(found.as_deref(), expected, "before {moment}");
    }
}

#[tokio::test]
async fn what_has_expired_is_not_served() {
    let mut fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    record(&fixture, &organization, &ada(), 0..3).await;
    fixture
        .summarize(&organization, "unidentified", fixture.now)
        .await;
    let listed = fixture.sessions_of(&workspace, &ada()).await;
    let people = fixture
        .store
        .find_contact(&workspace, &ContactQuery::of(&[ada()]))
        .await
        .unwrap()
        .people();
    let (day, now) = (86_400, fixture.now);
    for (age, served) in [(30 * day - 1, true), (30 * day, false)] {
        fixture.now = now + jiff::SignedDuration::from_secs(age);
        let (store, now) = (&fixture.store, fixture.now);
        let expected = if served { names(&listed) } else { Vec::new() };
        assert_eq!(
            names(&fixture.sessions_of(&workspace, &ada()).await),
            expected
        );
        let one = store
            .of(&organization)
            .sessions()
            .find(&people, &listed[0].cursor, now)
            .await
            .unwrap();
        assert_eq!(one.is_some(), served);
        let before = store
            .of(&organization)
            .sessions()
            .last_before(&people, now, now)
            .await
            .unwrap();
        assert_eq!(before.is_some(), served);
        for session in ["s00000", "unidentified"] {
            let session = id(session);
            assert_eq!(
                store
                    .of(&organization)
                    .sessions()
                    .read(&session, now)
                    .await
                    .unwrap()
                    .is_some(),
                served
            );
            assert_eq!(
                store
                    .of(&organization)
                    .sessions()
                    .begin_summary(&session, now)
                    .await
                    .unwrap()
                    .is_some(),
                served
            );
        }
    }
}

#[tokio::test]
async fn a_session_that_cannot_be_read_is_left_out_and_hides_no_other() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    record(&fixture, &organization, &ada(), 0..4).await;
    let listed = fixture.sessions_of(&workspace, &ada()).await;
    let sort = |row: usize| {
        let cursor = listed[row].cursor.to_string();
        let (at, session) = cursor.split_once(':').unwrap();
        format!("SESSION#{at:0>15}#{session}")
    };
    let text = |text: &str| AttributeValue::S(text.to_owned());
    fixture.damage(&sort(0), "summary", text("{")).await;
    fixture.damage(&sort(2), "version", text("newest")).await;
    let listed = fixture.sessions_of(&workspace, &ada()).await;
    assert_eq!(names(&listed), ["s00002", "s00000"]);
}
