//! What a tag asks for beside recording: analytics, and Intercom's Messenger.

use std::collections::BTreeSet;

use http::Method;
use serde_json::{Value, json};

use crate::tracked::{TrackedSite, names};
use crate::visitor::Visitor;

/// Calls before anything is loaded, and after.
const SHOP: &str = r#"<!doctype html><title>Shop</title>
    <script>
      recapt = [["identify", { user_id: "42", email: "ada@example.com", plan: "pro", user_hash: "aa" }]];
      recapt.push(["track", "Opened", { id: 1 }], ["page", "Home"]);
    </script>
    {tag data-analytics tag}
    <script>recapt.push(["group", "g-1", { name: "Acme" }]);</script>
    <button id=b onclick="recapt.track('Bought', { price: 3 })">Buy</button>"#;

/// A page that says something just before it is left.
const NEXT: &str = r#"<!doctype html><title>Next</title>{tag data-analytics tag}
    <script>addEventListener("pagehide", () => recapt.track("Left"));</script>"#;

const BY_ANALYTICS: &str = "typeof window.recapt?.track === 'function'";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_site_tells_arrives_in_order_and_once_whenever_it_was_told() {
    for visitor in Visitor::of_each_browser().await {
        arrives_in_order_and_once(visitor).await;
    }
}

async fn arrives_in_order_and_once(visitor: Visitor) {
    let site = TrackedSite::serve(&[("/", SHOP), ("/next", NEXT)], None).await;
    visitor.open(&site.url).await;
    visitor.wait_until(BY_ANALYTICS).await;
    visitor.click("#b").await;
    let events = site.wait_for(|events| events.len() == 5).await;
    let told: Vec<_> = events.iter().map(|event| event["type"].clone()).collect();
    assert_eq!(told, ["identify", "track", "page", "group", "track"]);
    let [identify, opened] = &events[..2] else {
        unreachable!()
    };
    let traits = json!({ "email": "ada@example.com", "plan": "pro" });
    assert_eq!(identify["traits"], traits);
    assert_eq!(
        identify["integrations"],
        json!({ "Intercom": { "user_hash": "aa" } })
    );
    assert_eq!(opened["properties"], json!({ "id": 1 }));
    assert_eq!(opened["context"]["traits"]["email"], "ada@example.com");
    assert_eq!(events[3]["groupId"], "g-1");
    for event in &events {
        assert_eq!(event["userId"], "42");
        assert_eq!(event["anonymousId"], identify["anonymousId"]);
    }

    // The last words of a page are its next page's to send, also if it is left before all is loaded; and
    // of the last one its own.
    for search in ["?1", "?2"] {
        let leave = format!("location.href = '/next{search}'");
        visitor.run_soon(&leave).await;
        let is_there = format!("location.search === '{search}' && {BY_ANALYTICS}");
        visitor.wait_until(&is_there).await;
    }
    site.wait_for(|events| names(events).len() == 3).await;
    visitor.open("about:blank").await;
    let events = site.wait_for(|events| names(events).len() == 4).await;
    assert_eq!(names(&events)[2..], ["Left", "Left"]);
    let ids: BTreeSet<_> = events
        .iter()
        .map(|event| event["messageId"].to_string())
        .collect();
    assert_eq!(ids.len(), events.len());

    // Simple requests: no preflight, the key in the body.
    assert!(!site.methods().contains(&Method::OPTIONS));
    let key = site.url.rsplit(':').next().unwrap();
    for (headers, batch) in site.batches() {
        assert_eq!(batch["writeKey"], key);
        assert!(batch["sentAt"].is_string());
        assert!(!headers.contains_key("authorization"));
    }
    visitor.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_sent_again_under_its_id_and_what_is_refused_is_not() {
    let page = r#"{tag data-analytics tag}<script>
        window.warned = [];
        const { warn } = console;
        console.warn = (...said) => { warned.push(said.join(" ")); warn(...said); };
        </script>"#;
    let site = TrackedSite::serve(&[("/", page)], None).await;
    let visitor = Visitor::chromium().await;
    visitor.open(&site.url).await;
    visitor.wait_until(BY_ANALYTICS).await;
    site.answer(&[(500, None), (429, Some("1"))]);
    visitor.run("recapt.track('Again')").await;
    let events = site.wait_for(|events| events.len() == 3).await;
    let ids: BTreeSet<_> = events
        .iter()
        .map(|event| event["messageId"].to_string())
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(visitor.run("warned").await, json!([]));

    site.answer(&[(401, None)]);
    visitor.run("recapt.track('Refused')").await;
    visitor.wait_until("warned.length === 1").await;
    let warned = visitor.run("warned[0]").await;
    assert!(warned.as_str().unwrap().contains("The key is not known."));
    visitor.run("recapt.track('After')").await;
    let events = site.wait_for(|events| events.len() == 5).await;
    assert_eq!(names(&events)[3..], ["Refused", "After"]);
    visitor.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_outlives_its_page_and_two_tabs_do_not_both_send_it() {
    let site = TrackedSite::serve(&[("/", NEXT), ("/empty", "<p>Empty")], None).await;
    let visitor = Visitor::chromium().await;
    // What a tab that crashed an hour ago has left.
    let key = site.url.rsplit(':').next().unwrap();
    let left = |count: usize| {
        let event = r#"{"type":"track","event":"Old","messageId":"m"}"#;
        format!(
            "for (let n = 0; n < {count}; n += 1)
               localStorage.setItem('recapt.{key}.event.m' + n, `1 gone {event}`.replace('\"m\"', `\"m${{n}}\"`))"
        )
    };
    visitor.open(&format!("{}/empty", site.url)).await;
    visitor.run(&format!("(() => {{ {} }})()", left(250))).await;
    let Visitor::Chromium(browser) = &visitor else {
        unreachable!()
    };
    browser
        .inject("for (let tab = 0; tab < 3; tab += 1) window.open('/', '_blank')")
        .await;
    let events = site.wait_for(|events| events.len() >= 250).await;
    // Time enough for whoever would send them again.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let ids: BTreeSet<_> = events
        .iter()
        .map(|event| event["messageId"].to_string())
        .collect();
    assert_eq!((site.sent().len(), ids.len()), (250, 250));
    let waiting = format!(
        "Object.keys(localStorage).filter((key) => key.startsWith('recapt.{key}.event.')).length === 0"
    );
    visitor.wait_until(&waiting).await;
    visitor.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_asks_for_nothing_more_loads_nothing_more() {
    let page = "<script>recapt = [['identify', { user_id: '1' }], ['track', 'Opened']]</script>\
                {tag data-analytics=false tag}";
    let site = TrackedSite::serve(&[("/", page)], None).await;
    let visitor = Visitor::chromium().await;
    visitor.visit(&site.url).await;
    visitor.run("recapt.track('Again')").await;
    let scripts = "performance.getEntriesByType('resource')\
                   .filter(({ initiatorType, name }) => initiatorType === 'script' || name.includes('.js')).length";
    assert_eq!(visitor.run(scripts).await, 1);
    assert_eq!(visitor.run("'Intercom' in window").await, false);
    let kept = "Object.keys(localStorage).join()";
    assert_eq!(visitor.run(kept).await, "recapt.anonymous_id");
    assert_eq!(site.sent(), Vec::<Value>::new());
    visitor.close().await;
}

/// Intercom's install snippet of 2013, with what it may hold.
const SNIPPET: &str = r#"<!doctype html><title>Snippet</title>
    <script>
      window.intercomSettings = {
        app_id: "abc1234", email: "bob@example.com", user_id: "123", user_hash: "aa",
        created_at: "2009-02-13T23:31:30Z", name: "Bob",
        subdomain: "intercom", teammates: 4, last_order_at: 1350466020, renewed_at: "1350466020000",
        custom_domain: null, ignored: { nested: true },
        company: { id: 6, name: "Intercom", plan: "Messaging", monthly_spend: 50, created_at: "2012-10-17T09:27:00Z" },
      };
    </script>
    {tag data-intercom-app-id data-intercom-region="eu" data-analytics tag}"#;

#[tokio::test(flavor = "multi_thread")]
async fn intercoms_own_snippet_boots_the_messenger_and_names_the_visitor() {
    let site = TrackedSite::serve(&[("/", SNIPPET)], None).await;
    let visitor = Visitor::chromium().await;
    visitor.open(&site.url).await;
    visitor.wait_until("window.told?.length === 1").await;
    let person = json!({
        "app_id": "abc1234", "api_base": "https://api-iam.eu.intercom.io",
        "email": "bob@example.com", "user_id": "123", "user_hash": "aa",
        "created_at": 1_234_567_890, "name": "Bob",
        "subdomain": "intercom", "teammates": 4, "last_order_at": 1_350_466_020, "renewed_at": 1_350_466_020,
        "custom_domain": null,
        "company": { "company_id": 6, "name": "Intercom", "plan": "Messaging", "monthly_spend": 50,
                     "created_at": 1_350_466_020 },
    });
    assert_eq!(visitor.run("told").await, json!([["boot", person]]));
    assert_eq!(visitor.run("intercomSettings").await, person);
    // The Messenger tells Intercom: no event says it once more, and every event knows whose it is.
    visitor.run("recapt.track('Opened')").await;
    let events = site.wait_for(|events| !events.is_empty()).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["userId"], "123");
    let session = format!("recapt.{}.identity", site.url.rsplit(':').next().unwrap());
    let known = format!("JSON.parse(sessionStorage.getItem('{session}')).known.user_id === '123'");
    visitor.wait_until(&known).await;
    visitor.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_messenger_follows_the_visitor() {
    let page = "<script>recapt = [['identify', { user_id: '1', email: 'ada@example.com' }]]</script>\
                {tag data-intercom-app-id=abc1234 data-intercom-hide-default-launcher tag}";
    let site = TrackedSite::serve(&[("/", page)], None).await;
    let visitor = Visitor::chromium().await;
    visitor.open(&site.url).await;
    visitor.wait_until("window.told?.length === 1").await;
    let look = json!({ "app_id": "abc1234", "api_base": "https://api-iam.intercom.io", "hide_default_launcher": true });
    let with = |more: Value| {
        let mut all = look.clone();
        let more = more.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(more);
        all
    };
    let ada = json!({ "user_id": "1", "email": "ada@example.com" });
    let jwt = jwt(&json!({ "user_id": "2", "email": "bob@example.com" }));
    let mut expected = vec![json!(["boot", with(ada.clone())])];
    let updated = |more: Value| {
        let mut all = ada.clone();
        let more = more.as_object().unwrap().clone();
        all.as_object_mut().unwrap().extend(more);
        json!(["update", all])
    };
    for (call, told) in [
        // The same again is nothing new.
        (
            "recapt.identify('1', { email: 'ada@example.com' })".to_owned(),
            vec![],
        ),
        ("recapt.page()".to_owned(), vec![updated(json!({}))]),
        (
            "recapt.group('g', { name: 'Acme', monthlySpend: 9 })".to_owned(),
            vec![updated(
                json!({ "company": { "company_id": "g", "name": "Acme", "monthly_spend": 9 } }),
            )],
        ),
        (
            "recapt.track('Bought', { n: 1 })".to_owned(),
            vec![json!(["trackEvent", "Bought", { "n": 1 }])],
        ),
        ("recapt.reset()".to_owned(), vec![json!(["shutdown"])]),
        (
            format!(
                "recapt.identify({{ intercom_user_jwt: '{jwt}', user_hash: 'aa', plan: 'pro' }})"
            ),
            vec![json!([
                "boot",
                with(json!({ "intercom_user_jwt": jwt, "plan": "pro" }))
            ])],
        ),
        // Somebody else, of whom the one before must not be seen.
        (
            "recapt.identify('3')".to_owned(),
            vec![
                json!(["shutdown"]),
                json!(["boot", with(json!({ "user_id": "3" }))]),
            ],
        ),
    ] {
        visitor.run(&call).await;
        expected.extend(told);
        let heard = format!("told.length >= {}", expected.len());
        visitor.wait_until(&heard).await;
        assert_eq!(visitor.run("told").await, json!(expected), "{call}");
    }
    assert_eq!(site.sent(), Vec::<Value>::new());
    visitor.close().await;
}

/// A token as the Messenger takes it, of which the browser reads the claims alone.
fn jwt(claims: &Value) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
    format!("{}.{}.c2ln", part(&json!({ "alg": "HS256" })), part(claims))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_keeps_the_messenger_away_is_told_once_and_breaks_nothing() {
    let page = r#"<script nonce=n>
          window.warned = [];
          console.warn = (...said) => warned.push(said.join(" "));
          recapt = [["identify", { user_id: "1" }]];
        </script>
        {tag nonce=n data-intercom-app-id=abc1234 data-analytics tag}"#;
    let policy = "default-src 'none'; script-src 'nonce-n'; connect-src {api}";
    for (strictness, why) in [
        ("", "script-src-elem"),
        (
            "; require-trusted-types-for 'script'; trusted-types 'none'",
            "trusted types",
        ),
    ] {
        let policy = format!("{policy}{strictness}");
        let site = TrackedSite::serve(&[("/", page)], Some(&policy)).await;
        for visitor in Visitor::of_each_browser().await {
            visitor.open(&site.url).await;
            visitor.wait_until("warned.length > 0").await;
            visitor.run("recapt.track('Works')").await;
            visitor.run("Intercom('show')").await;
            site.wait_for(|events| names(events).len() == 1).await;
            let warned = visitor.run("warned").await;
            assert_eq!(warned.as_array().unwrap().len(), 1, "{warned}");
            assert!(warned[0].as_str().unwrap().contains(why), "{warned}");
            visitor.wait_until_recorded().await;
            visitor.close().await;
        }
    }
}
