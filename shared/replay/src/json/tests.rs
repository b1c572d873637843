//! The cursor held against `serde_json`.

use proptest::prelude::*;

use super::*;

fn accepts(text: &str) -> bool {
    let mut cursor = Cursor::new(text);
    cursor.skip().is_ok() && cursor.is_at_end()
}

fn serde_accepts(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

#[test]
fn accepts_what_serde_json_accepts_and_nothing_else() {
    for text in [
        "",
        " ",
        "0",
        "-0",
        "00",
        "01",
        "-",
        "1.",
        ".5",
        "1.5e",
        "1e+9",
        "1E-9",
        "tru",
        "true",
        "nul",
        "\"",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\u{1}\"",
        "[",
        "[]",
        "[,]",
        "[1,]",
        "[1 2]",
        "{",
        "{}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "[] []",
        "\u{7f}",
        " { \"a\" : [ 1 , { } , null ] } ",
        "\"héllo \\ud83d\\ude00\"",
        "12345678\"",
    ] {
        assert_eq!(accepts(text), serde_accepts(text), "{text:?}");
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(accepts(&deep(usize::from(MAX_DEPTH))));
    assert!(!accepts(&deep(usize::from(MAX_DEPTH) + 1)));
}

#[test]
fn a_lone_surrogate_is_replaced() {
    let mut cursor = Cursor::new(r#""a\ud800b\ud83d\ude00\ud800\u0041""#);
    assert_eq!(
        cursor.string().unwrap().decode(),
        "a\u{FFFD}b\u{1F600}\u{FFFD}A"
    );
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_json_like_text(
        text in r#"[\[\]{}",:0-9eE+.tfn\\ uabrlse-]{0,24}"#
    ) {
        prop_assert_eq!(accepts(&text), serde_accepts(&text));
    }

    #[test]
    fn reads_every_string_as_serde_json_does(text in any::<String>()) {
        let json = serde_json::to_string(&text).unwrap();
        let mut cursor = Cursor::new(&json);
        prop_assert_eq!(cursor.string().unwrap().decode(), text.as_str());
        prop_assert!(cursor.is_at_end());
    }

    #[test]
    fn reads_every_number_as_it_was_written(number in any::<f64>(), integer in any::<i64>()) {
        for number in [number, integer as f64] {
            let json = serde_json::to_string(&number).unwrap();
            prop_assert_eq!(Cursor::new(&json).number_if_any().unwrap(), Some(number));
        }
    }
}
