//! What happened to a contact shows on the time line of each company that it belongs to, as long as it does.

use mirror::{Moment, MomentKind, What};

use crate::fixture::{Fixture, KEPT, as_of, at, conversation, session};

async fn of_company(fixture: &Fixture, kind: MomentKind) -> Vec<String> {
    let here = fixture.here();
    let moments = here.moments().of_company("1", kind, None, 50, at(99));
    let moments = moments.await.unwrap();
    moments.into_iter().map(|moment| moment.id).collect()
}

/// Everything that may come in any order.
#[derive(Debug, Clone, Copy)]
enum Said {
    Belongs,
    Session,
    Conversation,
}

async fn say(fixture: &Fixture, said: Said) {
    let here = fixture.here();
    match said {
        Said::Belongs => {
            let belongs = here.memberships();
            belongs
                .set(("c1", "1"), true, as_of(1), at(9))
                .await
                .unwrap();
        }
        Said::Session => {
            let moment = session("s1", "c1", 2, 1);
            let moments = here.moments();
            moments.put(&moment, as_of(2), KEPT, at(9)).await.unwrap();
        }
        Said::Conversation => {
            let said = conversation("v1", &["c1"], 3);
            let conversations = here.conversations();
            let put = conversations.put((&said, &[]), as_of(3), KEPT, at(9));
            put.await.unwrap();
        }
    }
}

#[tokio::test]
async fn belonging_and_what_happens_may_be_told_in_any_order_and_twice() {
    use Said::{Belongs, Conversation, Session};
    for order in [
        [Belongs, Session, Conversation],
        [Session, Belongs, Conversation],
        [Session, Conversation, Belongs],
        [Conversation, Belongs, Session],
    ] {
        let fixture = Fixture::start().await;
        for said in order.into_iter().chain(order) {
            say(&fixture, said).await;
        }
        assert_eq!(
            of_company(&fixture, MomentKind::Session).await,
            ["s1"],
            "{order:?}"
        );
        let conversations = of_company(&fixture, MomentKind::Conversation).await;
        assert_eq!(conversations, ["v1"], "{order:?}");
    }
}

#[tokio::test]
async fn whoever_belongs_there_no_more_takes_everything_along() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    for said in [Said::Belongs, Said::Session, Said::Conversation] {
        say(&fixture, said).await;
    }
    let belongs = here.memberships();
    belongs
        .set(("c1", "1"), false, as_of(5), at(9))
        .await
        .unwrap();
    for kind in MomentKind::ALL {
        assert!(of_company(&fixture, kind).await.is_empty(), "{kind:?}");
    }
    let of_contact = here.moments();
    let of_contact = of_contact.of_contact("c1", MomentKind::Session, None, 9, at(9));
    assert_eq!(of_contact.await.unwrap().len(), 1);
    belongs
        .set(("c1", "1"), true, as_of(6), at(9))
        .await
        .unwrap();
    assert_eq!(of_company(&fixture, MomentKind::Session).await, ["s1"]);
}

#[tokio::test]
async fn a_time_line_is_read_newest_first_and_page_by_page() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    for minutes in 0..10 {
        let moment = session(&format!("s{minutes}"), "c1", minutes, 0);
        let moments = here.moments();
        moments
            .put(&moment, as_of(minutes), KEPT, at(9))
            .await
            .unwrap();
    }
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let moments = here.moments();
        let page = moments
            .of_contact("c1", MomentKind::Session, before, 3, at(99))
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.at);
        seen.extend(page.into_iter().map(|moment| moment.id));
    }
    let all: Vec<_> = (0..10).rev().map(|minutes| format!("s{minutes}")).collect();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn what_has_expired_between_others_is_passed_over() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    for minutes in 0..6 {
        let moment = session(&format!("s{minutes}"), "c1", minutes, 0);
        let expires = if minutes % 2 == 0 {
            KEPT
        } else {
            at(20).as_second()
        };
        here.moments()
            .put(&moment, as_of(minutes), expires, at(9))
            .await
            .unwrap();
    }
    let moments = here.moments();
    let page = moments.of_contact("c1", MomentKind::Session, None, 3, at(30));
    let ids: Vec<_> = page
        .await
        .unwrap()
        .into_iter()
        .map(|moment| moment.id)
        .collect();
    assert_eq!(ids, ["s4", "s2", "s0"]);
}

#[tokio::test]
async fn a_session_that_is_gone_is_forgotten_wherever_it_was_noted() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    say(&fixture, Said::Belongs).await;
    for contact in ["c1", "c2"] {
        let moment = session("s1", contact, 2, 0);
        let moments = here.moments();
        moments.put(&moment, as_of(2), KEPT, at(9)).await.unwrap();
    }
    let gone = identity::SessionId::parse("s1").unwrap();
    here.moments().forget_session(&gone, at(10)).await.unwrap();
    assert!(of_company(&fixture, MomentKind::Session).await.is_empty());
    for contact in ["c1", "c2"] {
        let moments = here.moments();
        let moments = moments.of_contact(contact, MomentKind::Session, None, 9, at(11));
        assert!(moments.await.unwrap().is_empty(), "{contact}");
    }
}

#[tokio::test]
async fn a_session_that_went_on_says_what_is_new() {
    let fixture = Fixture::start().await;
    let here = fixture.here();
    say(&fixture, Said::Belongs).await;
    for (minutes, rage_clicks) in [(5, 3), (4, 1)] {
        let moment = session("s1", "c1", 2, rage_clicks);
        let moments = here.moments();
        let put = moments.put(&moment, as_of(minutes), KEPT, at(9));
        put.await.unwrap();
    }
    let moments = here.moments();
    let page = moments.of_company("1", MomentKind::Session, None, 9, at(9));
    let page: Vec<Moment> = page.await.unwrap();
    let What::Session(line) = &page[0].what else {
        panic!("a session");
    };
    assert_eq!(line.rage_clicks, 3);
}
