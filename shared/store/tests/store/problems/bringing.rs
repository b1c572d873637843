//! What a session brings, run by run.

use identity::Alias;
use jiff::SignedDuration;
use replay::{MomentKind, Problem};
use store::Identification;
use test_support::RETENTION_DAYS;

use crate::fixture::id;
use crate::problems::world::{World, exactly, problem};

#[tokio::test]
async fn a_noisy_beginning_does_not_shut_out_what_is_worse() {
    let world = World::start().await;
    let noise = |number| Problem {
        kind: MomentKind::ConsoleError,
        ..problem(number)
    };
    let mut told: Vec<Problem> = (100..120).map(noise).collect();
    world.run("s1", &told).await;
    assert_eq!(world.tally(111).await, exactly(1, 1));
    assert_eq!(world.tally(112).await, exactly(0, 0));
    told.insert(0, problem(1));
    world.run("s1", &told).await;
    assert_eq!(world.tally(1).await, exactly(1, 1));
}

#[tokio::test]
async fn what_left_the_summary_before_it_was_counted_is_counted_when_it_comes_back() {
    let world = World::start().await;
    let fixture = &world.fixture;
    let progress = fixture.begin(&world.organization, "s1").await;
    let advance = world.advance(&progress, world.summary(&[problem(1)]));
    let saved = fixture
        .recordings
        .save_summary(&progress, &advance, fixture.now);
    saved.await.unwrap();
    // That run died, and the next one's summary has no room for it.
    world.run("s1", &[problem(2)]).await;
    assert_eq!(world.tally(1).await, exactly(0, 0));
    world.run("s1", &[problem(1), problem(2)]).await;
    assert_eq!(world.tally(1).await, exactly(1, 1));
    assert_eq!(world.tally(2).await, exactly(1, 1));
}

#[tokio::test]
async fn a_chunk_of_the_next_morning_leaves_what_is_known_on_its_day() {
    let mut world = World::start().await;
    let summary = world.summary(&[problem(1)]);
    let yesterday = world.today();
    world.run_with("s1", summary.clone()).await.unwrap();
    let before = world.found(1).await.unwrap();
    world.fixture.now += SignedDuration::from_hours(20);
    world.run_with("s1", summary.clone()).await.unwrap();
    assert_eq!(world.found(1).await.unwrap(), before);
    // Nor does it when it is another person's by then.
    let ada = Alias::user_id("ada").unwrap();
    let fixture = &world.fixture;
    fixture.identify(&world.organization, "s1", &[ada]).await;
    world.run_with("s1", summary).await.unwrap();
    let days = world.found(1).await.unwrap().days;
    assert_eq!(days, [(yesterday, exactly(1, 1))]);
}

#[tokio::test]
async fn what_comes_again_after_midnight_is_of_both_days() {
    let mut world = World::start().await;
    world.fixture.now = "2026-11-21T23:59:50Z".parse().unwrap();
    let mut summary = world.summary(&[problem(1)]);
    world.run_with("s1", summary.clone()).await.unwrap();
    let evening = world.today();
    let minute = SignedDuration::from_mins(1);
    world.fixture.now += minute;
    summary.ended_at += minute;
    summary.problems[0].last_at_ms += 60_000;
    world.run_with("s1", summary).await.unwrap();
    let days = world.found(1).await.unwrap().days;
    let both = [(evening, exactly(1, 1)), (world.today(), exactly(1, 1))];
    assert_eq!(days, both);
}

#[tokio::test]
async fn one_person_of_many_sessions_is_one_person_exactly() {
    let world = World::start().await;
    let ada = Alias::user_id("ada").unwrap();
    for number in 0..9 {
        let session = format!("s{number}");
        let alias = std::slice::from_ref(&ada);
        let fixture = &world.fixture;
        fixture.identify(&world.organization, &session, alias).await;
        world.run(&session, &[problem(1)]).await;
    }
    let tally = world.tally(1).await;
    assert_eq!((tally.people, tally.is_exact), (1, true));
    assert_eq!((tally.sessions, tally.are_sessions_exact), (8, false));
}

#[tokio::test]
async fn whoever_gets_another_owner_owes_what_was_counted() {
    let world = World::start().await;
    let fixture = &world.fixture;
    let ada = Identification::verified(&[Alias::user_id("ada").unwrap()]);
    let sessions = fixture.store.of(&world.organization).sessions();
    let identify = async |session: &str| {
        let session = id(session);
        let identified = sessions.identify(&session, &ada, RETENTION_DAYS, fixture.now);
        identified.await.unwrap().owes_problems
    };
    let owes = async |session: &str| {
        let progress = fixture.begin(&world.organization, session).await;
        sessions.owes_problems(&progress)
    };
    world.run("s1", &[problem(1)]).await;
    world.run("quiet", &[]).await;
    assert!(!owes("s1").await);
    assert!(identify("s1").await);
    assert!(!identify("quiet").await && !identify("empty").await);
    assert!(owes("s1").await);
    world.run("s1", &[problem(1)]).await;
    assert!(!owes("s1").await);
    assert!(!identify("s1").await, "the same owner");
}
