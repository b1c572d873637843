//! What is older than it is to be kept.

use jiff::SignedDuration;
use store::{OldSessions, RetentionDays};

use super::*;

#[tokio::test]
async fn what_is_older_than_it_is_to_be_kept_is_found_and_nothing_younger() {
    let mut fixture = Fixture::start().await;
    let (shop, _) = fixture.connected("shop").await;
    let now = fixture.now;
    for (session, days_ago) in [("new", 0), ("younger", 29), ("older", 31), ("oldest", 200)] {
        fixture.now = now - SignedDuration::from_hours(24 * days_ago);
        let session = id(session);
        fixture
            .store
            .of(&shop)
            .sessions()
            .request_summary(&session, RetentionDays::LONGEST, fixture.now, true)
            .await
            .unwrap();
        fixture
            .summarize(&shop, session.as_str(), fixture.now)
            .await;
    }
    fixture.now = now;
    let retention = RetentionDays::new(30).unwrap();
    let mut next = Some(OldSessions::new(&shop, retention, now));
    let mut found = Vec::new();
    while let Some(old) = next {
        let text = serde_json::to_string(&old).unwrap();
        let old = serde_json::from_str(&text).unwrap();
        let (sessions, rest) = fixture.store.old_sessions(old, now).await.unwrap();
        for session in sessions {
            fixture.erase_session(&shop, session.as_str(), false).await;
            found.push(session);
        }
        next = rest;
    }
    assert_eq!(found, [id("older"), id("oldest")]);
}
