//! Data events: by time and name, counted by name.

use mirror::{DataEvent, EventPlace, EventQuery, MomentKind};

use crate::fixture::{Fixture, KEPT, at};

fn event(id: &str, name: &str, minutes: i64) -> DataEvent {
    DataEvent {
        id: id.to_owned(),
        name: name.to_owned(),
        created_at: Some(at(minutes)),
        contact: Some("c1".to_owned()),
        ..DataEvent::default()
    }
}

#[tokio::test]
async fn events_are_listed_the_latest_first_over_days_and_pages() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let day = 24 * 60;
    let all = [
        ("e1", "placed-order", 0),
        ("e2", "opened-page", 1),
        ("e3", "placed-order", day),
        ("e4", "placed-order", day),
        ("e5", "opened-page", 3 * day),
    ];
    for (id, name, minutes) in all.into_iter().chain(all) {
        let said = event(id, name, minutes);
        here.events()
            .put(&said, at(minutes), KEPT, at(9))
            .await
            .unwrap();
    }
    let now = at(4 * day);
    for (name, since, expected) in [
        (None, None, vec!["e5", "e4", "e3", "e2", "e1"]),
        (Some("Placed-Order"), None, vec!["e4", "e3", "e1"]),
        (None, Some(1), vec!["e5", "e4", "e3", "e2"]),
    ] {
        for limit in [1, 2, 9] {
            let mut seen = Vec::new();
            let mut after = None;
            loop {
                let query = EventQuery {
                    name: name.map(str::to_owned),
                    contact: None,
                    since: since.map(at),
                    limit,
                    after,
                };
                let page = here.events().list(&query, now).await.unwrap();
                seen.extend(page.events.into_iter().map(|event| event.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
                let text = after.as_ref().unwrap().to_text();
                assert_eq!(EventPlace::parse(&text), after);
            }
            // Two of one moment have no order of their own.
            let mut sorted = (seen.clone(), expected.clone());
            sorted.0.sort();
            sorted.1.sort_unstable();
            assert_eq!(sorted.0, sorted.1, "{name:?} {since:?} {limit}");
        }
    }
    let names = here.events().names(now).await.unwrap();
    let counted = names.iter().map(|name| (name.name.as_str(), name.count));
    let counted: Vec<_> = counted.collect();
    assert_eq!(counted, [("placed-order", 3), ("opened-page", 2)]);
    let moments = here.moments();
    let moments = moments.of_contact("c1", MomentKind::Event, None, 9, now);
    assert_eq!(moments.await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_name_that_is_ignored_is_known_and_not_counted() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    here.events()
        .note_ignored("opened-page", at(0))
        .await
        .unwrap();
    let names = here.events().names(at(1)).await.unwrap();
    assert_eq!((names[0].name.as_str(), names[0].count), ("opened-page", 0));
    assert_eq!(names[0].last_at, Some(at(0)));
}
