//! Connecting a workspace and seeing to it, in a real browser, through the whole bundle and the pretend
//! Intercom.

use jiff::Timestamp;

use crate::accessibility::grave_findings;
use crate::window::Window;

impl Window {
    async fn assert_status(&self, status: &str) {
        let condition = format!("document.querySelector('.badge')?.innerText === '{status}'");
        self.browser.wait_until(&condition).await;
    }

    /// Fails when the console says more than that pages were answered with this status, which it calls an
    /// error.
    async fn assert_only_complaint(&self, status: u16) {
        let complaints = self.browser.complaints().await;
        let expected = format!("status of {status}");
        let is_it = complaints
            .iter()
            .all(|complaint| complaint.contains(&expected));
        assert!(is_it, "{complaints:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_connects_and_signs_out() {
    let settings = Window::with_settings().await;
    settings.look("sign-in").await;
    settings.sign_in().await;
    settings.look("connected").await;
    let address = settings.browser.run("location.search").await;
    assert_eq!(
        address, "",
        "nothing secret stays in the address, and a sign-in is no new connection"
    );

    settings.browser.click_label("Sign out").await;
    settings.browser.wait_for_text("You are signed out.").await;
    settings.look("signed-out").await;
    settings.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_is_new_gets_its_keys_and_shows_the_secret_one_once() {
    let settings = Window::with_settings().await;
    let browser = &settings.browser;
    browser.click_label("Sign in with Intercom").await;
    browser.click("input[name=workspace][value=second]").await;
    browser.click_label("Allow").await;
    browser.wait_for_text("Your new secret key").await;
    settings.assert_status("Connected").await;
    settings.look("first-install").await;
    let page = browser.text("main").await;
    assert!(
        page.contains("Second workspace") && page.contains("rk_write_"),
        "{page}"
    );

    browser.run("location.reload()").await;
    browser
        .wait_until("!document.querySelector('.new-key')")
        .await;
    settings.assert_status("Connected").await;
    assert_eq!(browser.run("location.search").await, "");

    browser.click("[data-copy=tag]").await;
    let said = "document.querySelector('[data-copy=tag] ~ [role=status]').innerText !== ''";
    browser.wait_until(said).await;
    browser.wait_for_text("Waiting for the first session").await;
    let tag = browser.text("#tag").await;
    let key = tag.split("data-write-key=\"").nth(1).unwrap();
    let recording = include_str!("../../../infra/local/demo/recordings/bounce.json");
    let lately = Timestamp::now().as_millisecond() / 1_000_000 - 1;
    let recording = recording.replace("\"timestamp\":1795215", &format!("\"timestamp\":{lately}"));
    let chunk = reqwest::Client::new()
        .post(format!(
            "{}/v1/sessions/first/chunks/0",
            settings.bundle.url()
        ))
        .bearer_auth(key.split('"').next().unwrap())
        .body(recording);
    assert_eq!(chunk.send().await.unwrap().status(), 202);
    browser
        .wait_for_text("The first session has arrived. Watch it")
        .await;
    let link = "document.querySelector('#waiting a').getAttribute('href')";
    assert_eq!(browser.run(link).await, "/sessions/first");
    settings.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_who_denies_is_told_what_to_do() {
    let settings = Window::with_settings().await;
    settings.browser.click_label("Sign in with Intercom").await;
    settings.browser.wait_for_text("Deny").await;
    settings.look("authorize").await;
    settings.browser.click_label("Deny").await;
    settings.browser.wait_for_text("Try again").await;
    settings.look("denied").await;
    settings.assert_only_complaint(403).await;
    settings.browser.click_label("Try again").await;
    settings.browser.click_label("Allow").await;
    settings.assert_status("Connected").await;
    settings.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_disconnects_connects_again_and_reconnects() {
    let settings = Window::with_settings().await;
    settings.sign_in().await;
    let browser = &settings.browser;
    browser.click_label("Disconnect …").await;
    settings.look("disconnecting").await;
    browser.click_label("Disconnect this workspace").await;
    settings.assert_status("Disconnected").await;
    settings.look("disconnected").await;
    for button in ["Connect again", "Reconnect"] {
        browser.click_label(button).await;
        browser.click_label("Allow").await;
        settings.assert_status("Connected").await;
    }
    settings.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_replaces_the_secret_key_and_sees_it_once() {
    let settings = Window::with_settings().await;
    settings.sign_in().await;
    let browser = &settings.browser;
    browser
        .click("details:has(input[name=scope][value=secret]) summary")
        .await;
    settings.look("replacing-a-key").await;
    browser
        .click("input[name=scope][value=secret] ~ button, form:has(input[name=scope][value=secret]) button")
        .await;
    browser.wait_for_text("Your new secret key").await;
    settings.look("new-key").await;
    let key = browser.text(".new-key .key").await;
    for key in [&key, "local-secret-key"] {
        let answer = reqwest::Client::new()
            .get(format!("{}/v1/sessions/none", settings.bundle.url()))
            .bearer_auth(key);
        let status = answer.send().await.unwrap().status();
        assert_eq!(status, 404, "the key is known");
    }
    browser.click_label("I have stored it").await;
    browser
        .wait_until("!document.querySelector('.new-key')")
        .await;
    let page = browser.text("main").await;
    assert!(
        !page.contains(&key) && page.contains("stops working on"),
        "{page}"
    );
    settings.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn preferences_are_saved_and_mistakes_are_shown_where_they_are() {
    let settings = Window::with_settings().await;
    settings.sign_in().await;
    let browser = &settings.browser;
    let length = browser.find("#sessions_in_list").await;
    length.clear().await.unwrap();
    length.send_keys("99").await.unwrap();
    browser.click_label("Save preferences").await;
    browser.find("#sessions_in_list[aria-invalid]:focus").await;
    settings.look("mistake").await;
    settings.assert_only_complaint(422).await;

    let length = browser.find("#sessions_in_list").await;
    length.clear().await.unwrap();
    length.send_keys("3").await.unwrap();
    browser.click_label("Save preferences").await;
    browser.wait_for_text("Preferences saved.").await;
    let kept = browser
        .run("document.querySelector('#sessions_in_list').value")
        .await;
    assert_eq!(kept, "3");
    settings.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_these_tests_look_for_they_would_find() {
    let settings = Window::with_settings().await;
    let browser = &settings.browser;
    assert!(grave_findings(browser).await.is_empty());
    let nameless = r#"<button style="color: red"></button>"#;
    let insert = format!("document.body.insertAdjacentHTML('beforeend', '{nameless}')");
    browser.inject(&insert).await;
    let findings = grave_findings(browser).await;
    assert!(
        findings.iter().any(|finding| finding.contains("Buttons")),
        "{findings:#?}"
    );
    let complaints = browser.complaints().await;
    let policy = |complaint: &String| complaint.contains("Content Security Policy");
    assert!(complaints.iter().any(policy), "{complaints:#?}");
    settings.close().await;
}
