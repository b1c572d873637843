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
