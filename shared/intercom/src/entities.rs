//! HTML entities in names and addresses, as Intercom encodes them: its documentation of the REST API names
//! these, under "encoding".

use std::borrow::Cow;

/// The entities with a name that Intercom uses. HTML has some two thousand more, whose table would be a third
/// of what the loader of a small function has to read.
const NAMED: [(&str, char); 5] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
];

/// Longest reference between `&` and `;`: `#x10ffff`.
const LONGEST: usize = 8;

/// The text without entities: named ones as above, and characters by number. What is none stays as it is.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let reference = after.split_once(';');
        let reference = reference.filter(|(name, _)| name.len() <= LONGEST);
        match reference.and_then(|(name, after)| Some((character(name)?, after))) {
            Some((character, after)) => {
                decoded.push(character);
                rest = after;
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    decoded.push_str(rest);
    decoded.into()
}

fn character(name: &str) -> Option<char> {
    let Some(number) = name.strip_prefix('#') else {
        let mut named = NAMED.iter();
        return named.find(|(known, _)| *known == name).map(|(_, it)| *it);
    };
    let is_plain = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(Some(digits).filter(|it| is_plain(it))?, 16),
        None => Some(number).filter(|it| is_plain(it))?.parse(),
    };
    char::from_u32(code.ok()?).filter(|it| *it != '\0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_intercom_encodes_is_decoded_once() {
        for (text, decoded) in [
            ("o&#39;hara&amp;co@b.c", "o'hara&co@b.c"),
            ("&lt;A &quot;B&quot;&gt;", "<A \"B\">"),
            ("&amp;lt;", "&lt;"),
            ("&apos;&#x27;&#X27;&#233;&#x1F600;", "'''é😀"),
            ("", ""),
            ("plain", "plain"),
        ] {
            assert_eq!(decode(text), decoded, "{text}");
        }
    }

    #[test]
    fn what_is_no_entity_stays() {
        for text in [
            "&",
            "a & b",
            "&;",
            "&#;",
            "&#x;",
            "&#+39;",
            "&#0;",
            "&#xd800;",
            "&#x110000;",
            "&nothing;",
            "&amp",
            "AT&T;",
            "&#99999999999;",
            "&&&",
        ] {
            assert_eq!(decode(text), text);
        }
        assert_eq!(decode("&&amp;"), "&&");
    }

    proptest! {
        #[test]
        fn whatever_is_encoded_comes_back(text in any::<String>()) {
            let mut encoded = text.clone();
            for (name, character) in NAMED {
                encoded = encoded.replace(character, &format!("&{name};"));
            }
            prop_assert_eq!(decode(&encoded), text);
        }

        #[test]
        fn nothing_panics(text in "[&#xX;a-f0-9é]{0,40}") {
            let _ = decode(&text);
        }
    }
}
