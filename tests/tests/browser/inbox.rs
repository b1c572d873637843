//! The pretend Inbox in a real browser: what a teammate does, from the conversation to the recording.

use crate::window::Window;

/// Ada has thirteen sessions, the latest right before the conversation.
const ADA: &str = r#"[data-conversation="21546802"]"#;

/// Sessions in the panel's list.
const ITEMS: &str = "#app .component-list .item";

/// A bundle with the demo, and a window with its Inbox.
async fn open(width: u32, height: u32) -> Window {
    let window = Window::open("1", width, height).await;
    window.go("").await;
    window
}

#[tokio::test(flavor = "multi_thread")]
async fn a_teammate_sees_the_sessions_opens_one_goes_back_and_sees_more() {
    let inbox = open(1440, 900).await;
    let browser = &inbox.browser;

    browser.click(ADA).await;
    browser.wait_for_app("Before this conversation").await;
    let first_view = browser.count(ITEMS).await;
    assert!(first_view >= 2, "{first_view} sessions");
    let height = browser
        .run("document.querySelector('#app .canvas').offsetHeight")
        .await;
    assert!(
        height.as_f64().unwrap() <= 400.0,
        "the first canvas is {height} px high"
    );

    browser.click(ITEMS).await;
    browser.wait_for_app("View session").await;
    let details = browser.text("#app").await;
    assert!(
        details.contains("Rage click on \"Add to wishlist\""),
        "{details}"
    );

    browser.click_in_app("Back").await;
    browser.wait_for_app("Before this conversation").await;
    assert_eq!(browser.count(ITEMS).await, first_view);

    browser.click_in_app("Show more").await;
    browser
        .wait_until("!document.querySelector('#app').innerText.includes('Watch')")
        .await;
    browser.click_in_app("Back").await;
    browser.wait_for_app("Before this conversation").await;

    inbox.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_conversation_has_a_canvas_that_intercom_would_draw() {
    let inbox = open(1440, 900).await;
    let browser = &inbox.browser;
    browser.find(".row").await;
    let conversations = browser
        .run("[...document.querySelectorAll('.row')].map((row) => row.dataset.conversation)")
        .await;
    let conversations = conversations.as_array().unwrap();
    assert_eq!(conversations.len(), 6);
    for conversation in conversations {
        browser
            .click(&format!("[data-conversation={conversation}]"))
            .await;
        browser.find("#app:not([aria-busy]) .canvas").await;
        let text = browser.text("#app").await;
        assert!(
            !text.is_empty() && !text.contains("Something went wrong"),
            "{conversation}: {text}"
        );
    }
    inbox.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_narrow_window_leads_from_the_list_to_the_panel_and_back() {
    let inbox = open(500, 900).await;
    let browser = &inbox.browser;

    browser.click(ADA).await;
    browser.click("#show-details").await;
    browser.wait_for_app("Before this conversation").await;
    browser.click(ITEMS).await;
    browser.click_in_app("Back").await;
    browser.wait_for_app("Before this conversation").await;

    browser.click("#show-conversation").await;
    browser.click("#show-list").await;
    assert!(browser.find(ADA).await.is_displayed().await.unwrap());
    let overflow = browser
        .run("document.documentElement.scrollWidth > window.innerWidth")
        .await;
    assert_eq!(overflow, false, "the page scrolls sideways");
    inbox.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_testing_their_recorder_writes_as_whom_it_identified() {
    let inbox = open(1440, 900).await;
    let browser = &inbox.browser;

    browser.click("#start summary").await;
    let value = browser.find("#start-value").await;
    value.send_keys("nobody").await.unwrap();
    browser.click("#start .send").await;
    browser
        .wait_until("document.querySelector('#start output').value.includes('e-mail')")
        .await;
    value.clear().await.unwrap();
    value.send_keys("Oskar.Lind@example.org").await.unwrap();
    browser.click("#start .send").await;

    // Once the notification has been worked on, by the contact it tells of as well.
    browser
        .wait_until("document.querySelectorAll('.row').length === 7")
        .await;
    browser.wait_for_app("Watch").await;
    assert!(browser.count(ITEMS).await > 0, "Oskar's sessions");
    inbox.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymous_visitor_becomes_known_while_a_teammate_watches() {
    let inbox = open(1440, 900).await;
    let browser = &inbox.browser;

    // Nobody has recorded this browser: the panel fills once the lead turns out to be somebody.
    browser.click("#start summary").await;
    browser.click("#start-kind option[value=visitor_id]").await;
    for (field, text) in [
        ("#start-value", "nobody-has-seen-me"),
        ("#start-page", "https://shop.example/cart"),
    ] {
        browser.find(field).await.send_keys(text).await.unwrap();
    }
    browser.click("#start .send").await;
    browser
        .wait_for_text("conversation.user.created: answered 200")
        .await;
    browser.wait_for_app("No sessions found").await;

    browser.click_label("Merge into …").await;
    browser.click("#actions option[value='66f1c0de2']").await;
    browser.click("#actions .send").await;
    browser.wait_for_text("contact.merged: answered 200").await;
    browser.wait_for_app("Watch").await;
    let name = browser.text("#conversation-name").await;
    assert_eq!(name, "Ada Whitfield");
    assert!(browser.count(ITEMS).await > 0, "Ada's sessions");

    browser.click_label("Archive").await;
    browser.wait_for_app("archived").await;
    browser.click_label("Unarchive").await;
    browser.wait_for_app("Watch").await;
    browser.click_label("Delete").await;
    browser.wait_for_text("User, deleted").await;
    assert_eq!(browser.count("#actions button").await, 0);
    inbox.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gallery_draws_every_component_and_refuses_what_intercom_refuses() {
    let inbox = open(1440, 900).await;
    let browser = &inbox.browser;
    browser
        .open(&format!("{}/gallery", inbox.bundle.url()))
        .await;
    browser.find("#gallery .card").await;
    for component in [
        "text",
        "image",
        "divider",
        "spacer",
        "data-table",
        "list",
        "button",
        "input",
        "textarea",
        "dropdown",
        "single-select",
        "checkbox",
    ] {
        assert!(
            browser
                .count(&format!("#gallery .component-{component}"))
                .await
                > 0,
            "{component}"
        );
    }
    assert_eq!(
        browser.count("#gallery .failure").await,
        1,
        "only the sheet is refused"
    );
    assert_eq!(
        browser
            .count("#gallery a[href^='javascript'], #gallery b")
            .await,
        0
    );
    assert_eq!(
        browser
            .count("#gallery a:not([rel='noopener noreferrer'])")
            .await,
        0
    );

    browser.click("[data-component-id='send-checkbox']").await;
    let submitted = browser.text("#last-submit").await;
    let expected = serde_json::json!({ "component_id": "send-checkbox", "input_values": { "many": ["errors"] } });
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&submitted).unwrap(),
        expected
    );
    inbox.close().await;
}
