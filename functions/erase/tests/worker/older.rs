//! What is older than it is to be kept is erased, and nothing younger.

use jiff::SignedDuration;
use store::{OldSessions, RetentionDays, SessionFilter};
use tasks::EraseTask;

use crate::world::{World, shop};

#[tokio::test]
async fn a_shorter_retention_erases_what_is_older() {
    let world = World::of_others().await;
    let stack = &world.stack;
    let retention = RetentionDays::new(30).unwrap();
    for (days_later, left) in [(0, 2), (29, 2), (1, 0)] {
        stack
            .clock
            .advance(SignedDuration::from_hours(24 * days_later));
        let now = stack.clock.now();
        let task = EraseTask::older(OldSessions::new(&shop(), retention, now));
        stack.send(&task).await;
        stack.settle().await;
        let everything = stack.everything().await;
        let sessions = ["bob-1", "bob-2"];
        let is_left = |session: &&str| everything.iter().any(|text| text.contains(*session));
        let count = sessions.iter().filter(|session| is_left(session)).count();
        assert_eq!(count, left, "{days_later}: {everything:#?}");
        assert!(everything.iter().any(|text| text.contains("ada-elsewhere")));
    }
    let (shop, filter) = (shop(), SessionFilter::default());
    let listed = stack
        .store
        .of(&shop)
        .sessions()
        .list(&filter, None, 50, stack.clock.now());
    assert_eq!(listed.await.unwrap().sessions, []);
}
