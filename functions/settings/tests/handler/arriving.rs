//! A sign-in cannot be planted: it ends in the browser that began it, on a page that somebody opened.

use jiff::SignedDuration;
use lambda_http::http::StatusCode;
use pages::return_to;
use pages::signed::Signer;
use store::{Connection, Handover};

use crate::fixture::{Browser, Fixture, PAGE};

async fn shop(fixture: &Fixture) -> Connection {
    fixture.connect("abcd1234", "Acme Outdoor", "Priya").await
}

fn handover(browser: &Browser<'_>, connection: &Connection) -> Handover {
    Handover {
        organization: connection.organization.clone(),
        workspace: connection.workspace.clone(),
        epoch: connection.epoch,
        installer: connection.connected_by.clone().unwrap(),
        browser: browser.digest(),
        is_new: false,
        wanted: None,
        first_secret_key: None,
    }
}

#[tokio::test]
async fn a_handover_begins_nothing_in_a_browser_that_did_not_begin() {
    let fixture = Fixture::start().await;
    let connection = shop(&fixture).await;
    let mut mine = fixture.browser();
    let link = fixture.hand_over(&handover(&mine, &connection)).await;
    let mut other = fixture.another_browser([2; 32]);
    let refused = other.get(&link).await;
    assert!(refused.body.contains("Sign in with Intercom"));
    assert_eq!(refused.set_cookie, "");
    let taken = mine.get(&link).await;
    assert_eq!(taken.location, PAGE, "it is still good where it belongs");
    assert!(taken.set_cookie.starts_with("__Host-recapt_session="));
}

#[tokio::test]
async fn a_handover_is_taken_by_a_page_that_somebody_opens_alone() {
    let fixture = Fixture::start().await;
    let connection = shop(&fixture).await;
    let mut browser = fixture.browser();
    let link = fixture.hand_over(&handover(&browser, &connection)).await;
    for destination in ["image", "iframe", "empty", "style", "video", ""] {
        let refused = browser.fetch(&link, destination).await;
        assert_eq!(refused.set_cookie, "", "{destination}");
    }
    let taken = browser.fetch(&link, "document").await;
    assert!(taken.set_cookie.starts_with("__Host-recapt_session="));
}

#[tokio::test]
async fn whoever_is_signed_in_elsewhere_is_asked_before_they_are_switched() {
    let fixture = Fixture::start().await;
    let (mine, other) = (
        shop(&fixture).await,
        fixture.connect("other", "Other <Shop>", "Mallory").await,
    );
    let mut browser = fixture.signed_in(&mine).await;
    let link = fixture.hand_over(&handover(&browser, &other)).await;
    let asked = browser.get(&link).await;
    assert_eq!((asked.status, &*asked.set_cookie), (StatusCode::OK, ""));
    for part in [
        "signed in to Acme Outdoor",
        "Switch to Other &#60;Shop&#62;?",
    ] {
        assert!(asked.body.contains(part), "{part}: {}", asked.body);
    }
    assert!(browser.get(PAGE).await.body.contains("Acme Outdoor"));

    let form = asked.form("switch", &[]);
    let stale: Vec<_> = form
        .iter()
        .filter(|(name, _)| name != "csrf")
        .cloned()
        .collect();
    let refused = browser.post("switch", &stale, &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let foreign = [("sec-fetch-site", "cross-site")];
    let refused = browser.post("switch", &form, &foreign).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let switched = browser.post("switch", &form, &[]).await;
    assert_eq!(switched.status, StatusCode::SEE_OTHER);
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("Other &#60;Shop&#62;") && !page.contains("Acme"));
    let again = browser.submit("sign-out", &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_sign_in_is_not_told_as_a_new_connection_and_leads_to_what_was_wanted() {
    let fixture = Fixture::start().await;
    let connection = shop(&fixture).await;
    for (is_new, wanted, location) in [
        (true, None, format!("{PAGE}?done=connected")),
        (false, None, PAGE.to_owned()),
        (
            false,
            Some("/sessions/s1?t=3"),
            "/sessions/s1?t=3".to_owned(),
        ),
    ] {
        let mut browser = fixture.browser();
        let handover = Handover {
            is_new,
            wanted: wanted.map(ToOwned::to_owned),
            ..handover(&browser, &connection)
        };
        let link = fixture.hand_over(&handover).await;
        assert_eq!(browser.get(&link).await.location, location);
    }
}

#[tokio::test]
async fn the_way_to_sign_in_leads_on_to_pages_of_ours_alone() {
    let fixture = Fixture::start().await;
    let signer = Signer::of(&fixture.state.secrets.known()).unwrap();
    let until = fixture.now() + SignedDuration::from_hours(1);
    let ours = return_to::sign_wanted(&signer, "/sessions/s1", until).unwrap();
    let other = return_to::sign(&signer, "https://evil.example/", until).unwrap();
    for (wanted, is_passed_on) in [(&*ours, true), (&*other, false), ("/sessions", false)] {
        let page = fixture
            .browser()
            .get(&format!("{PAGE}?wanted={wanted}"))
            .await;
        let address = format!("https://app.example.com/install?wanted={wanted}");
        assert_eq!(page.body.contains(&address), is_passed_on, "{}", page.body);
    }
}

#[tokio::test]
async fn a_copied_cookie_opens_nothing_after_its_admin_has_signed_out() {
    let fixture = Fixture::start().await;
    let connection = shop(&fixture).await;
    let mut browser = fixture.signed_in(&connection).await;
    let (mut copied, mut other) = (browser.clone(), fixture.signed_in(&connection).await);
    browser.submit("sign-out", &[]).await;
    let closed = copied.get(PAGE).await;
    assert!(closed.body.contains("Sign in with Intercom"));
    let open = other.get(PAGE).await;
    assert!(open.body.contains("Acme Outdoor"), "another sign-in stays");
}
