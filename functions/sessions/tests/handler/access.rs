//! Every way in, and every way that stays closed.

use jiff::SignedDuration;
use lambda_http::http::StatusCode;
use serde_json::Value;
use store::Disconnection;

use crate::fixture::{Answer, Fixture, email, page};

const PAGE: &str = "/sessions/s1";
/// What the page's script asks for.
const DATA: [&str; 4] = [
    "/sessions/s1/recording",
    "/sessions/s1/events/0/0",
    "/sessions/s1/timeline",
    "/sessions/s1/log",
];
const ALL: &str = "/sessions";

async fn shop() -> (Fixture, store::Connection) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    let events = page("https://shop.example/cart", 0);
    let aliases = [email("ada@example.com")];
    fixture
        .record(&connection.organization, "s1", &aliases, &[(0, events)])
        .await;
    (fixture, connection)
}

fn with(target: &str, name: &str, value: &str) -> String {
    format!("{target}?{name}={value}")
}

/// The statuses of the page, what its script asks for, and the list: each is opened with this in its address,
/// and with the cookies that come of it.
async fn statuses(
    fixture: &Fixture,
    query: Option<(&str, &str)>,
    cookie: Option<&str>,
) -> [u16; 6] {
    let mut cookies: Vec<String> = cookie.map(ToOwned::to_owned).into_iter().collect();
    let mut statuses = [0; 6];
    let targets = [PAGE].into_iter().chain(DATA).chain([ALL]);
    for (status, target) in statuses.iter_mut().zip(targets) {
        if let Some((name, value)) = query
            && [PAGE, ALL].contains(&target)
        {
            let led = fixture.get(&with(target, name, value), cookie).await;
            cookies.extend(led.cookie());
        }
        let cookies = (!cookies.is_empty()).then(|| cookies.join("; "));
        *status = fixture
            .get(target, cookies.as_deref())
            .await
            .status
            .as_u16();
    }
    statuses
}

const OPEN: [u16; 6] = [200; 6];
const ONE_ALONE: [u16; 6] = [200, 200, 200, 200, 200, 404];
const LIST_ALONE: [u16; 6] = [404, 404, 404, 404, 404, 200];
const CLOSED: [u16; 6] = [404; 6];

#[tokio::test]
async fn an_admin_sees_all_until_the_session_ends() {
    let (mut fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    assert_eq!(statuses(&fixture, None, Some(&cookie)).await, OPEN);
    assert_eq!(statuses(&fixture, None, None).await, CLOSED);
    let altered = format!("{}A", &cookie[..cookie.len() - 1]);
    assert_eq!(statuses(&fixture, None, Some(&altered)).await, CLOSED);
    fixture.later(SignedDuration::from_hours(12));
    assert_eq!(statuses(&fixture, None, Some(&cookie)).await, CLOSED);
}

#[tokio::test]
async fn a_session_that_was_ended_elsewhere_opens_nothing() {
    let (fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    let store = fixture.store();
    let disconnected = store
        .connections()
        .disconnect(&connection.workspace, None)
        .await
        .unwrap();
    assert!(matches!(disconnected, Disconnection::Done(_)));
    assert_eq!(statuses(&fixture, None, Some(&cookie)).await, CLOSED);
}

#[tokio::test]
async fn a_link_of_the_canvas_opens_what_it_was_signed_for_for_twelve_hours() {
    let (mut fixture, connection) = shop().await;
    let people = fixture.people_called(&connection, "ada@example.com").await;
    let one = fixture.key(&connection, "s1");
    let all = fixture.key_of_people(&connection, &people);
    let other = fixture.key(&connection, "s2");
    for (key, expected) in [(&one, ONE_ALONE), (&all, LIST_ALONE), (&other, CLOSED)] {
        assert_eq!(statuses(&fixture, Some(("key", key)), None).await, expected);
    }
    let altered = format!("B{}", &one[1..]);
    for strange in [altered.as_str(), "", ".", "x.y", &one[..one.len() - 1]] {
        assert_eq!(
            statuses(&fixture, Some(("key", strange)), None).await,
            CLOSED
        );
    }
    fixture.later(SignedDuration::from_hours(12));
    for key in [&one, &all] {
        assert_eq!(statuses(&fixture, Some(("key", key)), None).await, CLOSED);
    }
}

#[tokio::test]
async fn another_organizations_link_cookie_and_share_link_open_nothing() {
    let (fixture, connection) = shop().await;
    let other = fixture.connect("other").await;
    fixture
        .record(
            &other.organization,
            "o1",
            &[],
            &[(0, page("https://other.example/", 0))],
        )
        .await;
    let cookie = fixture.cookie(&other);
    assert_eq!(statuses(&fixture, None, Some(&cookie)).await, LIST_ALONE);
    let people = fixture.people_called(&connection, "ada@example.com").await;
    let theirs = fixture.key_of_people(&other, &people);
    let list = fixture.browse(&with(ALL, "key", &theirs)).await.0;
    assert_eq!(list.status, StatusCode::OK);
    assert!(!list.body.contains("s1") && !list.body.contains("ada@"));
    let same_name = fixture.key(&other, "s1");
    assert_eq!(
        statuses(&fixture, Some(("key", &same_name)), None).await,
        CLOSED
    );
    let list = fixture.get(ALL, Some(&cookie)).await;
    assert!(!list.body.contains("s1") && !list.body.contains("ada@"));
    // Nor the other way round, which shows that there is something to see.
    let mine = fixture.get("/sessions/o1", Some(&cookie)).await;
    assert_eq!(mine.status, StatusCode::OK);
    let cookie = fixture.cookie(&connection);
    let foreign = fixture.get("/sessions/o1", Some(&cookie)).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_there_is_answered_as_what_is_somebody_elses() {
    let (fixture, _) = shop().await;
    let other = fixture.connect("other").await;
    let cookie = fixture.cookie(&other);
    // But for the way back from signing in, which repeats what was asked for.
    let ask = async |target: &str, cookie| -> Answer {
        let mut answer = fixture.get(target, cookie).await;
        if let Some((before, rest)) = answer.body.split_once("?wanted=") {
            let (_, after) = rest.split_once('"').unwrap();
            answer.body = format!("{before}\"{after}");
        }
        answer
    };
    for (theirs, nowhere) in [
        (PAGE, "/sessions/none"),
        (DATA[0], "/sessions/none/recording"),
        (DATA[1], "/sessions/none/events/0/0"),
        (DATA[2], "/sessions/none/timeline"),
        (DATA[3], "/sessions/none/log"),
    ] {
        let expected = ask(nowhere, Some(&cookie)).await;
        assert_eq!(expected.status, StatusCode::NOT_FOUND);
        assert_eq!(ask(theirs, Some(&cookie)).await, expected);
        assert_eq!(ask(theirs, None).await, ask(nowhere, None).await);
    }
    let page = ask(PAGE, None).await;
    assert!(page.body.contains("may have expired") && page.body.contains("Sign in"));
    let page = ask(PAGE, Some(&cookie)).await;
    assert!(page.body.contains("another workspace") && !page.body.contains("Sign in"));
    let data: Value = ask(DATA[0], None).await.json();
    assert_eq!(data["error"]["code"], "not_found");
    let person = ask("/people/p_none", Some(&cookie)).await;
    assert_eq!(person.status, StatusCode::NOT_FOUND);
    for cookie in [None, Some(&*cookie)] {
        for (target, what) in [
            ("/people/p_none", "page"),
            ("/sessions/assets/none.js", "page"),
            ("/sessions/s1/other", "page"),
            ("/sessions/none", "recording"),
        ] {
            let told = ask(target, cookie).await;
            assert_eq!(told.status, StatusCode::NOT_FOUND, "{target}");
            let heading = format!("This {what} is not available");
            assert!(told.body.contains(&heading), "{target}: {}", told.body);
        }
    }
}

#[tokio::test]
async fn of_several_ways_in_the_one_that_opens_counts() {
    let (fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    let useless = fixture.key(&connection, "s2");
    assert_eq!(
        statuses(&fixture, Some(("key", &useless)), Some(&cookie)).await,
        OPEN
    );
}

#[tokio::test]
async fn a_link_and_a_cookie_cost_one_read_of_their_own() {
    let (fixture, connection) = shop().await;
    let key = fixture.key(&connection, "s1");
    let (_, link) = fixture.browse(&with(PAGE, "key", &key)).await;
    let cookie = fixture.cookie(&connection);
    fixture.calls();
    for (target, cookie, reads) in [
        (with(PAGE, "key", &key), None, 1),
        (PAGE.to_owned(), link.as_deref(), 3),
        (PAGE.to_owned(), Some(&*cookie), 5),
        (DATA[0].to_owned(), link.as_deref(), 4),
        (DATA[1].to_owned(), link.as_deref(), 2),
        (PAGE.to_owned(), None, 0),
        (with(PAGE, "key", "x.y"), None, 0),
        (with(PAGE, "share", "x.y"), None, 0),
    ] {
        fixture.get(&target, cookie).await;
        let calls = fixture.calls();
        assert_eq!(calls.len(), reads, "{target:.40}: {calls:?}");
    }
}
