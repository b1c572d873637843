//! Counting: each person and session once, whatever goes wrong.

use std::collections::BTreeMap;

use futures::future::join_all;
use identity::{Alias, PersonId};
use jiff::SignedDuration;
use replay::Problem;
use store::{Counter, Excluding, ProblemQuery};

use crate::fixture::{Fixture, id};
use crate::problems::world::{World, exactly, fingerprint, problem};

fn user(name: &str) -> Alias {
    Alias::user_id(name).unwrap()
}

#[tokio::test]
async fn people_and_sessions_count_once_each_and_repetitions_write_nothing() {
    let world = World::start().await;
    let fixture = &world.fixture;
    for (session, person) in [("a1", "ada"), ("a2", "ada"), ("b1", "bob")] {
        fixture
            .identify(&world.organization, session, &[user(person)])
            .await;
        world.run(session, &[problem(1)]).await;
    }
    world.run("nobody", &[problem(1), problem(2)]).await;
    assert_eq!(world.tally(1).await, exactly(3, 4));
    assert_eq!(world.tally(2).await, exactly(1, 1));
    let again = Problem {
        count: 90,
        last_at_ms: 40_000,
        ..problem(1)
    };
    let progress = fixture.begin(&world.organization, "a1").await;
    let advance = world.advance(&progress, world.summary(&[again]));
    fixture.calls.take_usage();
    let sessions = fixture.store.of(&world.organization).sessions();
    sessions.count_problems(&progress, &advance).await.unwrap();
    assert_eq!(fixture.calls.take(), Vec::<String>::new());
    assert_eq!(world.tally(1).await, exactly(3, 4));
}

#[tokio::test]
async fn it_is_told_where_when_and_in_which_browser() {
    let world = World::start().await;
    world.run("s1", &[problem(1)]).await;
    let found = world.found(1).await.unwrap();
    assert_eq!(found.label.as_deref(), Some("Error number 1"));
    let [example] = &found.examples[..] else {
        panic!("{found:?}");
    };
    assert_eq!((&example.session, example.at_ms), (&id("s1"), 5_000));
    assert_eq!(example.page.as_deref(), Some("https://shop.example/cart"));
    assert_eq!(example.browser.as_deref(), Some("Chrome 131"));
    assert_eq!(
        found.first_seen,
        world.fixture.now - SignedDuration::from_secs(37)
    );
    assert_eq!(
        found.last_seen,
        world.fixture.now - SignedDuration::from_secs(7)
    );
    assert_eq!(found.known_since, found.first_seen);
    assert_eq!(found.days, [(world.today(), exactly(1, 1))]);
}

#[tokio::test]
async fn what_a_run_did_not_come_to_counting_the_next_one_counts() {
    let world = World::start().await;
    let fixture = &world.fixture;
    for operation in ["GetItem", "Query", "PutItem", "UpdateItem"] {
        let session = format!("s-{operation}");
        let progress = fixture.begin(&world.organization, &session).await;
        let advance = world.advance(&progress, world.summary(&[problem(1)]));
        let saved = fixture
            .recordings
            .save_summary(&progress, &advance, fixture.now);
        saved.await.unwrap();
        let sessions = fixture.store.of(&world.organization).sessions();
        fixture.calls.fail_next(operation);
        let counted = sessions.count_problems(&progress, &advance).await;
        // Only the first session has to find out since when it is known.
        assert!(counted.is_err() || operation == "Query", "{operation}");
        fixture.calls.take();
        let progress = fixture.begin(&world.organization, &session).await;
        let owes = sessions.owes_problems(&progress);
        assert_eq!(owes, counted.is_err(), "{operation}");
        // The problem may be the last thing that is heard of the session.
        world.run(&session, &[problem(1)]).await;
        let progress = fixture.begin(&world.organization, &session).await;
        assert!(!sessions.owes_problems(&progress), "{operation}");
    }
    assert_eq!(world.tally(1).await, exactly(4, 4));
}

#[tokio::test]
async fn whoever_is_identified_later_is_one_person() {
    let world = World::start().await;
    world.run("s1", &[problem(1)]).await;
    world.run("s2", &[problem(1)]).await;
    assert_eq!(world.tally(1).await, exactly(2, 2));
    for session in ["s1", "s2"] {
        let fixture = &world.fixture;
        fixture
            .identify(&world.organization, session, &[user("ada")])
            .await;
        world.run(session, &[problem(1)]).await;
    }
    assert_eq!(world.tally(1).await, exactly(1, 2));
}

#[tokio::test]
async fn a_day_is_one_of_ours_whatever_the_visitors_clock_says() {
    let mut world = World::start().await;
    for years in [-10, 10] {
        let mut summary = world.summary(&[problem(1)]);
        let off = SignedDuration::from_hours(years * 365 * 24);
        summary.started_at += off;
        summary.ended_at += off;
        world.run_with(&format!("s{years}"), summary).await.unwrap();
    }
    assert_eq!(
        world.found(1).await.unwrap().days,
        [(world.today(), exactly(2, 2))]
    );
    // Over midnight: once on each day, and one person in all.
    world.fixture.now = "2026-11-22T00:00:20Z".parse().unwrap();
    world.run("late", &[problem(2)]).await;
    let days = world.found(2).await.unwrap().days;
    assert_eq!(
        days,
        [
            ("2026-11-21".parse().unwrap(), exactly(1, 1)),
            (world.today(), exactly(1, 1))
        ]
    );
    assert_eq!(world.tally(2).await, exactly(1, 1));
}

#[tokio::test]
async fn of_a_crowd_at_once_nobody_is_lost_and_soon_hardly_anybody_writes() {
    let world = World::start().await;
    let arrive = async |from: u32, until: u32| {
        let sessions: Vec<String> = (from..until).map(|number| format!("s{number}")).collect();
        let problems = [problem(1)];
        let runs = sessions.iter().map(|session| world.run(session, &problems));
        join_all(runs).await;
    };
    arrive(0, 12).await;
    assert_eq!(world.tally(1).await, exactly(12, 12));
    for from in (12..400).step_by(8) {
        arrive(from, from + 8).await;
    }
    let crowd = world.tally(1).await;
    assert!(
        !crowd.is_exact && (250..600).contains(&crowd.people),
        "{crowd:?}"
    );
    let row_writes = async |session: &str| {
        world.fixture.calls.take();
        world.run(session, &[problem(1)]).await;
        let calls = world.fixture.calls.take();
        calls.iter().filter(|call| *call == "PutItem").count()
    };
    let mut writes = BTreeMap::<usize, u32>::new();
    // A session that nobody has identified is put nowhere else: lists and the index are updated.
    for number in 400..440 {
        *writes
            .entry(row_writes(&format!("s{number}")).await)
            .or_default() += 1;
    }
    assert!(
        writes.get(&0).is_some_and(|quiet| *quiet > 20),
        "{writes:?}"
    );
}

#[tokio::test]
async fn the_panel_hears_of_others_only_in_one_round_trip() {
    let world = World::start().await;
    let fixture = &world.fixture;
    for (session, person) in [("a1", "ada"), ("b1", "bob"), ("b2", "bob"), ("c1", "cleo")] {
        fixture
            .identify(&world.organization, session, &[user(person)])
            .await;
        world.run(session, &[problem(1)]).await;
    }
    fixture
        .identify(&world.organization, "a2", &[user("ada")])
        .await;
    world.run("a2", &[problem(2)]).await;
    let (rival, _) = fixture.connected("rival").await;
    let ada = owner(fixture, &world, "a1").await;
    let asked: Vec<_> = (1..=30).map(fingerprint).collect();
    let only_ada = std::slice::from_ref(&ada);
    for (organization, people, sessions, expected) in [
        (&world.organization, only_ada, &[][..], Some((2, 3))),
        (&world.organization, only_ada, &[id("b2")], Some((1, 1))),
        (&world.organization, &[], &[], Some((3, 4))),
        (&rival, &[], &[], None),
    ] {
        fixture.calls.take();
        let excluding = Excluding { people, sessions };
        let problems = fixture.store.of(organization).problems();
        let seen = problems.seen(&asked, world.today(), excluding, fixture.now);
        let seen = seen.await.unwrap();
        assert_eq!(fixture.calls.take(), ["BatchGetItem"]);
        let others = seen.get(&fingerprint(1)).map(|seen| seen.others);
        let others = others.map(|others| (others.people, others.sessions));
        assert_eq!(others, expected);
        let alone = people.is_empty() && *organization == world.organization;
        assert_eq!(seen.contains_key(&fingerprint(2)), alone, "only Ada had it");
    }
    let later = fixture.later(40 * 86_400);
    let problems = fixture.store.of(&world.organization).problems();
    let expired = problems.seen(&asked, world.today(), Excluding::default(), later);
    assert!(expired.await.unwrap().is_empty());
}

/// Whose a session is.
async fn owner(fixture: &Fixture, world: &World, session: &str) -> PersonId {
    fixture
        .begin(&world.organization, session)
        .await
        .person
        .unwrap()
}

#[tokio::test]
async fn nobody_fills_the_table_with_problems_that_they_make_up() {
    let world = World::start().await;
    let store = world.fixture.store.of(&world.organization);
    // 996 others have been there today.
    let counters = store.counters();
    counters
        .add(world.today(), Counter::Problems, 996)
        .await
        .unwrap();
    world.run("s1", &[problem(1)]).await;
    let made_up: Vec<Problem> = (100..130).map(problem).collect();
    world.run("s2", &made_up).await;
    world.run("s3", &[problem(1), problem(999)]).await;
    assert_eq!(world.tally(1).await, exactly(2, 2), "known ones count on");
    let query = ProblemQuery {
        days: store::Days::until(world.fixture.now, 7),
        kind: None,
        only_new: false,
        skip: 0,
        limit: 100,
    };
    let list = store
        .problems()
        .list(query, world.fixture.now)
        .await
        .unwrap();
    // Those of one run are begun side by side, so a few more may come in.
    assert!(
        (4..=21).contains(&list.problems.len()),
        "{}",
        list.problems.len()
    );
    let uncounted = store.problems().uncounted(query.days).await.unwrap();
    assert!(uncounted >= 1, "{uncounted}");
    world.run("s4", &[problem(1_000)]).await;
    assert_eq!(world.tally(1_000).await, exactly(0, 0));
}

#[tokio::test]
async fn whoever_comes_second_brings_no_other_problem() {
    let world = World::start().await;
    let store = world.fixture.store.of(&world.organization);
    // There is room for two.
    let counters = store.counters();
    counters
        .add(world.today(), Counter::Problems, 998)
        .await
        .unwrap();
    let sessions: Vec<String> = (0..10).map(|number| format!("s{number}")).collect();
    let problems = [problem(1)];
    join_all(sessions.iter().map(|session| world.run(session, &problems))).await;
    assert_eq!(world.tally(1).await, exactly(10, 10));
    world.run("last", &[problem(2)]).await;
    assert_eq!(world.tally(2).await, exactly(1, 1));
    world.run("late", &[problem(3)]).await;
    assert_eq!(world.tally(3).await, exactly(0, 0));
}
