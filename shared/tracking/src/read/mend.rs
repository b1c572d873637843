//! Text that is not quite JSON, as real clients write it, made JSON.
//!
//! | what | who writes it | what becomes of it |
//! |---|---|---|
//! | `NaN`, `Infinity`, `-Infinity` | every Python client | `null` |
//! | `\ud83c` without its other half | a client that cuts a text within an emoji | U+FFFD |
//! | a control character in a text | programs that put JSON together by hand | its escape |
//! | an escape that JSON does not know | the same | the characters as they stand |
//!
//! Bytes that are no UTF-8 have become U+FFFD before.

/// The text with all that mended. Whatever else is wrong with it stays so.
pub(super) fn mend(text: &str) -> String {
    let mut mended = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(['"', 'N', 'I', '-']) {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let word = ["NaN", "Infinity", "-Infinity", "-NaN"]
            .into_iter()
            .find(|word| rest.starts_with(word));
        if let Some(word) = word {
            mended.push_str("null");
            rest = &rest[word.len()..];
        } else if let Some(inside) = rest.strip_prefix('"') {
            mended.push('"');
            rest = string(inside, &mut mended);
        } else {
            // N, I and - are one byte each.
            mended.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    mended.push_str(rest);
    mended
}

/// Mends a string up to its closing quote; what comes after that.
fn string<'a>(inside: &'a str, mended: &mut String) -> &'a str {
    let mut rest = inside;
    loop {
        let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') else {
            mended.push_str(rest);
            return "";
        };
        mended.push_str(&rest[..at]);
        let special = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        match special {
            b'"' => {
                mended.push('"');
                return rest;
            }
            b'\\' => rest = escape(rest, mended),
            control => mended.push_str(&format!("\\u{control:04x}")),
        }
    }
}

/// Mends an escape, whose backslash is behind us; what comes after it.
fn escape<'a>(rest: &'a str, mended: &mut String) -> &'a str {
    match rest.as_bytes().first() {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
            mended.push('\\');
            mended.push_str(&rest[..1]);
            &rest[1..]
        }
        Some(b'u') => match unit(rest) {
            Some(0xD800..=0xDBFF) if matches!(low_half(&rest[5..]), Some(0xDC00..=0xDFFF)) => {
                mended.push('\\');
                mended.push_str(&rest[..11]);
                &rest[11..]
            }
            Some(0xD800..=0xDFFF) => {
                mended.push('\u{FFFD}');
                &rest[5..]
            }
            Some(_) => {
                mended.push('\\');
                mended.push_str(&rest[..5]);
                &rest[5..]
            }
            None => literal(rest, mended),
        },
        _ => literal(rest, mended),
    }
}

/// A backslash that escapes nothing stands for itself.
fn literal<'a>(rest: &'a str, mended: &mut String) -> &'a str {
    mended.push_str("\\\\");
    rest
}

/// The code unit of `u` and four hexadecimal digits.
fn unit(text: &str) -> Option<u32> {
    let digits = text.get(1..5)?;
    let all = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if all {
        u32::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

/// The same behind a backslash.
fn low_half(text: &str) -> Option<u32> {
    let escaped = text.strip_prefix('\\')?;
    escaped.starts_with('u').then(|| unit(escaped)).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    #[test]
    fn what_clients_write_becomes_json() {
        for (written, expected) in [
            (
                r#"{"a":NaN,"b":-Infinity,"c":Infinity}"#,
                r#"{"a":null,"b":null,"c":null}"#,
            ),
            (
                r#"["NaN","-Infinity \" NaN"]"#,
                r#"["NaN","-Infinity \" NaN"]"#,
            ),
            (r#"["\ud83c"]"#, "[\"\u{FFFD}\"]"),
            (r#"["\ud83c\ud83c\udf3b"]"#, "[\"\u{FFFD}\\ud83c\\udf3b\"]"),
            (r#"["\udf3b\ud83cx"]"#, "[\"\u{FFFD}\u{FFFD}x\"]"),
            ("[\"a\nb\u{1}\"]", r#"["a\u000ab\u0001"]"#),
            (r#"["C:\windows","\u12"]"#, r#"["C:\\windows","\\u12"]"#),
        ] {
            let mended = mend(written);
            assert_eq!(mended, expected);
            assert!(serde_json::from_str::<Value>(&mended).is_ok(), "{mended}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in r#"(\PC|[\x00-\x1f"\\u0-9a-fdD8INf-]){0,60}"#) {
            mend(&text);
        }

        #[test]
        fn what_is_json_stays_as_it_is(texts in prop::collection::vec(".*", 0..4), number: f64) {
            let value = serde_json::json!({ "texts": texts, "number": number, "n": -1 });
            let written = value.to_string();
            prop_assert_eq!(mend(&written), written);
        }
    }
}
