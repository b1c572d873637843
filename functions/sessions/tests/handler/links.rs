//! What opens a page leaves its address at once, and ends with its reason.

use jiff::SignedDuration;
use lambda_http::http::{Method, StatusCode};

use crate::fixture::{Answer, Fixture, email, page};

async fn shop() -> (Fixture, store::Connection) {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("shop").await;
    for (session, address) in [
        ("s1", "ada@example.com"),
        ("s2", "ada@example.com"),
        ("b1", "bob@example.com"),
    ] {
        let chunk = (0, page("https://shop.example/", 0));
        let aliases = [email(address)];
        fixture
            .record(&connection.organization, session, &aliases, &[chunk])
            .await;
    }
    (fixture, connection)
}

/// A share link to `s1` that an admin makes.
async fn share_link(fixture: &Fixture, connection: &store::Connection) -> String {
    let cookie = fixture.cookie(connection);
    let page = fixture.get("/sessions/s1", Some(&cookie)).await;
    let form = format!("csrf={}", page.after(r#"data-csrf=""#));
    let made = fixture
        .post("/sessions/s1/share", Some(&cookie), &form)
        .await;
    made.json()["path"].as_str().unwrap().to_owned()
}

/// The attributes of the cookie that an answer sets.
fn attributes(answer: &Answer) -> Vec<String> {
    let cookie = answer.header("set-cookie").split("; ").skip(1);
    cookie.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn a_key_in_an_address_becomes_a_cookie_of_that_path_before_anything_is_drawn() {
    let (fixture, connection) = shop().await;
    let people = fixture.people_called(&connection, "ada@example.com").await;
    let (one, all) = (
        fixture.key(&connection, "s1"),
        fixture.key_of_people(&connection, &people),
    );
    let shared = share_link(&fixture, &connection).await;
    let person = format!("/people/{}", people[0]);
    for (target, clean, name) in [
        (format!("/sessions/s1?key={one}"), "/sessions/s1", "key"),
        (
            format!("/sessions/s1?t=7&key={one}&page=%26x"),
            "/sessions/s1?t=7&page=%26x",
            "key",
        ),
        (
            format!("/sessions?key={all}&errors=1"),
            "/sessions?errors=1",
            "key",
        ),
        (format!("{person}?key={all}"), &person, "key"),
        (shared, "/sessions/s1", "share"),
    ] {
        let led = fixture.get(&target, None).await;
        assert_eq!(led.status, StatusCode::SEE_OTHER, "{target}");
        assert_eq!((led.header("location"), &*led.body), (clean, ""));
        assert_eq!(led.header("referrer-policy"), "no-referrer");
        assert_eq!(led.header("cache-control"), "no-store");
        let cookie = led.header("set-cookie");
        assert!(
            cookie.starts_with(&format!("__Secure-recapt_{name}=")),
            "{cookie}"
        );
        let path = format!("Path={}", clean.split('?').next().unwrap());
        let expected = [&path, "Max-Age=43200", "HttpOnly", "SameSite=Lax", "Secure"];
        assert_eq!(attributes(&led), expected);
        let (page, _) = fixture.browse(&target).await;
        assert_eq!(page.status, StatusCode::OK, "{target}");
        for secret in ["key=", "share="] {
            let is_list = clean.starts_with("/sessions?") || clean == person;
            assert!(is_list || !page.body.contains(secret), "{}", page.body);
        }
    }
}

#[tokio::test]
async fn a_page_that_loads_parts_of_itself_plants_no_cookie() {
    let (fixture, connection) = shop().await;
    let key = fixture.key(&connection, "s1");
    let target = format!("/sessions/s1?key={key}");
    for (destination, status) in [("image", 404), ("iframe", 404), ("document", 303)] {
        let headers = [("sec-fetch-dest", destination)];
        let led = fixture.send(Method::GET, &target, None, "", &headers).await;
        assert_eq!(led.status, status, "{destination}");
        assert_eq!(led.cookie().is_some(), status == 303);
    }
}

#[tokio::test]
async fn a_cookie_ends_when_what_it_holds_does() {
    let (mut fixture, connection) = shop().await;
    let key = fixture.key(&connection, "s1");
    fixture.later(SignedDuration::from_hours(11));
    let led = fixture.get(&format!("/sessions/s1?key={key}"), None).await;
    assert_eq!(attributes(&led)[1], "Max-Age=3600");
    let cookie = led.cookie();
    fixture.later(SignedDuration::from_hours(1));
    let late = fixture.get("/sessions/s1", cookie.as_deref()).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_key_that_opens_nothing_leaves_the_address_too() {
    let (fixture, connection) = shop().await;
    let cookie = fixture.cookie(&connection);
    for useless in ["key=", "key=x.y", "share=x.y", "key=&share="] {
        let target = format!("/sessions/s1?{useless}");
        let led = fixture.get(&target, Some(&cookie)).await;
        assert_eq!(led.header("location"), "/sessions/s1", "{useless}");
        assert_eq!(led.header("set-cookie"), "");
        let closed = fixture.get(&target, None).await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND, "{useless}");
    }
}

#[tokio::test]
async fn who_may_not_see_a_page_signs_in_and_comes_back_to_it() {
    let (fixture, _) = shop().await;
    for (target, wanted) in [
        ("/sessions/s1?t=7", "/sessions/s1?t=7"),
        ("/sessions/s1?key=x.y&t=7", "/sessions/s1?t=7"),
        ("/sessions", "/sessions"),
        ("/people/p_1", "/people/p_1"),
    ] {
        let closed = fixture.get(target, None).await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND);
        let address = "https://app.example.com/settings/integrations/intercom?wanted=";
        let signed = closed.after(address);
        let opened = pages::return_to::open_wanted(&fixture.signer, &signed, fixture.now());
        assert_eq!(opened.as_deref(), Some(wanted), "{target}");
    }
}

#[tokio::test]
async fn a_script_is_answered_by_cookie_alone() {
    let (fixture, connection) = shop().await;
    let key = fixture.key(&connection, "s1");
    for data in ["recording", "events/0/0"] {
        let target = format!("/sessions/s1/{data}?key={key}");
        let answer = fixture.get(&target, None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{data}");
    }
}

#[tokio::test]
async fn a_list_opens_those_peoples_sessions_each_with_a_link_to_it_alone() {
    let (fixture, connection) = shop().await;
    let people = fixture.people_called(&connection, "ada@example.com").await;
    let key = fixture.key_of_people(&connection, &people);
    let target = format!("/sessions?key={key}");
    let (list, cookie) = fixture.browse(&target).await;
    assert!(!list.body.contains("bob@") && !list.body.contains("/sessions/b1"));
    assert!(!list.body.contains(&key) && !list.body.contains("/people/"));
    let other = fixture
        .get("/sessions?person=bob@example.com", cookie.as_deref())
        .await;
    assert!(!other.body.contains("bob@"), "{}", other.body);
    let closed = fixture.get("/sessions/s1", cookie.as_deref()).await;
    assert_eq!(closed.status, StatusCode::NOT_FOUND);
    for session in ["s1", "s2"] {
        let link = format!("/sessions/{session}?key=");
        let key = list.after(&link);
        let (page, cookie) = fixture.browse(&format!("{link}{key}")).await;
        assert_eq!(page.status, StatusCode::OK, "{session}");
        for elsewhere in ["/sessions", "/sessions/b1"] {
            let closed = fixture.get(elsewhere, cookie.as_deref()).await;
            assert_eq!(closed.status, StatusCode::NOT_FOUND, "{elsewhere}");
            let closed = fixture.get(&format!("{elsewhere}?key={key}"), None).await;
            assert_eq!(closed.status, StatusCode::NOT_FOUND, "{elsewhere}");
        }
    }
}

#[tokio::test]
async fn what_a_list_leads_to_ends_with_the_list() {
    let (mut fixture, connection) = shop().await;
    let people = fixture.people_called(&connection, "ada@example.com").await;
    let key = fixture.key_of_people(&connection, &people);
    fixture.later(SignedDuration::from_hours(11));
    let (list, _) = fixture.browse(&format!("/sessions?key={key}")).await;
    let link = format!("/sessions/s1?key={}", list.after("/sessions/s1?key="));
    assert_eq!(fixture.browse(&link).await.0.status, StatusCode::OK);
    fixture.later(SignedDuration::from_hours(1));
    assert_eq!(fixture.browse(&link).await.0.status, StatusCode::NOT_FOUND);
}

/// What happens to a connection, and which links still open then.
#[tokio::test]
async fn links_and_cookies_end_with_their_reason() {
    for (what, viewing, sharing) in [
        ("a sign-in", 200, 200),
        ("sign out everywhere", 404, 200),
        ("uninstall", 404, 404),
        ("uninstall and install", 404, 200),
    ] {
        let (fixture, connection) = shop().await;
        let people = fixture.people_called(&connection, "ada@example.com").await;
        let keys = [
            format!("/sessions/s1?key={}", fixture.key(&connection, "s1")),
            format!(
                "/sessions?key={}",
                fixture.key_of_people(&connection, &people)
            ),
        ];
        let shared = share_link(&fixture, &connection).await;
        let mut links = vec![(shared.as_str(), sharing)];
        links.extend(keys.iter().map(|key| (key.as_str(), viewing)));
        let mut opened = Vec::new();
        for (link, status) in links {
            let (page, cookie) = fixture.browse(link).await;
            assert_eq!(page.status, StatusCode::OK, "{link}");
            opened.push((link, cookie, status));
        }
        let connections = fixture.store().connections();
        let workspace = &connection.workspace;
        if what == "sign out everywhere" {
            connections.sign_out_everywhere(workspace).await.unwrap();
        }
        if what.starts_with("uninstall") {
            connections.disconnect(workspace, None).await.unwrap();
        }
        if what == "a sign-in" || what.ends_with("and install") {
            fixture.connect("shop").await;
        }
        for (link, cookie, status) in opened {
            let again = fixture.browse(link).await.0;
            assert_eq!(again.status.as_u16(), status, "{what}: {link}");
            let clean = link.split('?').next().unwrap();
            let kept = fixture.get(clean, cookie.as_deref()).await;
            assert_eq!(kept.status.as_u16(), status, "{what}: cookie of {link}");
        }
    }
}

#[tokio::test]
async fn a_copied_cookie_opens_nothing_once_its_sign_in_is_ended() {
    let (fixture, connection) = shop().await;
    let copied = fixture.cookie(&connection);
    assert_eq!(
        fixture.get("/sessions", Some(&copied)).await.status,
        StatusCode::OK
    );
    let sign_in = fixture.sign_in(&connection);
    sign_in.end(fixture.store()).await.unwrap();
    for target in ["/sessions", "/sessions/s1", "/sessions/s1/recording"] {
        let closed = fixture.get(target, Some(&copied)).await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND, "{target}");
    }
}

#[tokio::test]
async fn an_admin_who_follows_a_link_of_their_own_panel_stays_an_admin() {
    let (fixture, connection) = shop().await;
    let admin = fixture.cookie(&connection);
    let key = fixture.key(&connection, "s1");
    let link = format!("/sessions/s1?key={key}");
    let led = fixture.get(&link, Some(&admin)).await;
    assert_eq!(
        led.cookie(),
        None,
        "it opens by the sign-in, and not after that"
    );
    let page = fixture.get("/sessions/s1", Some(&admin)).await;
    assert!(page.body.contains("All sessions"), "{}", page.body);
    let (_, cookie) = fixture.browse(&link).await;
    let cookie = cookie.unwrap();
    let both = format!("{admin}; {cookie}");
    let page = fixture.get("/sessions/s1", Some(&both)).await;
    assert!(page.body.contains("All sessions"), "{}", page.body);
    let other = fixture.connect("other").await;
    let both = format!("{}; {cookie}", fixture.cookie(&other));
    let page = fixture.get("/sessions/s1", Some(&both)).await;
    assert_eq!(page.status, StatusCode::OK, "another organization's admin");
    assert!(!page.body.contains("All sessions"));
}

#[tokio::test]
async fn a_planted_link_does_not_stand_before_what_an_admin_has_there() {
    let (fixture, connection) = shop().await;
    let other = fixture.connect("other").await;
    let chunk = (0, crate::fixture::page("https://shop.example/mine", 0));
    fixture
        .record(&other.organization, "s1", &[], &[chunk])
        .await;
    let planted = format!("/sessions/s1?key={}", fixture.key(&connection, "s1"));
    let (_, cookie) = fixture.browse(&planted).await;
    let both = format!("{}; {}", fixture.cookie(&other), cookie.unwrap());
    let page = fixture.get("/sessions/s1", Some(&both)).await;
    assert!(page.body.contains("All sessions") && page.body.contains("/mine"));
}
