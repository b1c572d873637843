//! What is left of a session in the problems that it has brought.

use identity::Alias;
use store::ProblemQuery;

use crate::fixture::id;
use crate::problems::world::{World, exactly, problem};

impl World {
    /// Erases a session, all of it.
    async fn erase(&self, session: &str, is_last: bool) {
        let fixture = &self.fixture;
        let recordings = fixture.recordings.of(&self.organization);
        let session = id(session);
        let erased = recordings.erase_session(&session, is_last, fixture.now);
        assert!(erased.await.unwrap());
    }
}

#[tokio::test]
async fn an_erased_session_is_out_of_every_count_and_example() {
    let world = World::start().await;
    for session in ["s1", "s2"] {
        let ada = Alias::user_id("ada").unwrap();
        world
            .fixture
            .identify(&world.organization, session, &[ada])
            .await;
        world.run(session, &[problem(1)]).await;
    }
    world.run("s3", &[problem(1), problem(2)]).await;
    world.erase("s1", false).await;
    assert_eq!(world.tally(1).await, exactly(2, 2));
    world.erase("s2", false).await;
    let found = world.found(1).await.unwrap();
    assert_eq!(found.total, exactly(1, 1));
    let sessions = found
        .examples
        .iter()
        .map(|example| example.session.as_str());
    assert_eq!(sessions.collect::<Vec<_>>(), ["s3"]);
    world.erase("s3", true).await;
    assert_eq!((world.found(1).await, world.found(2).await), (None, None));
    let left = world.fixture.dump().await;
    let left: Vec<_> = left.iter().filter(|row| row.contains("#PROBLEM")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn what_was_counted_while_it_was_erased_is_found_the_second_time() {
    let world = World::start().await;
    let fixture = &world.fixture;
    let progress = fixture.begin(&world.organization, "s1").await;
    let advance = world.advance(&progress, world.summary(&[problem(1)]));
    let saved = fixture
        .recordings
        .save_summary(&progress, &advance, fixture.now);
    saved.await.unwrap();
    world.erase("s1", false).await;
    let sessions = fixture.store.of(&world.organization).sessions();
    sessions.count_problems(&progress, &advance).await.unwrap();
    assert_eq!(world.tally(1).await, exactly(1, 1));
    world.erase("s1", true).await;
    assert_eq!(world.found(1).await, None);
    let left = fixture.dump().await;
    assert!(!left.iter().any(|row| row.contains("brought")), "{left:?}");
}

#[tokio::test]
async fn whoever_is_no_example_leaves_the_words_of_others() {
    let world = World::start().await;
    for number in 0..8 {
        world.run(&format!("s{number}"), &[problem(1)]).await;
    }
    for number in 0..8 {
        let found = world.found(1).await.unwrap();
        assert_eq!(found.total, exactly(8 - number, 8 - number));
        assert_eq!(found.label.is_some(), !found.examples.is_empty());
        world.erase(&format!("s{number}"), true).await;
    }
    assert_eq!(world.found(1).await, None);
    let query = ProblemQuery {
        days: store::Days::until(world.fixture.now, 7),
        kind: None,
        only_new: false,
        skip: 0,
        limit: 10,
    };
    let problems = world.fixture.store.of(&world.organization).problems();
    let list = problems.list(query, world.fixture.now).await.unwrap();
    assert_eq!(list.problems, []);
}
