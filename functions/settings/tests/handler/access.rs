//! Who gets in, and who does not.

use jiff::SignedDuration;
use lambda_http::http::StatusCode;
use pages::signed::Signer;
use platform::secrets::Secrets;

use crate::fixture::{Browser, Fixture, PAGE};

const NAME: &str = "Acme Outdoor";

/// Whether the browser gets to see the workspace's settings.
async fn is_in(browser: &mut Browser<'_>) -> bool {
    let answer = browser.get(PAGE).await;
    assert_eq!(answer.status, StatusCode::OK);
    let is_in = answer.body.contains(NAME);
    assert_ne!(is_in, answer.body.contains("Sign in with Intercom"));
    is_in
}

#[tokio::test]
async fn a_handover_begins_a_sign_in_once() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let link = fixture.handover(&connection, None).await;

    let mut browser = fixture.browser();
    assert!(!is_in(&mut browser).await);
    let answer = browser.get(&link).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location, format!("{PAGE}?done=connected"));
    for attribute in [
        "HttpOnly",
        "Secure",
        "SameSite=Lax",
        "Path=/",
        "Max-Age=43200",
    ] {
        assert!(
            answer.set_cookie.contains(attribute),
            "{}",
            answer.set_cookie
        );
    }
    assert!(is_in(&mut browser).await);

    assert_eq!(browser.get(&link).await.location, PAGE, "a reload leads on");
    let mut other = fixture.browser();
    let answer = other.get(&link).await;
    assert!(answer.body.contains("That sign-in link was used already"));
    assert!(answer.set_cookie.is_empty() && !is_in(&mut other).await);
}

#[tokio::test]
async fn whoever_only_asks_what_is_behind_a_handover_leaves_it_good() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let link = fixture.handover(&connection, None).await;
    let mut scanner = fixture.browser();
    let answer = scanner.head(&link).await;
    assert_eq!((answer.status, &*answer.body), (StatusCode::OK, ""));
    assert_eq!(answer.set_cookie, "");
    let mut browser = fixture.browser();
    assert_eq!(
        browser.get(&link).await.location,
        format!("{PAGE}?done=connected")
    );
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn a_handover_that_is_old_or_outrun_or_invented_begins_nothing() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let outrun = fixture.handover(&connection, None).await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let old = fixture.handover(&connection, None).await;
    fixture.state.clock.advance(SignedDuration::from_secs(121));
    let invented = format!("{PAGE}?handover={}", "A".repeat(43));
    for link in [outrun, old, invented, format!("{PAGE}?handover=")] {
        let mut browser = fixture.browser();
        let answer = browser.get(&link).await;
        assert!(answer.body.contains("Sign in with Intercom"), "{link}");
        assert_eq!(answer.set_cookie, "", "{link}");
    }
}

#[tokio::test]
async fn a_sign_in_ends_by_its_age() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let twelve_hours = SignedDuration::from_hours(12);
    fixture
        .state
        .clock
        .advance(twelve_hours - SignedDuration::from_secs(1));
    assert!(is_in(&mut browser).await);
    fixture.state.clock.advance(SignedDuration::from_secs(1));
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn whoever_connects_anew_or_signs_out_everywhere_ends_all_older_sign_ins() {
    let fixture = Fixture::start().await;
    let first = fixture.connect("abcd1234", NAME, "Priya").await;
    let mut old = fixture.signed_in(&first).await;
    let second = fixture.connect("abcd1234", NAME, "Omar").await;
    assert!(!is_in(&mut old).await);

    let (mut here, mut there) = (
        fixture.signed_in(&second).await,
        fixture.signed_in(&second).await,
    );
    let mut copied = there.clone();
    here.submit("sign-out", &[]).await;
    assert!(!is_in(&mut here).await && is_in(&mut there).await);
    there.submit("sign-out", &[("everywhere", "yes")]).await;
    assert!(!is_in(&mut there).await && !is_in(&mut copied).await);
}

#[tokio::test]
async fn whoever_signs_out_leaves_nothing_of_what_the_list_was_asked_for() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    for fields in [&[][..], &[("everywhere", "yes")]] {
        let mut browser = fixture.signed_in(&connection).await;
        let answer = browser.submit("sign-out", fields).await;
        for name in ["__Host-recapt_session", "__Host-recapt_list"] {
            let ended = format!("{name}=; Path=/; Max-Age=0;");
            let mut cookies = answer.cookies.iter();
            assert!(cookies.any(|set| set.starts_with(&ended)), "{ended}");
        }
    }
}

#[tokio::test]
async fn a_cookie_that_was_changed_is_worth_nothing() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let signed_in = fixture.signed_in(&connection).await;
    let cookie = signed_in.cookie.clone().unwrap();
    let (name, value) = cookie.split_once('=').unwrap();
    let mut flipped = value.to_owned().into_bytes();
    flipped[5] = if flipped[5] == b'A' { b'B' } else { b'A' };
    let flipped = String::from_utf8(flipped).unwrap();
    for value in [flipped.as_str(), &value[1..], "", "x", &"x".repeat(9_000)] {
        let mut browser = signed_in.clone();
        browser.cookie = Some(format!("{name}={value}"));
        assert!(!is_in(&mut browser).await, "{value:.80}");
    }
}

#[tokio::test]
async fn a_sign_in_to_another_workspace_sees_only_its_own() {
    let fixture = Fixture::start().await;
    fixture.connect("abcd1234", NAME, "Priya").await;
    let other = fixture.connect("other", "Other Shop", "Mallory").await;
    let mut browser = fixture.signed_in(&other).await;
    let page = browser.get(PAGE).await.body;
    assert!(page.contains("Other Shop") && !page.contains(NAME) && !page.contains("abcd1234"));
}

#[tokio::test]
async fn a_post_without_a_sign_in_changes_nothing() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let page = fixture.signed_in(&connection).await.get(PAGE).await;
    let before = fixture.rows().await;
    for action in ["disconnect", "reconnect", "preferences", "keys", "sign-out"] {
        let form = page.form(action, &[]);
        let answer = fixture.browser().post(action, &form, &[]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{action}");
        assert!(answer.body.contains("Sign in with Intercom"), "{action}");
    }
    assert_eq!(fixture.rows().await, before);
    assert!(fixture.uninstalled().is_empty());
}

#[tokio::test]
async fn a_form_that_is_not_of_this_sign_ins_page_changes_nothing() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let other = fixture.connect("other", "Other Shop", "Mallory").await;
    let mut browser = fixture.signed_in(&connection).await;
    let page = browser.get(PAGE).await;
    let foreign_page = fixture.signed_in(&other).await.get(PAGE).await;
    let before = fixture.rows().await;

    let with_token = |token: Option<String>| {
        token
            .map(|token| vec![("csrf".to_owned(), token)])
            .unwrap_or_default()
    };
    let token_of =
        |page: &crate::fixture::Answer, action: &str| page.form(action, &[])[0].1.clone();
    for token in [
        None,
        Some(String::new()),
        Some("A".repeat(43)),
        Some(token_of(&page, "reconnect")),
        Some(token_of(&foreign_page, "disconnect")),
    ] {
        let answer = browser.post("disconnect", &with_token(token), &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(
            answer.body.contains("Nothing was changed"),
            "{}",
            answer.body
        );
    }
    let good = with_token(Some(token_of(&page, "disconnect")));
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let answer = browser.post("disconnect", &good, &[header]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{header:?}");
    }
    assert_eq!(fixture.rows().await, before);
    assert!(fixture.uninstalled().is_empty());

    let own = ("origin", "https://app.example.com");
    let answer = browser.post("disconnect", &good, &[own]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn reconnecting_leads_to_where_the_authorization_begins() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", NAME, "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let page = browser.get(PAGE).await;
    assert!(
        page.policy.contains(&fixture.intercom_origin),
        "{}",
        page.policy
    );
    let answer = browser.submit("reconnect", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location, "https://app.example.com/install");
}

#[tokio::test]
async fn where_we_have_no_host_of_our_own_the_way_back_is_signed() {
    let mut fixture = Fixture::start().await;
    let environment = [
        ("INSTALL_URL", "https://callback.example.com/install"),
        ("RECORD_URL", "https://record.example.com/"),
        ("MASTER_KEY", &"2a".repeat(32)),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let environment = environment.into_iter().collect();
    fixture.state.addresses = settings::Addresses::from_environment(&environment).unwrap();
    let page = fixture.browser().get(PAGE).await.body;

    let (_, link) = page
        .split_once("https://callback.example.com/install?return_to=")
        .unwrap();
    let (link, _) = link.split_once('"').unwrap();
    let (signed, browser) = link.split_once("&#38;browser=").unwrap();
    assert_eq!(browser, fixture.browser().digest());
    let signer = Signer::of(&Secrets::of_environment(&environment)).unwrap();
    let back: String = signer.open("return_to", signed, fixture.now()).unwrap();
    assert_eq!(back, format!("https://app.example.com{PAGE}"));
}
