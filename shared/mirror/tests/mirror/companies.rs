//! Companies: newer wins, what is gone stays gone, and the list has our figures.

use mirror::{Absence, AsOf, Company, Put};

use crate::fixture::{Fixture, KEPT, as_of, at, company, contact, conversation, session};

#[tokio::test]
async fn the_newest_word_stands_in_whatever_order_and_however_often_it_comes() {
    for order in [
        [1, 2, 3],
        [1, 3, 2],
        [2, 1, 3],
        [2, 3, 1],
        [3, 1, 2],
        [3, 2, 1],
    ] {
        let fixture = Fixture::start().await;
        let companies = fixture.here();
        let companies = companies.companies();
        for minutes in order.into_iter().chain(order) {
            let said = company("1", &format!("Name {minutes}"), minutes);
            companies.put(&said, as_of(minutes), KEPT).await.unwrap();
        }
        let newest = company("1", "Name 3", 3);
        assert_eq!(
            companies.get("1", at(4)).await.unwrap(),
            Some(newest.clone())
        );
        let listed = companies.list(at(4)).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].company, newest.line());
        assert_eq!(companies.find("own-1", at(4)).await.unwrap(), Some(newest));
    }
}

#[tokio::test]
async fn of_two_words_of_one_second_the_later_reading_wins_and_a_tie_is_told() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let companies = here.companies();
    let (first, other) = (company("1", "One", 1), company("1", "Other", 1));
    let put = |said: Company, as_of| {
        let companies = here.companies();
        async move { companies.put(&said, as_of, KEPT).await.unwrap() }
    };
    assert_eq!(put(first.clone(), as_of(1)).await, Put::Newer);
    assert_eq!(
        put(first.clone(), as_of(1)).await,
        Put::Newer,
        "the same again"
    );
    assert_eq!(put(other.clone(), as_of(1)).await, Put::Tied);
    let read_later = AsOf::new(Some(at(1)), at(2));
    assert_eq!(put(other.clone(), read_later).await, Put::Newer);
    assert_eq!(put(first, as_of(1)).await, Put::Older);
    assert_eq!(companies.get("1", at(3)).await.unwrap(), Some(other));
}

#[tokio::test]
async fn what_is_away_comes_back_and_what_is_deleted_or_erased_does_not() {
    for (absence, comes_back) in [
        (Absence::Away, true),
        (Absence::Deleted, false),
        (Absence::Erased, false),
    ] {
        let fixture = Fixture::start().await;
        let here = fixture.here();
        let companies = here.companies();
        let said = |minutes| company("1", "One", minutes);
        companies.put(&said(1), as_of(1), KEPT).await.unwrap();
        companies.take_away("1", as_of(2), absence).await.unwrap();
        assert_eq!(companies.get("1", at(9)).await.unwrap(), None);
        assert!(companies.list(at(9)).await.unwrap().is_empty());
        assert_eq!(companies.find("own-1", at(9)).await.unwrap(), None);
        // A word that was late.
        let late = companies.put(&said(1), as_of(1), KEPT).await.unwrap();
        assert_eq!(late, Put::Older, "{absence:?}");
        companies.put(&said(3), as_of(3), KEPT).await.unwrap();
        let is_back = companies.get("1", at(9)).await.unwrap().is_some();
        let is_listed = !companies.list(at(9)).await.unwrap().is_empty();
        assert_eq!(
            (is_back, is_listed),
            (comes_back, comes_back),
            "{absence:?}"
        );
    }
}

#[tokio::test]
async fn an_id_that_a_company_no_longer_has_finds_it_no_more() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let companies = here.companies();
    let before = company("1", "One", 1);
    let after = Company {
        company_id: Some("new".to_owned()),
        ..company("1", "One", 2)
    };
    companies.put(&before, as_of(1), KEPT).await.unwrap();
    companies.put(&after, as_of(2), KEPT).await.unwrap();
    assert_eq!(companies.find("own-1", at(3)).await.unwrap(), None);
    assert_eq!(companies.find("new", at(3)).await.unwrap(), Some(after));
}

#[tokio::test]
async fn a_company_is_there_until_it_expires() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let companies = here.companies();
    let expires = at(10).as_second();
    companies
        .put(&company("1", "One", 1), as_of(1), expires)
        .await
        .unwrap();
    assert!(companies.get("1", at(9)).await.unwrap().is_some());
    assert!(companies.get("1", at(10)).await.unwrap().is_none());
    assert!(companies.list(at(10)).await.unwrap().is_empty());
    assert!(companies.find("own-1", at(10)).await.unwrap().is_none());
}

#[tokio::test]
async fn figures_count_people_sessions_of_thirty_days_and_open_conversations() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    let companies = here.companies();
    let day = 24 * 60;
    for (id, minutes) in [("1", 1), ("2", 1)] {
        let said = company(id, "One", minutes);
        companies.put(&said, as_of(minutes), KEPT).await.unwrap();
    }
    for id in ["c1", "c2"] {
        let said = contact(id, &format!("{id}@b.example"), 1);
        here.contacts().put(&said, as_of(1), at(2)).await.unwrap();
        let belongs = here.memberships();
        belongs.set((id, "1"), true, as_of(1), at(2)).await.unwrap();
    }
    for (id, of, minutes, rage_clicks) in [
        ("s1", "c1", 0, 2),
        ("s2", "c2", 1, 0),
        ("s3", "c1", -31 * day, 5),
    ] {
        let moment = session(id, of, minutes, rage_clicks);
        here.moments()
            .put(&moment, as_of(minutes), KEPT, at(2))
            .await
            .unwrap();
    }
    for (id, minutes) in [("v1", 1), ("v2", 1)] {
        let mut said = conversation(id, &["c1"], minutes);
        if id == "v2" {
            said.state = mirror::ConversationState::Closed;
        }
        here.conversations()
            .put((&said, &[]), as_of(minutes), KEPT, at(2))
            .await
            .unwrap();
    }
    assert!(
        companies.count_changed(1, at(5)).await.unwrap(),
        "one is left"
    );
    assert!(!companies.count_changed(9, at(5)).await.unwrap());
    let figures = companies.listed("1", at(5)).await.unwrap().unwrap().figures;
    assert_eq!(
        (figures.people, figures.sessions, figures.rage_clicks),
        (2, 2, 2)
    );
    assert_eq!(
        (figures.sessions_with_problems, figures.open_conversations),
        (1, 1)
    );
    assert_eq!(figures.last_session_at, Some(at(1)));
    assert_eq!(figures.counted_at, Some(at(5)));
    let nobody = companies.listed("2", at(5)).await.unwrap().unwrap().figures;
    assert_eq!(
        (nobody.people, nobody.sessions, nobody.last_session_at),
        (0, 0, None)
    );

    // Nothing happens for thirty days.
    let later = at(31 * day);
    companies.mark_aged(later).await.unwrap();
    assert!(!companies.count_changed(9, later).await.unwrap());
    let figures = companies.listed("1", later).await.unwrap().unwrap().figures;
    assert_eq!(
        (figures.sessions, figures.last_session_at),
        (0, Some(at(1)))
    );
}
