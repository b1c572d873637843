//! What recorders add to rrweb, each in its own way: console lines, requests, custom events.
//!
//! Their fields are everybody's own, so they are known by their names: headers and bodies are emptied, what
//! holds the content of elements becomes stars, addresses lose their queries, and every other text what looks
//! personal or secret.

use super::address;
use super::edits::Edits;
use crate::error::Fault;
use crate::json::{Cursor, Kind};
use crate::privacy;

/// What was sent and answered, and with which headers.
const EMPTIED: [&str; 12] = [
    "body",
    "bodies",
    "requestBody",
    "responseBody",
    "requestHeaders",
    "responseHeaders",
    "headers",
    "cookie",
    "cookies",
    "postData",
    "formData",
    "queryString",
];
/// What stands in an element, or in a field.
const CONTENT: [&str; 7] = [
    "value",
    "inputValue",
    "clickTextContent",
    "textContent",
    "innerText",
    "innerHTML",
    "outerHTML",
];
/// Addresses of pages.
const PAGES: [&str; 5] = ["href", "$current_url", "to", "from", "currentUrl"];
/// The calls that led to a line of the console.
const CALLS: &str = "trace";

/// Reads the `data` of such an event.
pub(super) fn clean(cursor: &mut Cursor<'_>, edits: &mut Edits) -> Result<(), Fault> {
    if cursor.kind()? != Kind::Object {
        return value(cursor, "", edits);
    }
    cursor.object(|cursor, name| match name {
        // What it is: `rrweb/network@1.mp` is no address.
        "plugin" | "tag" => cursor.skip(),
        name => value(cursor, name, edits),
    })
}

fn value(cursor: &mut Cursor<'_>, name: &str, edits: &mut Edits) -> Result<(), Fault> {
    let is_one_of = |names: &[&str]| names.iter().any(|one| one.eq_ignore_ascii_case(name));
    match cursor.kind()? {
        Kind::Object if is_one_of(&EMPTIED) => edits.by(cursor, "{}"),
        Kind::Array if is_one_of(&EMPTIED) => edits.by(cursor, "[]"),
        Kind::String if is_one_of(&EMPTIED) => edits.by(cursor, "\"\""),
        Kind::Object => cursor.object(|cursor, name| value(cursor, name, edits)),
        Kind::Array => cursor.array(|cursor| value(cursor, name, edits)),
        Kind::String if is_one_of(&CONTENT) => edits.typed(cursor),
        Kind::String if is_one_of(&PAGES) => edits.string(cursor, address::clean),
        Kind::String if name == CALLS => edits.string(cursor, call),
        Kind::String => edits.string(cursor, text),
        Kind::Number | Kind::Bool | Kind::Null => cursor.skip(),
    }
}

/// A text that may be an address.
fn text(text: &str) -> Option<String> {
    let is_one_word = !text.contains(char::is_whitespace);
    let is_address = text.contains("://") && !text.starts_with(['"', '{', '[']);
    if is_one_word && (is_address || text.starts_with('/')) {
        return address::clean_request(text);
    }
    privacy::without_secrets(text)
}

/// A call of a stack: its address loses its query, and not the line and column that stand behind that.
fn call(call: &str) -> Option<String> {
    let mut address = call.strip_suffix(')').unwrap_or(call);
    for _ in 0..2 {
        if let Some((rest, number)) = address.rsplit_once(':')
            && (1..=LONGEST_PLACE).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            address = rest;
        }
    }
    let (address, place) = call.split_at(address.len());
    Some(text(address)? + place)
}

/// Most digits of a line or a column: longer numbers are something else.
const LONGEST_PLACE: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_keeps_its_place_and_loses_its_query() {
        for (given, kept) in [
            (
                "buy (https://shop.example/app.js?v=17:30:2)",
                Some("buy (https://shop.example/app.js:30:2)"),
            ),
            ("buy (https://shop.example/app.js:30:2)", None),
            ("https://shop.example/app.js:30:2", None),
            ("[native code]", None),
            ("", None),
            (":", None),
        ] {
            assert_eq!(call(given).as_deref(), kept, "{given}");
        }
        let bare = call("https://shop.example/app.js?key=secret-771:30:2").unwrap();
        assert!(
            bare.ends_with(":30:2") && !bare.contains("secret"),
            "{bare}"
        );
        assert_eq!(call(&bare), None, "once is enough: {bare}");
        let number = call("https://shop.example/?4111111111111111:1").unwrap();
        assert!(!number.contains("4111"), "{number}");
    }
}
