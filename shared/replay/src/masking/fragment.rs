//! Half an event: a recorder cut it, and its other half is in another chunk. It cannot be read, so what was
//! typed is found by the keys that stand before texts, and by the text in which the cut may be.

use super::stars;
use crate::recorders::fragments::Fragment;

/// What stands before a text that somebody may have typed.
const TYPED: [&str; 3] = ["value", "text", "inputValue"];
/// A text that was cut is masked up to this length, bytes, if it is no style: what is longer is a style, too,
/// or a picture.
const LONGEST_TYPED: usize = 10_000;
/// Bytes of the longest escape in a text.
const LONGEST_ESCAPE: usize = 5;

/// The event that keeps the fragment masked, if that differs.
pub(super) fn masked(fragment: Fragment) -> Option<String> {
    let text = mask(&fragment.text, fragment.number == 1);
    let masked = (text != fragment.text).then_some(Fragment { text, ..fragment });
    masked.and_then(|fragment| fragment.keep())
}

fn mask(text: &str, is_first: bool) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    let mut key = "";
    if !is_first && begins_between_texts(text) {
        // The key of a text that comes first is in the fragment before.
        key = match text.trim_start_matches([':', ' ']).starts_with('"') {
            true => TYPED[0],
            false => key,
        };
    } else if !is_first {
        let Some(end) = end_of_tail(rest) else {
            return String::new(); // Nobody can say what it is.
        };
        let (tail, after) = rest.split_at(end);
        rest = after;
        if is_key_before(after) {
            let whole = TYPED.iter().find(|typed| typed.ends_with(tail));
            key = whole.copied().unwrap_or_default();
            masked.push_str(tail);
        } else {
            masked.push_str(&masked_tail(tail));
        }
        take_quote(&mut rest, &mut masked);
    }
    while let Some(start) = rest.find('"') {
        let (before, text) = rest.split_at(start + 1);
        masked.push_str(before);
        let (content, after) = text.split_at(end_of_text(text));
        rest = after;
        let is_key = is_key_before(after);
        match stars::typed(content).filter(|_| !is_key && TYPED.contains(&key)) {
            Some(stars) => masked.push_str(&stars),
            None => masked.push_str(content),
        }
        key = if is_key { content } else { "" };
        take_quote(&mut rest, &mut masked);
    }
    masked.push_str(rest);
    masked
}

/// Whether the text that ends here is a key.
fn is_key_before(after: &str) -> bool {
    let after = after.strip_prefix('"').unwrap_or_default();
    after.trim_start().starts_with(':')
}

fn take_quote(rest: &mut &str, masked: &mut String) {
    if let Some(after) = rest.strip_prefix('"') {
        masked.push('"');
        *rest = after;
    }
}

/// Where the text ends that goes on here: at its quote, or with the fragment.
fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
}

/// Where the text ends in which the fragment begins. Its first character may be what was escaped.
fn end_of_tail(text: &str) -> Option<usize> {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let ends = [0, first].map(|from| from + text.get(from..).map_or(0, end_of_text));
    let is_end = |end: &usize| text.get(end + 1..).is_none_or(begins_between_texts);
    ends.into_iter().find(is_end)
}

/// Whether the fragment begins between texts: then nothing but JSON's own signs and words stands there.
fn begins_between_texts(text: &str) -> bool {
    if text.starts_with("\":") {
        return false; // A key ends here.
    }
    let mut rest = text;
    loop {
        let between = rest.find('"').unwrap_or(rest.len());
        let signs = rest.get(..between).unwrap_or_default();
        if !signs
            .bytes()
            .all(|byte| b"{}[],:-+.0123456789eEtrufalsn \t\r\n".contains(&byte))
        {
            return false;
        }
        let Some(text) = rest.get(between + 1..) else {
            return true;
        };
        rest = text.get(end_of_text(text) + 1..).unwrap_or_default();
    }
}

/// The end of a text of which nobody knows whose it is. It may begin within an escape: a `b` goes on with
/// any.
fn masked_tail(tail: &str) -> String {
    if tail.contains('{') || tail.len() > LONGEST_TYPED || stars::typed(tail).is_none() {
        return tail.to_owned();
    }
    let length = tail.chars().count();
    let begun = length.min(LONGEST_ESCAPE);
    ["b".repeat(begun), "*".repeat(length - begun)].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    const SECRET: &str = "kestrel-9471 \"\u{e9}\\";

    /// Events in which something was typed, as a recorder writes them that escapes or does not.
    fn written() -> [String; 2] {
        let input = json!({"type": 2, "tagName": "input", "attributes": {"value": SECRET, "id": "7"}, "id": 7});
        let style = json!({"type": 2, "tagName": "style", "attributes": {"_cssText": "p { margin: 0 }"}, "id": 8});
        let plain = json!([
            {"type": 2, "data": {"node": {"type": 0, "childNodes": [input, style], "id": 1}}, "timestamp": 5},
            {"type": 3, "data": {"source": 5, "text": SECRET, "isChecked": false, "id": 7}, "timestamp": 6},
        ])
        .to_string();
        let escaped = plain.replace('\u{e9}', "\\u00e9");
        [plain, escaped]
    }

    #[test]
    fn wherever_an_event_is_cut_it_is_read_again_and_nothing_that_was_typed_stands_in_it() {
        for text in written() {
            let places = (1..text.len()).filter(|place| text.is_char_boundary(*place));
            for place in places {
                let (begun, ended) = text.split_at(place);
                let halves = [mask(begun, true), mask(ended, false)];
                let whole: Result<Value, _> = serde_json::from_str(&halves.concat());
                // An escaped quote may be cut from what escapes it; such an event is left out.
                assert!(whole.is_ok() || ended.starts_with('"'), "{halves:?}");
                for half in &halves {
                    assert!(!half.contains("kestr") && !half.contains("9471"), "{half}");
                    assert_eq!(mask(half, std::ptr::eq(half, &halves[0])), *half);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_masked_without_a_panic(text in any::<String>(), is_first in any::<bool>()) {
            let once = mask(&text, is_first);
            prop_assert!(once.len() <= 4 * text.len() + 8);
        }
    }
}
