//! What is written of ours, and what was written last.

use jiff::SignedDuration;
use mirror::{Absence, Moment, SessionLine, What};

use crate::fixture::{Fixture, KEPT, as_of, at, company, contact, session};

#[tokio::test]
async fn what_was_written_of_a_company_stays_noted_while_it_changes_and_is_counted() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let companies = here.companies();
    // What is not listed is not noted.
    companies.note_written("c-1", "early").await.unwrap();
    for (id, name) in [("c-1", "One"), ("c-2", "Two"), ("c-3", "Three")] {
        let put = companies.put(&company(id, name, 1), as_of(1), KEPT).await;
        put.unwrap();
    }
    companies.note_written("c-1", "a").await.unwrap();
    companies.note_people_written("c-1", at(3)).await.unwrap();
    let renamed = company("c-1", "Renamed", 2);
    companies.put(&renamed, as_of(2), KEPT).await.unwrap();
    companies.count_changed(10, at(4)).await.unwrap();

    let mut found = Vec::new();
    let mut after = None;
    loop {
        let some = companies.written_after(after.as_deref(), 2, at(5)).await;
        let some = some.unwrap();
        found.extend(some.companies);
        after = some.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found.len(), 3);
    for each in found {
        assert_eq!(each.figures.counted_at, Some(at(4)), "{}", each.id);
        let (written, people) = match &*each.id {
            "c-1" => (Some("a"), Some(at(3))),
            _ => (None, None),
        };
        assert_eq!(each.written.as_deref(), written, "{}", each.id);
        assert_eq!(each.people_written_at, people, "{}", each.id);
    }
    let gone = companies.take_away("c-1", as_of(6), Absence::Away).await;
    gone.unwrap();
    let left = companies.written_after(None, 10, at(7)).await.unwrap();
    assert!(left.companies.iter().all(|each| each.id != "c-1"));
}

#[tokio::test]
async fn a_contacts_sessions_are_counted_without_what_is_claimed_or_long_ago() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let day = 24 * 60;
    let claimed = Moment {
        what: What::Session(SessionLine {
            story: "Visit".to_owned(),
            duration_ms: 1,
            rage_clicks: 9,
            errors: 9,
            is_claimed: true,
            problems: Vec::new(),
        }),
        ..session("s-claimed", "p-1", 3, 9)
    };
    let moments = [
        session("s-old", "p-1", -31 * day, 7),
        session("s-1", "p-1", 1, 2),
        session("s-2", "p-1", 2, 3),
        claimed,
    ];
    for moment in &moments {
        let put = here.moments().put(moment, as_of(4), KEPT, at(4)).await;
        put.unwrap();
    }
    let figures = here.contacts().figures("p-1", at(5)).await.unwrap();
    assert_eq!((figures.sessions, figures.rage_clicks), (2, 5));
    assert_eq!(figures.last_session, Some((at(2), "s-2".to_owned())));
    let later = at(5) + SignedDuration::from_hours(24 * 60);
    let figures = here.contacts().figures("p-1", later).await.unwrap();
    assert_eq!((figures.sessions, figures.rage_clicks), (0, 0));
    assert!(figures.last_session.is_some(), "it is still there");
    let nobody = here.contacts().figures("p-2", at(5)).await.unwrap();
    assert_eq!(nobody, mirror::ContactFigures::default());
}

#[tokio::test]
async fn what_was_written_to_a_contact_is_forgotten_with_them() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let contacts = here.contacts();
    let priya = contact("p-1", "priya@shop.example", 1);
    contacts.put(&priya, as_of(1), at(1)).await.unwrap();
    assert_eq!(contacts.written("p-1", at(1)).await.unwrap(), None);
    contacts.note_written("p-1", "a", at(1)).await.unwrap();
    let changed = contact("p-1", "priya@shop.example", 2);
    contacts.put(&changed, as_of(2), at(2)).await.unwrap();
    let written = contacts.written("p-1", at(2)).await.unwrap();
    assert_eq!(written.as_deref(), Some("a"));
    here.erase_contact("p-1", at(3)).await.unwrap();
    assert_eq!(contacts.written("p-1", at(3)).await.unwrap(), None);
}
