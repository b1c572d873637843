//! Preferences are saved, or refused where they are wrong.

use lambda_http::http::StatusCode;
use test_support::QueueName;

use crate::fixture::{Fixture, PAGE};

const GOOD: [(&str, &str); 8] = [
    ("retention_days", "90"),
    ("sessions_in_list", "7"),
    (
        "player_url_template",
        "https://play.example/{session_id}?t={seconds}",
    ),
    ("share_link_days", "30"),
    (
        "allowed_origins",
        "https://shop.example\r\nhttps://www.shop.example/",
    ),
    ("erase_deleted_contacts", "yes"),
    ("load_foreign_media", "yes"),
    ("store_unmasked", "yes"),
];

#[tokio::test]
async fn what_is_saved_is_shown_again_and_holds() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let answer = browser.submit("preferences", &GOOD).await;
    assert_eq!(answer.location, format!("{PAGE}?done=preferences-saved"));

    let asked = fixture.stack.queues.take(QueueName::Erase);
    assert_eq!(asked.len(), 1, "what is older than that goes");
    assert!(asked[0].contains(r#""retention_days":90"#), "{asked:?}");

    let page = browser.get(&answer.location).await.body;
    for text in [
        "Preferences saved.",
        r#"<option value="90" selected>"#,
        r#"value="7""#,
        "https://play.example/{session_id}?t={seconds}",
        r#"<option value="30" selected>30 days"#,
        ">https://shop.example\nhttps://www.shop.example</textarea>",
        r#"name="erase_deleted_contacts" type="checkbox" value="yes" checked"#,
        r#"name="load_foreign_media" type="checkbox" value="yes" checked"#,
        r#"name="store_unmasked" type="checkbox" value="yes" checked"#,
    ] {
        assert!(page.contains(text), "{text}");
    }
    let stored = fixture
        .state
        .store
        .connections()
        .get(&connection.workspace)
        .await;
    let stored = stored.unwrap().unwrap().preferences;
    assert_eq!(stored.retention_days.get(), 90);
    assert_eq!(stored.sessions_in_list.get(), 7);
    assert!(!stored.show_possible_matches, "its box was not sent");
    assert_eq!(stored.share_link_days.get(), 30);
    assert!(stored.erase_deleted_contacts);
    assert!(stored.load_foreign_media);
    assert!(stored.store_unmasked);
    assert!(stored.allowed_origins.allows("https://www.shop.example"));
    assert!(!stored.allowed_origins.allows("https://other.example"));
}

#[tokio::test]
async fn what_is_out_of_bounds_is_said_at_its_field_and_nothing_is_saved() {
    let fixture = Fixture::start().await;
    let connection = fixture.connect("abcd1234", "Acme", "Priya").await;
    let mut browser = fixture.signed_in(&connection).await;
    let before = fixture.rows().await;
    for (field, value, message) in [
        ("retention_days", "31", "Choose one of 30, 90 and 365 days."),
        ("retention_days", "-1", "Choose one of 30, 90 and 365 days."),
        ("sessions_in_list", "0", "Choose a number from 1 to 10."),
        ("sessions_in_list", "11", "Choose a number from 1 to 10."),
        ("sessions_in_list", "", "Choose a number from 1 to 10."),
        (
            "sessions_in_list",
            r#""><b>"#,
            "Choose a number from 1 to 10.",
        ),
        (
            "player_url_template",
            "http://play.example/{session_id}",
            "Enter an address",
        ),
        (
            "player_url_template",
            "javascript:{session_id}",
            "Enter an address",
        ),
        ("share_link_days", "2", "Choose one of 1, 7 and 30 days."),
        (
            "allowed_origins",
            "https://shop.example/cart",
            "Line 1, “https://shop.example/cart”: leave out",
        ),
        (
            "allowed_origins",
            "<b>",
            "Line 1, “&#60;b&#62;”: write it like",
        ),
        (
            "allowed_origins",
            "shop.example",
            "Line 1, “shop.example”: add https",
        ),
        (
            "player_url_template",
            "https://play.example/",
            "Enter an address",
        ),
    ] {
        let mut fields = GOOD;
        fields
            .iter_mut()
            .find(|(name, _)| *name == field)
            .unwrap()
            .1 = value;
        let answer = browser.submit("preferences", &fields).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}={value}"
        );
        let hint = format!(r#"<p class="hint error" id="{field}-hint">{message}"#);
        assert!(
            answer.body.contains(&hint),
            "{field}={value}: {}",
            answer.body
        );
        assert!(answer.body.contains("aria-invalid"), "{field}={value}");
        assert!(!answer.body.contains("<b>"), "{field}={value}");
        let others = GOOD
            .iter()
            .filter(|(name, _)| *name == "sessions_in_list" && field != *name);
        for (_, kept) in others {
            assert!(
                answer.body.contains(&format!(r#"value="{kept}""#)),
                "{field}={value}"
            );
        }
    }
    assert_eq!(fixture.rows().await, before);
}
