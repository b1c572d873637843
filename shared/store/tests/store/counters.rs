//! What arrives on a day.

use jiff::SignedDuration;
use jiff::civil::date;
use store::{Counter, DayCounts};

use crate::fixture::Fixture;

#[tokio::test]
async fn counts_add_up_by_day_and_organization() {
    let fixture = Fixture::start().await;
    let (shop, _) = fixture.connected("shop").await;
    let (rival, _) = fixture.connected("rival").await;
    let today = date(2026, 11, 20);
    let count = |counter, by| fixture.store.of(&shop).counters().add(today, counter, by);
    let counting = [
        count(Counter::CanvasViews, 17),
        count(Counter::Notifications, 3),
    ];
    for counted in futures::future::join_all(counting).await {
        counted.unwrap();
    }
    for (session, day) in [("s1", 0), ("s2", 0), ("s2", 0), ("yesterday", -1)] {
        let began = fixture.now + SignedDuration::from_hours(24 * day);
        fixture.summarize(&shop, session, began).await;
    }
    let expected = DayCounts {
        sessions: 2,
        canvas_views: 17,
        notifications: 3,
        has_more_sessions: false,
        ..DayCounts::default()
    };
    for (organization, day, expected) in [
        (&shop, today, expected),
        (&shop, date(2026, 11, 21), DayCounts::default()),
        (&rival, today, DayCounts::default()),
    ] {
        let counts = fixture
            .store
            .of(organization)
            .sessions()
            .day_counts(day)
            .await
            .unwrap();
        assert_eq!(counts, expected, "{organization} {day}");
    }
    let dump = fixture.dump().await.join("\n");
    // 28 November: a week after the day that follows it.
    assert!(dump.contains("expires=1795824000"), "{dump}");
}
