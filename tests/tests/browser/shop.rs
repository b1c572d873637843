//! The demo shop in a real browser, recorded by the recorder that customers have.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::accessibility::grave_findings;
use crate::driver::Browser;
use crate::server::Server;

/// What a visitor types and nobody else may see.
const CARD: &str = "4111111111111111";
const NOTE: &str = "leave-it-with-mrs-hollow";
const PASSWORD: &str = "correct-horse-battery";
/// What the shop has marked as the visitor's own.
const MEMBER_NUMBER: &str = "FH-4471-9032";

/// The chunks that the tab holds back for lack of an answer.
const HELD_BACK: &str =
    "Object.keys(sessionStorage).filter((key) => key.includes('.chunk.')).length";

/// The body of the recorded page, where the recording is played.
const REPLAYED: &str = "document.querySelector('.stage iframe')?.contentDocument?.body";

async fn session_id(browser: &Browser) -> String {
    browser
        .wait_until("typeof window.recapt?.sessionId?.() === 'string'")
        .await;
    let id = browser.run("recapt.sessionId()").await;
    id.as_str().unwrap().to_owned()
}

/// How many chunks the session has by now, sent or not.
async fn chunks(browser: &Browser) -> u64 {
    let stored = "JSON.parse(sessionStorage.getItem('recapt.local-write-key.session')).seq";
    browser.run(stored).await.as_u64().unwrap()
}

async fn fill(browser: &Browser, selector: &str, text: &str) {
    let is_shown = format!("document.querySelector({selector:?})?.checkVisibility() ?? false");
    browser.wait_until(&is_shown).await;
    let field = browser.find(selector).await;
    field.clear().await.unwrap();
    field.send_keys(text).await.unwrap();
}

fn has_all(summary: &Value, counts: &[&str]) -> bool {
    let counted = |count: &&str| summary["counts"][*count].as_u64() > Some(0);
    counts.iter().all(counted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_is_live_in_the_panel_and_what_was_typed_is_nowhere() {
    let server = Server::start().await;
    let browser = Browser::start(1280, 900).await;
    browser.open(&format!("{}/shop", server.url())).await;
    let session = session_id(&browser).await;

    browser.click("a[href='/shop/products/lamp']").await;
    for _ in 0..5 {
        browser.click("#wishlist").await;
    }
    // A dead click is one to which nothing comes for three seconds.
    sleep(Duration::from_millis(3_200)).await;
    for trouble in ["#compare", "#stock", "#reviews"] {
        browser.click(trouble).await;
        sleep(Duration::from_millis(1_200)).await;
    }
    browser.click("#add").await;
    browser.click("a[href='/shop/basket']").await;
    browser.click("#to-checkout").await;
    fill(&browser, "[name=email]", "visitor@example.com").await;
    fill(&browser, "[name=name]", "Visitor").await;
    fill(&browser, "[name=card]", CARD).await;
    fill(&browser, "[name=note]", NOTE).await;
    browser.click("#checkout button").await;
    browser.wait_for_text("Thank you!").await;

    browser.click("#messenger-open").await;
    browser.click("#messenger button").await;
    let inbox = browser.find("#messenger-answer a").await;
    let inbox = inbox.attr("href").await.unwrap().unwrap();

    browser.click("a[href='/shop/account']").await;
    fill(&browser, "[name=password]", PASSWORD).await;
    browser.click("#sign-in button").await;
    browser.click("a[href='/shop/account/points']").await;
    browser.wait_for_text("You have 120 points").await;
    assert_eq!(session_id(&browser).await, session);

    let told = [
        "rage_clicks",
        "dead_clicks",
        "error_clicks",
        "js_errors",
        "failed_requests",
    ];
    let points = format!("{}/shop/account/points", server.url());
    let is_whole = |summary: &Value| has_all(summary, &told) && summary["last_url"] == points;
    let summary = server.summary(&session, is_whole).await;
    assert_eq!(summary["aliases"]["email"], "visitor@example.com");
    assert!(summary["aliases"]["visitor_id"].is_string());
    assert_eq!(summary["device"]["browser"], "Chrome");

    browser.open(&format!("{}{inbox}", server.url())).await;
    browser.wait_for_app("Live now").await;
    browser.click("#app .component-list .item").await;
    browser
        .wait_for_app("Rage click on \"Add to wishlist\"")
        .await;
    let panel = browser.text("#app").await;

    let link = "[...document.querySelectorAll('#app a')].find((link) => link.textContent.includes('View session')).href";
    let link = browser.run(link).await;
    browser.open(link.as_str().unwrap()).await;
    let is_rebuilt = format!("{REPLAYED}?.innerText.includes('Fernhill') ?? false");
    browser.wait_long_until(&is_rebuilt).await;
    let page = browser.run("document.documentElement.outerHTML").await;
    let replayed = browser.run(&format!("{REPLAYED}.outerHTML")).await;

    let secrets = [CARD, NOTE, PASSWORD, MEMBER_NUMBER];
    let shown = [
        panel,
        summary.to_string(),
        page.to_string(),
        replayed.to_string(),
    ];
    for secret in secrets {
        assert!(
            shown.iter().all(|shown| !shown.contains(secret)),
            "{secret}"
        );
    }
    assert_eq!(server.holders_of(&secrets).await, Vec::<String>::new());
    // The search itself finds what is there.
    assert!(!server.holders_of(&["Add to wishlist"]).await.is_empty());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_visitor_does_is_told_to_intercom() {
    let server = Server::start().await;
    let browser = Browser::start(1280, 900).await;
    browser
        .open(&format!("{}/shop/account", server.url()))
        .await;
    fill(&browser, "[name=email]", "member@example.com").await;
    fill(&browser, "[name=password]", PASSWORD).await;
    browser.click("#sign-in button").await;
    browser
        .open(&format!("{}/shop/products/lamp", server.url()))
        .await;
    browser.click("#add").await;
    let told = |deliveries: &Value, kind: &str| {
        let deliveries = deliveries["data"].as_array().unwrap().iter();
        let told = deliveries.filter(|it| it["type"] == kind && it["outcome"] == "sent");
        told.count()
    };
    // Signed in on one page, known on the next: who it is, what was looked at, what was bought.
    let is_told =
        |deliveries: &Value| told(deliveries, "identify") > 0 && told(deliveries, "track") == 2;
    server.answer("/v1/deliveries", is_told).await;
    let is_known = |inbox: &Value| {
        let mut people = inbox["people"].as_array().unwrap().iter();
        people.any(|person| person["external_id"] == "fernhill-member@example.com")
    };
    server.answer("/inbox/conversations", is_known).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tab_has_a_session_of_its_own_that_lasts_from_page_to_page() {
    let server = Server::start().await;
    let browser = Browser::start(1280, 900).await;
    browser.open(&format!("{}/shop", server.url())).await;
    let first = session_id(&browser).await;
    for link in [
        "a[href='/shop/products/vase']",
        "a[href='/shop/basket']",
        ".name",
    ] {
        browser.wait_until(&format!("{HELD_BACK} === 0")).await;
        browser.click(link).await;
        assert_eq!(session_id(&browser).await, first);
    }

    // This tab begins with a copy of the other one's storage.
    browser.inject("window.open('/shop/products/clock')").await;
    browser.switch_to_window(1).await;
    let second = session_id(&browser).await;
    assert_ne!(second, first);
    browser.click("#more").await;
    browser.switch_to_window(0).await;
    browser.click("a[href='/shop/products/chair']").await;
    assert_eq!(session_id(&browser).await, first);

    let last_page = |page: &str| {
        let url = format!("{}/shop/products/{page}", server.url());
        move |summary: &Value| summary["last_url"] == url
    };
    server.summary(&second, last_page("clock")).await;
    let summary = server.summary(&first, last_page("chair")).await;
    assert_eq!(summary["pages"].as_array().unwrap().len(), 5);
    let log = server.output();
    assert!(!log.contains("other_bytes_stored"), "{log}");
    // The rest of a page is sent by the next one, and not by both; what is on its way meanwhile may be.
    let twice = log.matches("chunk came again").count();
    assert!(twice <= 1, "{twice} sent twice: {log}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_missed_is_sent_when_it_is_back_by_the_same_page_and_the_next() {
    let mut server = Server::start().await;
    let browser = Browser::start(1280, 900).await;
    browser
        .open(&format!("{}/shop/products/lamp", server.url()))
        .await;
    let session = session_id(&browser).await;
    let has_begun = |summary: &Value| summary["chunks"] == 1;
    let before = server.summary(&session, has_begun).await;

    for next_page_sends in [false, true] {
        server.kill().await;
        browser.click("#more").await;
        browser.click("#compare").await;
        browser.wait_long_until(&format!("{HELD_BACK} > 0")).await;
        server.restart().await;
        if next_page_sends {
            browser.click("a[href='/shop/basket']").await;
        }
        browser.wait_long_until(&format!("{HELD_BACK} === 0")).await;
    }

    let chunks = chunks(&browser).await;
    let is_whole = |summary: &Value| summary["chunks"].as_u64() >= Some(chunks);
    let summary = server.summary(&session, is_whole).await;
    assert_eq!(summary["started_at"], before["started_at"]);
    assert_eq!(summary["counts"]["js_errors"], json!(2));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_can_be_used_by_everybody_and_on_a_phone() {
    let server = Server::start().await;
    let browser = Browser::start(1280, 900).await;
    for page in ["", "/products/lamp", "/basket", "/checkout", "/account"] {
        browser.open(&format!("{}/shop{page}", server.url())).await;
        browser.click("#messenger-open").await;
        assert_eq!(
            grave_findings(&browser).await,
            Vec::<String>::new(),
            "{page}"
        );
        browser.lay_out(390, 844).await;
        let overflow = "document.documentElement.scrollWidth - innerWidth";
        assert_eq!(browser.run(overflow).await, 0, "{page}");
    }
    browser.close().await;
}
