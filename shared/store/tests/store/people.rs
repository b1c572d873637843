//! Whose session it is, and who is the same person.

use std::collections::BTreeSet;

use futures::future::join_all;
use identity::Alias;
use identity::cluster::MAX_PEOPLE;
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::fixture::{Fixture, RETENTION_DAYS, id, names};

fn email(name: &str) -> Alias {
    Alias::email(&format!("{name}@example.com")).unwrap()
}

fn browser(name: &str) -> Alias {
    Alias::anonymous_id(&format!("browser-{name}")).unwrap()
}

#[tokio::test]
async fn a_session_is_listed_whichever_comes_first_its_summary_or_its_owner() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    fixture
        .summarize(&organization, "summary-first", fixture.later(-20))
        .await;
    fixture
        .identify(&organization, "summary-first", &[email("ada")])
        .await;
    fixture
        .identify(&organization, "owner-first", &[email("ada")])
        .await;
    fixture
        .summarize(&organization, "owner-first", fixture.later(-10))
        .await;
    let listed = fixture.sessions_of(&workspace, &email("ada")).await;
    assert_eq!(names(&listed), ["owner-first", "summary-first"]);
}

#[tokio::test]
async fn an_alias_on_two_people_links_them_without_rewriting_their_sessions() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    for (session, alias) in [("at-home", browser("home")), ("at-work", browser("work"))] {
        fixture.summarize(&organization, session, fixture.now).await;
        fixture.identify(&organization, session, &[alias]).await;
    }
    assert_eq!(
        names(&fixture.sessions_of(&workspace, &browser("home")).await),
        ["at-home"]
    );
    let session_rows = || async {
        let mut rows = fixture.dump().await;
        rows.retain(|row| row.contains("#PERSON#") && row.contains("SK=SESSION#"));
        rows
    };
    let before = session_rows().await;

    fixture
        .identify(&organization, "at-home", &[email("ada")])
        .await;
    fixture
        .identify(&organization, "at-work", &[email("ada")])
        .await;
    for alias in [browser("home"), browser("work"), email("ada")] {
        let found = fixture.sessions_of(&workspace, &alias).await;
        assert_eq!(names(&found), ["at-work", "at-home"], "{alias:?}");
    }
    assert_eq!(session_rows().await, before);
}

#[tokio::test]
async fn identifying_again_changes_nothing() {
    let fixture = Fixture::start().await;
    let (organization, _) = fixture.connected("shop").await;
    let aliases = [browser("home"), email("ada")];
    fixture.identify(&organization, "s1", &aliases).await;
    let before = fixture.dump().await;
    fixture.identify(&organization, "s1", &aliases).await;
    fixture.identify(&organization, "s1", &aliases[..1]).await;
    fixture.identify(&organization, "s1", &[]).await;
    assert_eq!(fixture.dump().await, before);
}

#[tokio::test]
async fn an_alias_that_too_many_share_links_no_more() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    let visitors: Vec<String> = (0..MAX_PEOPLE + 5).map(|n| format!("v{n:02}")).collect();
    for visitor in &visitors {
        fixture.summarize(&organization, visitor, fixture.now).await;
        fixture
            .identify(&organization, visitor, &[browser(visitor)])
            .await;
        fixture
            .identify(&organization, visitor, &[browser(visitor), email("info")])
            .await;
    }
    let (linked, alone) = visitors.split_at(MAX_PEOPLE);
    let shared = fixture.sessions_of(&workspace, &email("info")).await;
    assert_eq!(shared.len(), MAX_PEOPLE);
    for visitor in linked {
        assert_eq!(
            fixture.sessions_of(&workspace, &browser(visitor)).await,
            shared
        );
    }
    for visitor in alone {
        assert_eq!(
            names(&fixture.sessions_of(&workspace, &browser(visitor)).await),
            [visitor]
        );
    }
}

#[tokio::test]
async fn somebody_who_plays_with_the_public_key_makes_no_row_grow_for_good() {
    let fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    fixture.summarize(&organization, "s1", fixture.now).await;
    let browsers: Vec<Alias> = (0..110).map(|n| browser(&n.to_string())).collect();
    for some in browsers.chunks(10) {
        fixture.identify(&organization, "s1", some).await;
    }
    let rows = fixture.dump().await;
    assert_eq!(
        rows.iter().filter(|row| row.contains("SK=ALIAS#")).count(),
        100
    );
    let session = rows.iter().find(|row| row.contains("SK=META")).unwrap();
    assert!(session.len() < 8_000, "{} characters", session.len());
    for (browser, found) in [(&browsers[0], 1), (&browsers[99], 1), (&browsers[100], 0)] {
        assert_eq!(fixture.sessions_of(&workspace, browser).await.len(), found);
    }
}

#[tokio::test]
async fn a_person_can_be_found_as_long_as_a_session_is_kept() {
    let mut fixture = Fixture::start().await;
    let (organization, workspace) = fixture.connected("shop").await;
    let start = fixture.now;
    fixture
        .identify(&organization, "first", &[browser("home"), email("ada")])
        .await;
    // 25 days later only one of the aliases is seen; the other one still has to find the new session.
    fixture.now = start + SignedDuration::from_hours(25 * 24);
    fixture
        .identify(&organization, "second", &[email("ada")])
        .await;
    fixture
        .summarize(&organization, "second", fixture.now)
        .await;
    let expiring = (start + SignedDuration::from_hours(40 * 24)).as_second();
    for row in fixture
        .dump()
        .await
        .iter()
        .filter(|row| row.contains("#ALIAS#") || row.contains("SK=ALIAS#"))
    {
        let (_, expires) = row.split_once("expires=").unwrap();
        let expires: i64 = expires.split(' ').next().unwrap().parse().unwrap();
        assert!(expires > expiring, "{row}");
    }
    assert_eq!(
        names(&fixture.sessions_of(&workspace, &browser("home")).await),
        ["second"]
    );
}

/// What somebody says of one session: numbers of aliases.
type Identification = Vec<usize>;

fn alias(number: usize) -> Alias {
    if number < 3 {
        email(&number.to_string())
    } else {
        browser(&number.to_string())
    }
}

/// For each alias the sessions that any chain of shared aliases leads to.
fn closure(identifications: &[Identification]) -> Vec<(usize, BTreeSet<String>)> {
    let mut clusters: Vec<(BTreeSet<usize>, BTreeSet<String>)> = Vec::new();
    for (session, aliases) in identifications.iter().enumerate() {
        let mut joined = (
            aliases.iter().copied().collect::<BTreeSet<_>>(),
            BTreeSet::from([format!("s{session}")]),
        );
        let (touching, rest) = clusters
            .into_iter()
            .partition(|(aliases, _)| !aliases.is_disjoint(&joined.0));
        clusters = rest;
        for (aliases, sessions) in Vec::from_iter::<Vec<_>>(touching) {
            joined.0.extend(aliases);
            joined.1.extend(sessions);
        }
        clusters.push(joined);
    }
    let of_group = |(aliases, sessions): (BTreeSet<usize>, BTreeSet<String>)| {
        aliases
            .into_iter()
            .map(move |alias| (alias, sessions.clone()))
    };
    clusters.into_iter().flat_map(of_group).collect()
}

#[derive(Debug, Clone, Copy)]
enum Order {
    Forward,
    Backward,
    Twice,
    AtOnce,
}

/// Plays the identifications and checks that every alias leads to all of its sessions.
async fn check(
    fixture: &Fixture,
    workspace: &str,
    identifications: &[Identification],
    order: Order,
) {
    let (organization, workspace) = fixture.connected(workspace).await;
    for session in 0..identifications.len() {
        fixture
            .summarize(&organization, &format!("s{session}"), fixture.now)
            .await;
    }
    let play = |session: usize| {
        let aliases: Vec<Alias> = identifications[session]
            .iter()
            .map(|number| alias(*number))
            .collect();
        let (organization, store) = (organization.clone(), fixture.store.clone());
        let now = fixture.now;
        async move {
            let session = id(&format!("s{session}"));
            store
                .of(&organization)
                .sessions()
                .identify(
                    &session,
                    &store::Identification::verified(&aliases),
                    RETENTION_DAYS,
                    now,
                )
                .await
                .unwrap();
        }
    };
    let sessions = 0..identifications.len();
    match order {
        Order::Forward => {
            for session in sessions {
                play(session).await
            }
        }
        Order::Backward => {
            for session in sessions.rev() {
                play(session).await
            }
        }
        Order::Twice => {
            for session in sessions.clone().chain(sessions) {
                play(session).await
            }
        }
        Order::AtOnce => {
            join_all(sessions.map(play).map(tokio::spawn)).await;
        }
    }
    for (number, expected) in closure(identifications) {
        let found = fixture.sessions_of(&workspace, &alias(number)).await;
        let found: BTreeSet<String> = found.iter().map(|row| row.session_id.to_string()).collect();
        assert_eq!(found, expected, "alias {number}, {order:?}");
    }
}

#[test]
fn in_any_order_and_at_once_every_alias_leads_to_the_same_sessions() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let fixture = runtime.block_on(Fixture::start());
    let case = std::cell::Cell::new(0);
    let identification = prop::collection::vec(0_usize..8, 1..4);
    let config = ProptestConfig {
        cases: 16,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(identifications in prop::collection::vec(identification, 1..8))| {
        for order in [Order::Forward, Order::Backward, Order::Twice, Order::AtOnce] {
            case.set(case.get() + 1);
            let workspace = format!("w{}", case.get());
            runtime.block_on(check(&fixture, &workspace, &identifications, order));
        }
    });
}
