//! Every component as JSON, and the law: what can be built, Intercom draws.

use std::num::NonZeroU16;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::contract::violations;
use super::*;
use crate::HttpsUrl;

fn url() -> HttpsUrl {
    HttpsUrl::parse("https://app.example.com/sessions/1?t=3").unwrap()
}

fn pixels(pixels: u16) -> NonZeroU16 {
    NonZeroU16::new(pixels).unwrap()
}

fn json_of(canvas: &Canvas) -> Value {
    serde_json::from_str(canvas.as_json()).unwrap()
}

fn options(ids: &[&str]) -> Vec<Choice> {
    ids.iter()
        .map(|id| Choice::new(*id, format!("Option {id}")))
        .collect()
}

#[test]
fn every_component_with_nothing_but_what_it_needs() {
    let canvas = Canvas::new([
        Text::paragraph("Hello").into(),
        Image::new(url(), pixels(40), pixels(30)).into(),
        Divider::new().into(),
        Spacer::default().into(),
        DataTable::new([FieldValue::new("Clicks", "27")])
            .unwrap()
            .into(),
        List::new([ListItem::new("item", "Title")]).unwrap().into(),
        Button::new(ButtonStyle::Primary, "button", "Go", Action::Submit).into(),
        Input::new("input").into(),
        Textarea::new("textarea").into(),
        Dropdown::new("dropdown", "One of", options(&["a", "b"]))
            .unwrap()
            .into(),
        SingleSelect::new("select", "One of", options(&["c", "d"]))
            .unwrap()
            .into(),
        Checkbox::new("checkbox", "Any of", options(&["e"]))
            .unwrap()
            .into(),
    ]);
    let json = json_of(&canvas.unwrap());
    assert_eq!(violations(&json), Vec::<String>::new());
    insta::assert_json_snapshot!(json);
}

#[test]
fn every_component_with_everything_it_can_have() {
    let rich = Markdown::new()
        .plain("Live on ")
        .bold("Cart")
        .plain(": ")
        .link("watch", &url());
    let item = ListItem::new("item", "Title")
        .subtitle("Subtitle")
        .tertiary_text("Tertiary");
    let dropdown = Dropdown::new("dropdown", "One of", options(&["a", "b"])).unwrap();
    let select = SingleSelect::new("select", "One of", options(&["c", "d"])).unwrap();
    let boxes = vec![
        Choice::new("e", "Option e"),
        Choice::new("f", "Option f").disabled(),
    ];
    let canvas = Canvas::with_stored_data(
        [
            Text::header(rich)
                .with_id("text")
                .aligned(Align::Center)
                .without_margin()
                .into(),
            Text::muted("Muted").aligned(Align::Right).into(),
            Text::new(TextStyle::Error, "Wrong").into(),
            Image::new(url(), pixels(40), pixels(30))
                .with_id("image")
                .aligned(ImageAlign::FullWidth)
                .rounded()
                .without_margin()
                .linked_to(url())
                .into(),
            Divider::new().with_id("divider").without_margin().into(),
            Spacer::new(SpacerSize::ExtraLarge).with_id("spacer").into(),
            DataTable::new([
                FieldValue::new("Clicks", "27"),
                FieldValue::new("Scrolls", "2"),
            ])
            .unwrap()
            .into(),
            List::new([
                item.image(url(), pixels(20), pixels(20), Corners::Rounded)
                    .on_click(url())
                    .disabled(),
                ListItem::new("item 2", "Title").on_click(Action::Submit),
            ])
            .unwrap()
            .disabled()
            .into(),
            Button::new(ButtonStyle::Secondary, "button", "Go", Action::Submit)
                .disabled()
                .into(),
            Button::link("link", "Open", url()).into(),
            Input::new("input")
                .label("Link")
                .placeholder("https://…")
                .value("https://example.com")
                .save_state(SaveState::Failed)
                .disabled()
                .on_click(Action::Submit)
                .into(),
            Textarea::new("textarea")
                .label("Note")
                .placeholder("Say")
                .value("two\nlines")
                .with_error()
                .disabled()
                .into(),
            dropdown
                .chosen("a")
                .unwrap()
                .save_state(SaveState::Saved)
                .disabled()
                .into(),
            select
                .chosen("d")
                .unwrap()
                .save_state(SaveState::Failed)
                .disabled()
                .on_click(Action::Submit)
                .into(),
            Checkbox::new("checkbox", "Any of", boxes)
                .unwrap()
                .ticked("e")
                .unwrap()
                .save_state(SaveState::Saved)
                .disabled()
                .into(),
        ],
        &json!({ "trail": ["1:a"] }),
    );
    let json = json_of(&canvas.unwrap());
    assert_eq!(violations(&json), Vec::<String>::new());
    insta::assert_json_snapshot!(json);
}

#[test]
fn what_intercom_would_not_draw_cannot_be_built() {
    let button = |id: &str| Component::from(Button::link(id, "Go", Action::Submit));
    let twice = Err(CanvasError::DuplicateId("a".into()));
    assert_eq!(Canvas::new([button("a"), button("a")]), twice);
    let list = List::new([ListItem::new("a", "Title")]).unwrap();
    assert_eq!(Canvas::new([button("a"), list.into()]), twice);
    let dropdown = Dropdown::new("b", "One of", options(&["a", "c"])).unwrap();
    assert_eq!(Canvas::new([button("a"), dropdown.into()]), twice);
    assert_eq!(Canvas::new([button("")]), Err(CanvasError::Empty("an id")));
    assert_eq!(Canvas::new([]), Err(CanvasError::Empty("the canvas")));
    assert_eq!(List::new([]), Err(CanvasError::Empty("a list")));
    assert_eq!(DataTable::new([]), Err(CanvasError::Empty("a data table")));
    assert_eq!(
        Canvas::with_stored_data([button("a")], &["no object"]),
        Err(CanvasError::StoredData)
    );
    let long = "x".repeat(Line::MAX_CHARS);
    let texts = (0..40).map(|_| Text::paragraph(long.as_str()).into());
    assert!(matches!(
        Canvas::new(texts),
        Err(CanvasError::TooLarge { bytes: 64_001.. })
    ));
}

#[test]
fn choices_have_as_many_options_as_intercom_draws() {
    let many: Vec<String> = (0..12).map(|n| n.to_string()).collect();
    for count in 0..=12 {
        let ids: Vec<&str> = many[..count].iter().map(String::as_str).collect();
        let one_of = (2..=10).contains(&count);
        assert_eq!(
            Dropdown::new("x", "One of", options(&ids)).is_ok(),
            one_of,
            "{count}"
        );
        assert_eq!(
            SingleSelect::new("x", "One of", options(&ids)).is_ok(),
            one_of,
            "{count}"
        );
        assert_eq!(
            Checkbox::new("x", "Any of", options(&ids)).is_ok(),
            count > 0,
            "{count}"
        );
    }
    let unknown = Err(CanvasError::UnknownOption("z".into()));
    assert_eq!(
        Dropdown::new("x", "One of", options(&["a", "b"]))
            .unwrap()
            .chosen("z"),
        unknown
    );
}

#[test]
fn the_last_resort_is_a_canvas_too() {
    let json = json_of(&Canvas::sentence("Something failed on our side."));
    assert_eq!(violations(&json), Vec::<String>::new());
}

#[test]
fn the_checker_sees_what_the_types_rule_out() {
    let cases = [
        json!({ "type": "sheet" }),
        json!({ "type": "text" }),
        json!({ "type": "text", "text": "two\nlines" }),
        json!({ "type": "text", "text": "x", "style": "loud" }),
        json!({ "type": "image", "url": "https://example.com", "width": 1 }),
        json!({ "type": "image", "url": "http://example.com", "width": 1, "height": 1 }),
        json!({ "type": "button", "id": "b", "label": "x", "action": { "type": "sheet", "url": "https://example.com" } }),
        json!({ "type": "list", "items": [{ "type": "item", "id": "i", "title": "x", "image": "https://example.com" }] }),
        json!({ "type": "dropdown", "id": "d", "options": [{ "type": "option", "id": "o", "text": "x" }] }),
        json!({ "type": "checkbox", "id": "c", "label": "x", "option": [] }),
        json!({ "type": "textarea", "id": "t", "save_state": "saved" }),
        json!({ "type": "data-table", "items": [{ "type": "field-value", "field": "x" }] }),
    ];
    for component in cases {
        let answer = json!({ "canvas": { "content": { "components": [component] } } });
        assert!(!violations(&answer).is_empty(), "{component}");
    }
    let same = json!({ "type": "divider", "id": "same" });
    let answer = json!({ "canvas": { "content": { "components": [same, same] } } });
    assert_eq!(violations(&answer).len(), 1);
}

/// Texts as recorded sites write them: markup, controls, nothing at all, far too long.
fn foreign() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "(\\[x\\]\\(https://evil.example\\)|\\*\\*|[ \n\u{202E}\\\\`<>a-z]){0,40}",
        Just(String::new()),
        Just("é".repeat(3_000)),
    ]
}

fn component() -> impl Strategy<Value = Component> {
    let id = "[a-z]{0,2}";
    let choices = || {
        prop::collection::vec(
            ("[a-z]{1,3}", foreign()).prop_map(|(id, text)| Choice::new(id, text)),
            2..5,
        )
    };
    prop_oneof![
        foreign().prop_map(|text| Text::paragraph(text).into()),
        (foreign(), foreign())
            .prop_map(|(a, b)| Text::muted(Markdown::from(a).bold(&b).link(&b, &url())).into()),
        (1u16.., 1u16..).prop_map(|(w, h)| Image::new(url(), pixels(w), pixels(h)).into()),
        (foreign(), foreign()).prop_map(|(field, value)| DataTable::new([FieldValue::new(
            field, value
        )])
        .unwrap()
        .into()),
        (id, foreign(), foreign()).prop_map(|(id, title, more)| {
            let item = ListItem::new(id, title)
                .subtitle(more.as_str())
                .tertiary_text(more);
            List::new([item.on_click(url())]).unwrap().into()
        }),
        (id, foreign()).prop_map(|(id, label)| Button::link(id, label, Action::Submit).into()),
        (id, foreign())
            .prop_map(|(id, value)| Input::new(id).label(value.as_str()).value(value).into()),
        (id, foreign()).prop_map(|(id, value)| Textarea::new(id).value(value).into()),
        (id, foreign(), choices())
            .prop_map(|(id, label, c)| Dropdown::new(id, label, c).unwrap().into()),
        (id, foreign(), choices())
            .prop_map(|(id, label, c)| SingleSelect::new(id, label, c).unwrap().into()),
        (id, foreign(), choices())
            .prop_map(|(id, label, c)| Checkbox::new(id, label, c).unwrap().into()),
    ]
}

proptest! {
    #[test]
    fn whatever_can_be_built_intercom_draws(components in prop::collection::vec(component(), 0..8)) {
        if let Ok(canvas) = Canvas::new(components) {
            let json = json_of(&canvas);
            prop_assert_eq!(violations(&json), Vec::<String>::new());
        }
    }

    #[test]
    fn foreign_text_never_becomes_markup(text in foreign()) {
        let canvas = Canvas::new([Text::paragraph(text).into()]).unwrap();
        let drawn = json_of(&canvas)["canvas"]["content"]["components"][0]["text"].to_string();
        prop_assert!(!drawn.contains("](") && !drawn.contains("**"), "{drawn}");
    }
}
