//! What may leave a recording: texts are scrubbed and cut here, before they are stored or shown.
//!
//! Recorders mask what is typed; they leave URLs, console lines, attributes and page text in clear. So: no
//! query and no fragment of any URL, no address, card number, token or long secret in any text.
//!
//! Our own recorder applies the same rules before it sends (shared/web/recorder/src/privacy/text.ts). Both
//! pass the cases of `tests/masking.json`.

use std::borrow::Cow;

use crate::definitions::{MAX_LABEL_CHARS, MAX_MESSAGE_CHARS, MAX_URL_CHARS};

const REMOVED: &str = "[…]";
/// So many digits are a card, an account or a phone.
const LONG_NUMBER_DIGITS: usize = 12;

/// A URL without query, fragment and credentials, cut to its bound. Path segments that are addresses or
/// secrets are replaced.
pub(crate) fn url(url: &str) -> String {
    cut(&whole_url(url), MAX_URL_CHARS)
}

/// The text without what looks personal or secret; `None` when there is nothing of it.
pub(crate) fn without_secrets(text: &str) -> Option<String> {
    match scrub(text) {
        Cow::Borrowed(_) => None,
        Cow::Owned(clean) => Some(clean),
    }
}

/// The same URL as long as it is.
pub(crate) fn whole_url(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let bare = url.get(..end).unwrap_or_default();
    let (scheme, rest) = match bare.find("://") {
        Some(at) => bare.split_at(at + 3),
        // A `data:` or `blob:` URL holds its content: the scheme says enough.
        None => match bare.split_once(':') {
            Some((scheme, _)) if !scheme.contains('/') => return cut(&format!("{scheme}:"), 16),
            _ => ("", bare),
        },
    };
    let mut clean = String::with_capacity(bare.len());
    clean.push_str(scheme);
    for (index, segment) in rest.split('/').enumerate() {
        if index > 0 {
            clean.push('/');
        }
        // The authority keeps its port; who signs in stands before the last `@`.
        let segment = match index {
            0 => segment.rsplit('@').next().unwrap_or_default(),
            _ => segment.split(';').next().unwrap_or_default(),
        };
        match index {
            0 => clean.push_str(segment),
            _ => clean.push_str(&scrub(segment)),
        }
    }
    clean
}

/// A console message or an error's text: its first line, the stack below it is for developers' tools.
pub(crate) fn message(text: &str) -> String {
    shown_message(&whole_message(text))
}

/// As much of a [`whole_message`] as is shown.
pub(crate) fn shown_message(whole: &str) -> String {
    cut(whole.trim(), MAX_MESSAGE_CHARS)
}

/// The first line of a console message, as long as it is.
pub(crate) fn whole_message(text: &str) -> Cow<'_, str> {
    let line = text.lines().find(|line| !line.trim().is_empty());
    scrub(line.unwrap_or_default())
}

/// A text of several lines, scrubbed and cut.
pub(crate) fn passage(text: &str, characters: usize) -> String {
    cut(scrub(text).trim(), characters)
}

/// A name of something on the page.
pub(crate) fn label(text: &str) -> String {
    cut(scrub(text).trim(), MAX_LABEL_CHARS)
}

/// Whether a recorder has put stars in the place of the text.
pub(crate) fn is_masked(text: &str) -> bool {
    let mut stars = 0usize;
    let mut others = 0usize;
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        match character {
            '*' | '•' | '█' => stars += 1,
            _ => others += 1,
        }
    }
    stars > 0 && stars >= others
}

fn cut(text: &str, characters: usize) -> String {
    if text.len() <= characters {
        return text.to_owned();
    }
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some(_) => {
            let end = text
                .char_indices()
                .nth(characters - 1)
                .map_or(text.len(), |(end, _)| end);
            format!("{}…", text.get(..end).unwrap_or_default().trim_end())
        }
    }
}

/// Replaces what looks personal or secret.
fn scrub(text: &str) -> Cow<'_, str> {
    if is_plain_prose(text) {
        return Cow::Borrowed(text);
    }
    scrub_words(text)
}

/// Replaces what looks personal or secret, word by word.
fn scrub_words(text: &str) -> Cow<'_, str> {
    let mut clean = String::with_capacity(text.len());
    let mut secret_follows = false;
    let mut in_query = false;
    for piece in text.split_inclusive(is_separator) {
        let word = piece.trim_end_matches(is_separator);
        let separator = piece.get(word.len()..).unwrap_or_default();
        if !in_query {
            clean.push_str(&scrub_word(word, secret_follows));
        }
        // A query that stands in a text reaches to the next white space or quote.
        in_query = (in_query || (word.contains('?') && separator == "=")) && !ends_query(separator);
        if word.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            secret_follows = introduces_secret(word, separator);
        }
        if !in_query {
            clean.push_str(separator);
        }
    }
    // A card number may come in groups: "4111 1111 1111 1111".
    let clean = without_digit_groups(&clean).unwrap_or(clean);
    if clean == text {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(clean)
    }
}

/// Short words and numbers, as most captions and paths are: nothing in them can be personal or secret by
/// its form.
fn is_plain_prose(text: &str) -> bool {
    let mut digits = 0;
    text.as_bytes().split(|byte| *byte == b' ').all(|word| {
        digits += word.iter().filter(|byte| byte.is_ascii_digit()).count();
        digits < LONG_NUMBER_DIGITS
            && is_plain_word(word)
            && !word.eq_ignore_ascii_case(b"bearer")
            && !word.eq_ignore_ascii_case(b"basic")
    })
}

/// Whether a byte neither ends a word, nor makes an address, a query or an assignment of it.
const IS_PLAIN: [bool; 256] = {
    let mut is_plain = [true; 256];
    let ending = b",;=\"'`()<>{}[]|?:@%";
    let mut nth = 0;
    while nth < 256 {
        is_plain[nth] = nth >= b' ' as usize;
        nth += 1;
    }
    nth = 0;
    while nth < ending.len() {
        is_plain[ending[nth] as usize] = false;
        nth += 1;
    }
    is_plain
};

/// Whether a word is too short to be a secret, and neither an address nor a URL nor the name of what follows.
fn is_plain_word(word: &[u8]) -> bool {
    /// A token of letters alone has more.
    const SHORT_WORD_LETTERS: usize = 16;
    let plain = |byte: &u8| IS_PLAIN[usize::from(*byte)];
    word.len() < LONG_NUMBER_DIGITS && word.iter().all(plain)
        || word.len() < SHORT_WORD_LETTERS && word.iter().all(u8::is_ascii_alphabetic)
}

fn scrub_word(word: &str, is_secret: bool) -> Cow<'_, str> {
    if is_secret && word.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        Cow::Borrowed(REMOVED)
    } else if is_plain_word(word.as_bytes()) {
        Cow::Borrowed(word)
    } else if word.contains("://") {
        Cow::Owned(url(word))
    } else if let Some((path, _query)) = word.split_once('?')
        && word.starts_with('/')
    {
        Cow::Owned(scrub_word(path, false).into_owned())
    } else if is_personal_or_secret(word) {
        Cow::Borrowed(REMOVED)
    } else {
        Cow::Borrowed(word)
    }
}

fn is_separator(character: char) -> bool {
    character.is_whitespace() || ",;=\"'`()<>{}[]|".contains(character)
}

fn ends_query(separator: &str) -> bool {
    separator.contains(|character: char| character.is_whitespace() || "\"'`)>".contains(character))
}

/// Whether what follows is a secret by what stands before it: `Bearer x`, `token=x`, `"password": "x"`.
fn introduces_secret(word: &str, separator: &str) -> bool {
    const NAMES: [&str; 9] = [
        "token",
        "password",
        "passwd",
        "secret",
        "authorization",
        "api_key",
        "apikey",
        "session",
        "jwt",
    ];
    let name = word.trim_end_matches(':');
    if ["bearer", "basic"]
        .iter()
        .any(|scheme| name.eq_ignore_ascii_case(scheme))
    {
        return true;
    }
    let assigned = word.ends_with(':') || separator.contains(['=', '"', '\'']);
    assigned && {
        let name = name.to_ascii_lowercase();
        NAMES.iter().any(|suffix| name.ends_with(suffix))
    }
}

fn is_personal_or_secret(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ':', '!', '?']);
    is_address(word) || is_token(word) || has_long_number(word)
}

fn is_address(word: &str) -> bool {
    if !word.contains(['@', '%']) {
        return false;
    }
    let word = word.replace("%40", "@");
    word.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.starts_with('.')
    })
}

/// Many digits in a row, dashes between them or not.
fn has_long_number(word: &str) -> bool {
    let mut run = 0;
    for byte in word.bytes() {
        match byte {
            b'0'..=b'9' => run += 1,
            b'-' | b'.' | b'_' => {}
            _ => run = 0,
        }
        if run >= LONG_NUMBER_DIGITS {
            return true;
        }
    }
    false
}

/// A JSON web token, or a long run of letters and digits such as only machines write.
fn is_token(word: &str) -> bool {
    if word.starts_with("eyJ") && word.len() >= 16 {
        return true;
    }
    word.split(['-', '.', '_', ':', '/', '&', '%']).any(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        let hex = part.len() >= 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex || (part.len() >= 20 && digits >= 3 && letters >= 3 && part.is_ascii())
    })
}

/// The text with every long row of digits, spaces and dashes between them, replaced.
fn without_digit_groups(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut clean = String::new();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let (mut end, mut digits) = (at, 0);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'0'..=b'9' => {
                    digits += 1;
                    at += 1;
                    end = at;
                }
                b' ' | b'-' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => at += 1,
                _ => break,
            }
        }
        if digits >= LONG_NUMBER_DIGITS {
            clean.push_str(text.get(copied..start)?);
            clean.push_str(REMOVED);
            copied = end;
        }
    }
    (copied > 0).then(|| clean + text.get(copied..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The cases that the recorder's rules have to pass as well (shared/web/recorder/test/privacy.test.ts).
    const SHARED_CASES: &str = include_str!("../tests/masking.json");

    #[derive(serde::Deserialize)]
    struct SharedCases {
        urls: Vec<Case>,
        texts: Vec<Case>,
    }

    #[derive(serde::Deserialize)]
    struct Case {
        given: String,
        kept: String,
    }

    fn shared_cases() -> SharedCases {
        serde_json::from_str(SHARED_CASES).unwrap()
    }

    #[test]
    fn urls_lose_query_fragment_and_credentials() {
        for Case { given, kept } in shared_cases().urls {
            assert_eq!(url(&given), kept, "{given}");
        }
    }

    #[test]
    fn messages_lose_what_is_personal_or_secret_and_keep_the_rest() {
        for Case { given, kept } in shared_cases().texts {
            assert_eq!(message(&given), kept, "{given}");
        }
        assert_eq!(message("\nError: no\n    at a.js:1:2\n"), "Error: no");
    }

    #[test]
    fn stars_are_recognised_as_masking() {
        assert!(is_masked("***** ***"));
        assert!(is_masked("••••"));
        assert!(!is_masked("5 * 3 = 15"));
        assert!(!is_masked(""));
    }

    proptest! {
        #[test]
        fn no_query_survives(path in "[a-z/]{0,20}", secret in "[a-zA-Z0-9]{4,30}") {
            let shown = url(&format!("https://a.example/{path}?q={secret}#{secret}"));
            prop_assert!(!shown.contains('?') && !shown.contains('#'));
        }

        #[test]
        fn plain_prose_is_what_word_by_word_stays_as_it_is(
            text in "(([A-Za-z.!&/$+*é#_-]|[0-9]){0,16} ?){0,4}|.{0,40}|(bearer |token:|eyJ[a-z]{9,14}| |[0-9]{1,12}){0,4}",
        ) {
            if is_plain_prose(&text) {
                prop_assert_eq!(scrub_words(&text), text.as_str());
            }
            for word in text.split(is_separator).filter(|word| is_plain_word(word.as_bytes())) {
                prop_assert!(!is_personal_or_secret(word) && !word.contains("://") && !word.contains('?'));
            }
        }

        #[test]
        fn texts_are_bounded(text in ".{0,400}") {
            let once = message(&text);
            prop_assert!(once.chars().count() <= MAX_MESSAGE_CHARS);
            prop_assert!(label(&text).chars().count() <= MAX_LABEL_CHARS);
        }

        #[test]
        fn addresses_never_survive(before in "[a-z ]{0,9}", name in "[a-z.+]{1,12}", domain in "[a-z]{1,9}") {
            let address = format!("{name}@{domain}.com");
            let text = format!("{before} {address}, sent");
            prop_assert!(!message(&text).contains(&address));
        }
    }
}
