//! Browsers that we did not send to Intercom, or that come back twice.

use jiff::SignedDuration;

use crate::fixture::{Attempt, Fixture, text};

#[tokio::test]
async fn only_the_browser_that_was_sent_out_is_let_in() {
    let fixture = Fixture::start().await;
    let before = fixture.rows().await;
    let (mine, theirs) = (
        fixture.begin("/install").await,
        fixture.begin("/install").await,
    );
    let other_state = "ab".repeat(32);
    let (name, signed) = mine.cookie.split_once('=').unwrap();
    let (payload, signature) = signed.rsplit_once('.').unwrap();
    let tampered = format!("{name}={payload}A.{signature}");
    let unsigned = format!("{name}={payload}.");
    let cases: [(&str, &str, Option<&str>); 9] = [
        ("no cookie", &mine.state, None),
        (
            "another browser's cookie",
            &mine.state,
            Some(&theirs.cookie),
        ),
        ("a tampered cookie", &mine.state, Some(&tampered)),
        ("an unsigned cookie", &mine.state, Some(&unsigned)),
        ("an empty cookie", &mine.state, Some("recapt_oauth=")),
        (
            "a state that we never made",
            &other_state,
            Some(&mine.cookie),
        ),
        ("another browser's state", &theirs.state, Some(&mine.cookie)),
        ("no state", "", Some(&mine.cookie)),
        ("no state of ours", "x%00y", Some(&mine.cookie)),
    ];
    for (case, state, cookie) in cases {
        let path = format!("/oauth/callback?code=dG9r&state={state}");
        let response = fixture.get(&path, cookie).await;
        assert_eq!(response.status(), 403, "{case}");
        assert!(text(&response).contains("href=\"/install\""), "{case}");
    }
    assert_eq!(fixture.exchanges(), 0);
    assert_eq!(fixture.rows().await, before);

    // None of that was at the expense of the browser itself.
    assert_eq!(fixture.finish(&mine).await.status(), 303);
}

#[tokio::test]
async fn an_attempt_ends_after_ten_minutes() {
    let fixture = Fixture::start().await;
    let attempt = fixture.begin("/install").await;
    fixture.stack.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(fixture.finish(&attempt).await.status(), 403);
    assert_eq!(fixture.exchanges(), 0);
}

#[tokio::test]
async fn a_state_is_good_once_however_many_come_at_once() {
    let fixture = Fixture::start().await;
    let Attempt { state, cookie } = fixture.begin("/install").await;
    let attempt = Attempt { state, cookie };
    let (one, two, three) = tokio::join!(
        fixture.finish(&attempt),
        fixture.finish(&attempt),
        fixture.finish(&attempt)
    );
    let mut statuses = [one, two, three].map(|response| response.status().as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409]);
    assert_eq!(fixture.exchanges(), 1);
}
