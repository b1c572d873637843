//! What stays the same in a text when it is about another order, person or time.
//!
//! Numbers, ids, addresses, dates and what stands in quotes become a star; what is left is the problem.

use std::borrow::Cow;

use super::browsers::in_one_wording;
use super::route;

/// Stands for what varies.
pub(super) const VARIES: &str = "*";
/// Characters that tell a problem from others.
const MAX_CHARS: usize = 200;

/// Bytes that are read of a text: from each sign that may open a quote, its end is looked for in all of it.
const MAX_READ_BYTES: usize = 2_000;

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
enum Part<'t> {
    Word(Cow<'t, str>),
    Varies,
    /// White space and signs.
    Between(&'t str),
}

impl<'t> Part<'t> {
    fn word(word: &'t str) -> Self {
        Self::Word(Cow::Borrowed(word))
    }
}

/// The text without what varies.
pub(super) fn constant(text: &str) -> String {
    let text = text.trim();
    let mut text = in_one_wording(&text[..text.floor_char_boundary(MAX_READ_BYTES)]);
    if text.contains('…') {
        text = Cow::Owned(text.replace("[…]", VARIES));
    }
    let mut parts = parts(&text);
    forget_dates(&mut parts);
    let mut constant = joined(&parts, text.len());
    if let Some((end, _)) = constant.char_indices().nth(MAX_CHARS) {
        constant.truncate(end);
    }
    constant
}

fn parts(text: &str) -> Vec<Part<'_>> {
    // About as many as there are words, and what stands between them.
    let mut parts = Vec::with_capacity(32);
    let mut at = 0;
    let mut before = ' ';
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if let Some((quoted, length)) = quoted(rest, before) {
            parts.push(quoted);
            length
        } else if is_between(first) {
            between(&mut parts, text, at, first);
            first.len_utf8()
        } else {
            let length = rest.find(is_between).unwrap_or(rest.len());
            word(&mut parts, text, at, length);
            length
        };
        before = rest[..length].chars().next_back().unwrap_or(' ');
        at += length;
    }
    parts
}

/// What is quoted at the beginning of the text, and its bytes with the quotes. A key of JSON is no value.
fn quoted(text: &str, before: char) -> Option<(Part<'_>, usize)> {
    let quote = text.chars().next()?;
    let end = match quote {
        '"' | '`' => quote,
        '“' => '”',
        '\'' if !before.is_alphanumeric() => quote,
        _ => return None,
    };
    let inner = &text[quote.len_utf8()..];
    let ends_here = |(at, _): &(usize, &str)| {
        let after = inner[at + end.len_utf8()..].chars().next();
        end != '\'' || !after.is_some_and(char::is_alphanumeric)
    };
    let (at, _) = inner.match_indices(end).find(ends_here)?;
    let after = &inner[at + end.len_utf8()..];
    let length = quote.len_utf8() + at + end.len_utf8();
    let is_key = quote == '"' && after.starts_with(':');
    let part = match piece(&inner[..at]) {
        Piece::Constant if is_key => Part::word(&text[..length]),
        _ => Part::Varies,
    };
    Some((part, length))
}

fn is_between(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            ',' | ';'
                | '='
                | '"'
                | '\''
                | '`'
                | '('
                | ')'
                | '<'
                | '>'
                | '{'
                | '}'
                | '['
                | ']'
                | '|'
                | '“'
                | '”'
                | '*'
        )
}

/// Takes the sign that stands at `at`. Signs in a row are one part.
fn between<'t>(parts: &mut Vec<Part<'t>>, text: &'t str, at: usize, sign: char) {
    let end = at + sign.len_utf8();
    match parts.last_mut() {
        _ if sign == '*' => parts.push(Part::Varies),
        Some(Part::Between(signs)) => *signs = &text[at - signs.len()..end],
        _ => parts.push(Part::Between(&text[at..end])),
    }
}

/// Takes a run without white space, quotes and brackets, which stands at `at`.
fn word<'t>(parts: &mut Vec<Part<'t>>, text: &'t str, at: usize, length: usize) {
    let run = &text[at..at + length];
    let word = run.trim_end_matches(['.', ':', '!', '?', '…']);
    let address = word.contains('/').then(|| word.split_once("://")).flatten();
    if let Some((_, address)) = address {
        let host = address.split(['/', '?', '#']).next().unwrap_or_default();
        parts.push(Part::word(route::site(host)));
        parts.push(Part::Word(route::pattern(&address[host.len()..]).into()));
    } else if word.starts_with('/') && word.len() > 1 {
        parts.push(Part::Word(route::pattern(word).into()));
    } else if is_email(word) || is_uuid(word) {
        parts.push(Part::Varies);
    } else {
        pieces(parts, text, at, word.len());
    }
    let end = at + word.len();
    let signs = run[word.len()..].char_indices();
    signs.for_each(|(after, sign)| between(parts, text, end + after, sign));
}

/// Takes letters and digits, and the signs within a word.
fn pieces<'t>(parts: &mut Vec<Part<'t>>, text: &'t str, at: usize, length: usize) {
    let word = &text[at..at + length];
    let mut read = 0;
    while let Some(first) = word[read..].chars().next() {
        if !first.is_alphanumeric() {
            between(parts, text, at + read, first);
            read += first.len_utf8();
            continue;
        }
        let rest = &word[read..];
        let length = rest
            .find(|character: char| !character.is_alphanumeric())
            .unwrap_or(rest.len());
        match piece(&rest[..length]) {
            Piece::Constant => parts.push(Part::word(&rest[..length])),
            Piece::Numbered(name) => {
                parts.push(Part::word(name));
                parts.push(Part::Varies);
            }
            Piece::Varies => parts.push(Part::Varies),
        }
        read += length;
    }
}

/// What letters and digits are, between other signs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'p> {
    Constant,
    /// A name and a number behind it: `item42`.
    Numbered(&'p str),
    Varies,
}

pub(super) fn piece(piece: &str) -> Piece<'_> {
    /// Without a digit no word of a language is written with so many letters from a to f.
    const HEX_WORD: usize = 8;
    const HEX_NUMBER: usize = 6;
    const TOKEN: usize = 16;
    let length = piece.len();
    let digits = piece.chars().filter(|each| each.is_numeric()).count();
    let is_hex = piece.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digits == 0 {
        let is_varied = is_hex && length >= HEX_WORD || length >= TOKEN && is_shuffled(piece);
        return if is_varied {
            Piece::Varies
        } else {
            Piece::Constant
        };
    }
    let name = piece.trim_end_matches(char::is_numeric);
    let is_numbered = name.chars().count() >= 2 && !name.contains(char::is_numeric);
    if is_numbered && length < TOKEN && !(is_hex && length >= HEX_NUMBER) {
        Piece::Numbered(name)
    } else {
        Piece::Varies
    }
}

/// Whether letters change between large and small more often than names of several words do.
fn is_shuffled(letters: &str) -> bool {
    let large = letters.chars().filter(|letter| letter.is_uppercase());
    let (large, all) = (large.count(), letters.chars().count());
    large * 3 > all && large < all
}

fn is_email(word: &str) -> bool {
    word.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// Five groups of hexadecimal digits, 8-4-4-4-12.
pub(super) fn is_uuid(word: &str) -> bool {
    if word.len() != 36 {
        return false;
    }
    let groups = word.split('-');
    let lengths = groups.clone().map(str::len);
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    lengths.eq([8, 4, 4, 4, 12]) && groups.clone().all(digits)
}

/// Names of days and months beside a number are part of a date, and so is the name of its time zone.
fn forget_dates(parts: &mut Vec<Part<'_>>) {
    const NAMES: [&str; 19] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon",
        "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
    ];
    const OF_TIMES: [&str; 8] = ["AM", "PM", "am", "pm", "GMT", "UTC", "Z", "T"];
    let is_name = |part: &Part<'_>| {
        matches!(part, Part::Word(word) if OF_TIMES.contains(&word.as_ref())
            || NAMES.iter().any(|name| word.starts_with(name) && is_day_or_month(word)))
    };
    // A name may stand beside another one that stands beside a number: "Mon Nov 30".
    for _ in 0..2 {
        for index in 0..parts.len() {
            let beside = |other: Option<usize>| {
                let other = other.and_then(|other| parts.get(other));
                matches!(other, Some(Part::Varies))
            };
            let near =
                |step: usize| beside(index.checked_sub(step)) || beside(index.checked_add(step));
            if (near(1) || near(2)) && is_name(&parts[index]) {
                parts[index] = Part::Varies;
            }
        }
    }
    forget_zone(parts);
}

/// `(Central European Standard Time)` behind a time.
fn forget_zone(parts: &mut Vec<Part<'_>>) {
    let is =
        |part: &Part<'_>, sign: char| matches!(part, Part::Between(signs) if signs.contains(sign));
    let Some(last) = parts
        .iter()
        .position(|part| matches!(part, Part::Word(word) if word == "Time"))
    else {
        return;
    };
    let opened = parts[..last].iter().rposition(|part| is(part, '('));
    if let Some(opened) = opened
        && opened > 0
        && parts[opened - 1] == Part::Varies
        && parts.get(last + 1).is_some_and(|part| is(part, ')'))
    {
        parts.drain(opened..=last + 1);
    }
}

fn is_day_or_month(word: &str) -> bool {
    const WHOLE: [&str; 19] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ];
    word.len() == 3 || WHOLE.contains(&word)
}

/// The parts as a text. Several that vary, one after another, are one: a list may be of any length.
/// White space is written as spaces. It is about as long as what was read.
fn joined(parts: &[Part<'_>], length: usize) -> String {
    let space = |sign: char| if sign.is_whitespace() { ' ' } else { sign };
    let mut text = String::with_capacity(length);
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Word(word) => text.push_str(word),
            Part::Varies if !text.ends_with(VARIES) => text.push_str(VARIES),
            Part::Varies => {}
            Part::Between(signs) => {
                let varies = |other: Option<&Part<'_>>| other == Some(&Part::Varies);
                let after = parts.get(index + 1);
                let is_within = text.ends_with(VARIES) && varies(after);
                let is_of_list = |sign| " ,;:./-+_|'’".contains(space(sign));
                if is_within && signs.chars().all(is_of_list) {
                    continue;
                }
                let signs = match varies(after) {
                    // The sign of a number is a part of it.
                    true => signs.trim_end_matches(['-', '+']),
                    false => signs,
                };
                text.extend(signs.chars().map(space));
            }
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_of_a_million_open_quotes_is_read_to_its_bound() {
        let open = constant(&" 'a".repeat(1_000_000));
        assert_eq!(open, constant(&" 'a".repeat(MAX_READ_BYTES)));
    }

    #[test]
    fn what_varies_becomes_a_star_and_the_rest_stays() {
        for (text, expected) in [
            ("Stock check failed 404", "Stock check failed *"),
            ("no user […] here", "no user * here"),
            ("user jane@shop.example is gone", "user * is gone"),
            ("order 12, 13 and 14 are late", "order * and * are late"),
            ("ids: 1, 2, 3", "ids: *"),
            ("ids: 7", "ids: *"),
            ("took 12ms", "took *"),
            ("took 3.5s", "took *"),
            ("balance -12.50", "balance *"),
            ("balance 12.50", "balance *"),
            ("item42 and user_17 and utf8", "item* and user_* and utf*"),
            ("commit 3f2a1b9 by abcdef12", "commit * by *"),
            (
                "no 0b6c2f9e-1f0a-4c5e-9a7b-3d2e1f0a9b8c in cart",
                "no * in cart",
            ),
            ("can't open 'my list' or \"a b\"", "can't open * or *"),
            (
                "GET https://www.shop.example/orders/17/items failed",
                "GET shop.example/orders/*/items failed",
            ),
            ("no route /users/17/edit", "no route /users/*/edit"),
            ("late since 2026-11-30T10:00:00.000Z", "late since *"),
            (
                "late since Mon Nov 30 2026 10:00:00 GMT+0100 (Central European Standard Time)",
                "late since *",
            ),
            ("late since November 3, 2026", "late since *"),
            ("You May not", "You May not"),
            ("{\"code\":17,\"at\":\"cart\"}", "{\"code\":*,\"at\":*}"),
            (
                "coupon.apply is not a function",
                "coupon.apply is not a function",
            ),
            ("", ""),
            ("*", "*"),
        ] {
            assert_eq!(constant(text), expected, "{text}");
        }
    }

    fn words() -> impl Strategy<Value = Vec<String>> {
        // Letters that make no hexadecimal number.
        prop::collection::vec("[g-z]{3,9}", 1..6)
    }

    /// Something that varies, in one of its forms.
    fn variable() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<u32>().prop_map(|number| number.to_string()),
            "[0-9]{1,5}\\.[0-9]{1,3}",
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
            "[0-9a-f]{8,24}",
            "[a-z]{1,8}@[a-z]{1,8}\\.com",
            "\"[a-z ]{0,12}\"",
            "20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z",
        ]
    }

    proptest! {
        #[test]
        fn what_varies_changes_nothing(
            words in words(), one in variable(), other in variable(), at in any::<prop::sample::Index>(),
        ) {
            let with = |variable: &str| {
                let mut words = words.clone();
                words.insert(at.index(words.len() + 1), variable.to_owned());
                constant(&words.join(" "))
            };
            prop_assert_eq!(with(&one), with(&other));
        }

        #[test]
        fn another_word_makes_another_problem(one in words(), other in words()) {
            prop_assume!(one != other);
            prop_assert_ne!(constant(&one.join(" ")), constant(&other.join(" ")));
        }

        #[test]
        fn any_text_can_be_read(text in ".{0,80}") {
            prop_assert!(constant(&text).chars().count() <= MAX_CHARS);
        }
    }
}
