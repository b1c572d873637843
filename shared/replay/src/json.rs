//! A cursor over JSON text: read what matters, skip the rest, build nothing.
//!
//! A recording is megabytes of which the summary needs a few kilobytes. Building a tree of generic values costs
//! ten times the reading; this cursor borrows from the text and allocates only where a string has escapes.
//! It accepts exactly what `serde_json` accepts (a property test holds them against each other), except that
//! nesting is bounded by [`MAX_DEPTH`], deeper than any page and shallower than any stack.

use std::borrow::Cow;

use crate::error::{ChunkError, Fault};

/// Arrays and objects that may stand in one another. One DOM level is two of them.
pub(crate) const MAX_DEPTH: u16 = 1024;

/// A position in JSON text. Cloning it is how one looks ahead.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: u16,
}

/// What kind of value comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// A string as it stands between its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct RawStr<'a> {
    raw: &'a str,
    escaped: bool,
}

impl<'a> RawStr<'a> {
    /// The text between the quotes, escapes unresolved. Enough to compare with a plain word.
    pub(crate) fn raw(&self) -> &'a str {
        self.raw
    }

    /// The string that is meant. A lone surrogate becomes U+FFFD.
    pub(crate) fn decode(&self) -> Cow<'a, str> {
        if self.escaped {
            Cow::Owned(unescape(self.raw))
        } else {
            Cow::Borrowed(self.raw)
        }
    }
}

type Result<T> = std::result::Result<T, Fault>;

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// Bytes from the start of the text.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// The text from an earlier position up to here.
    pub(crate) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    #[cold]
    fn malformed(&self, expected: &'static str) -> Fault {
        Fault::from(ChunkError::Malformed {
            expected,
            at: self.at,
        })
    }

    #[inline]
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    pub(crate) fn skip_whitespace(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.at += 1;
        }
    }

    /// Takes `wanted` if it comes next, after any white space.
    #[inline]
    fn take(&mut self, wanted: u8) -> bool {
        if self.byte() == Some(wanted) {
            self.at += 1;
            return true;
        }
        self.skip_whitespace();
        if self.byte() == Some(wanted) {
            self.at += 1;
            return true;
        }
        false
    }

    /// Whether only white space is left.
    pub(crate) fn is_at_end(&mut self) -> bool {
        self.skip_whitespace();
        self.at == self.text.len()
    }

    /// The kind of the next value.
    #[inline]
    pub(crate) fn kind(&mut self) -> Result<Kind> {
        self.skip_whitespace();
        match self.byte() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::String),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            _ => Err(self.malformed("a value")),
        }
    }

    fn descend(&mut self) -> Result<()> {
        if self.depth == MAX_DEPTH {
            return Err(ChunkError::TooDeep { limit: MAX_DEPTH }.into());
        }
        self.depth += 1;
        Ok(())
    }

    /// Calls `entry` for every key of the object that comes next; `entry` must read or skip the value.
    #[inline]
    pub(crate) fn object(
        &mut self,
        mut entry: impl FnMut(&mut Self, &'a str) -> Result<()>,
    ) -> Result<()> {
        if !self.take(b'{') {
            return Err(self.malformed("an object"));
        }
        self.descend()?;
        if !self.take(b'}') {
            loop {
                let key = self.key()?;
                if !self.take(b':') {
                    return Err(self.malformed("a colon"));
                }
                entry(self, key)?;
                if self.take(b',') {
                    continue;
                }
                if self.take(b'}') {
                    break;
                }
                return Err(self.malformed("a comma or the object's end"));
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// The key that comes next, escapes unresolved. Keys are short words: looking at one byte after another
    /// is the fastest way.
    #[inline(always)]
    fn key(&mut self) -> Result<&'a str> {
        if self.byte() == Some(b'"') {
            let start = self.at + 1;
            let mut end = start;
            let bytes = self.text.as_bytes();
            while let Some(b'A'..=b'Z' | b'a'..=b'z' | b'_') = bytes.get(end) {
                end += 1;
            }
            if bytes.get(end) == Some(&b'"') {
                self.at = end + 1;
                return Ok(self.text.get(start..end).unwrap_or_default());
            }
        }
        self.string().map(|key| key.raw)
    }

    /// Calls `item` for every value of the array that comes next; `item` must read or skip it.
    #[inline]
    pub(crate) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        if !self.take(b'[') {
            return Err(self.malformed("an array"));
        }
        self.descend()?;
        if !self.take(b']') {
            loop {
                item(self)?;
                if self.take(b',') {
                    continue;
                }
                if self.take(b']') {
                    break;
                }
                return Err(self.malformed("a comma or the array's end"));
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// The object that comes next, or nothing: any other value is skipped.
    pub(crate) fn object_if_any(
        &mut self,
        entry: impl FnMut(&mut Self, &'a str) -> Result<()>,
    ) -> Result<()> {
        match self.kind()? {
            Kind::Object => self.object(entry),
            _ => self.skip(),
        }
    }

    /// The array that comes next, or nothing: any other value is skipped.
    pub(crate) fn array_if_any(&mut self, item: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        match self.kind()? {
            Kind::Array => self.array(item),
            _ => self.skip(),
        }
    }

    /// The string that comes next.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Result<RawStr<'a>> {
        if !self.take(b'"') {
            return Err(self.malformed("a string"));
        }
        let start = self.at;
        let mut escaped = false;
        let bytes = self.text.as_bytes();
        loop {
            self.at = next_special(bytes, self.at);
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += escape_length(bytes, self.at)
                        .ok_or_else(|| self.malformed("a valid escape"))?;
                }
                _ => return Err(self.malformed("the string's end")),
            }
        }
        let raw = self.text.get(start..self.at).unwrap_or_default();
        self.at += 1;
        Ok(RawStr { raw, escaped })
    }

    /// The string that comes next, or nothing: any other value is skipped.
    pub(crate) fn string_if_any(&mut self) -> Result<Option<RawStr<'a>>> {
        match self.kind()? {
            Kind::String => self.string().map(Some),
            _ => self.skip().map(|()| None),
        }
    }

    /// The number that comes next, or nothing: any other value is skipped.
    #[inline(always)]
    pub(crate) fn number_if_any(&mut self) -> Result<Option<f64>> {
        // Ids, times and sizes are short integers: one pass, no correctly rounding parser.
        self.skip_whitespace();
        if let Some((value, end)) = short_integer(self.text.as_bytes(), self.at) {
            self.at = end;
            return Ok(Some(value as f64));
        }
        if self.kind()? != Kind::Number {
            return self.skip().map(|()| None);
        }
        let start = self.at;
        self.skip_number()?;
        Ok(self.since(start).parse().ok())
    }

    /// The natural number that comes next, or nothing: any other value is skipped.
    #[inline(always)]
    pub(crate) fn natural_if_any(&mut self) -> Result<Option<u64>> {
        self.skip_whitespace();
        if let Some((value, end)) = short_integer(self.text.as_bytes(), self.at) {
            self.at = end;
            return Ok(Some(value));
        }
        let number = self.number_if_any()?;
        Ok(number
            .filter(|number| *number >= 0.0)
            .map(|number| (number + 0.5) as u64))
    }

    /// Takes this text if it comes next, to the letter. What recorders write with `JSON.stringify` can be
    /// read faster than JSON in general.
    #[inline]
    pub(crate) fn take_literal(&mut self, literal: &str) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let found = rest.starts_with(literal.as_bytes());
        if found {
            self.at += literal.len();
        }
        found
    }

    /// The small number under `key` in the object that comes next, if that is its first entry and written
    /// without white space, as `JSON.stringify` does.
    #[inline]
    pub(crate) fn leading_number(&self, key: &str) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let value = rest.strip_prefix(b"{\"")?.strip_prefix(key.as_bytes())?;
        let (value, _) = short_integer(value.strip_prefix(b"\":")?, 0)?;
        u8::try_from(value).ok()
    }

    /// The boolean that comes next, or nothing: any other value is skipped.
    pub(crate) fn bool_if_any(&mut self) -> Result<Option<bool>> {
        if self.kind()? != Kind::Bool {
            return self.skip().map(|()| None);
        }
        let value = self.byte() == Some(b't');
        self.skip()?;
        Ok(Some(value))
    }

    /// Reads over the next value, checking its grammar.
    pub(crate) fn skip(&mut self) -> Result<()> {
        match self.kind()? {
            Kind::Object => self.object(|cursor, _| cursor.skip()),
            Kind::Array => self.array(Self::skip),
            Kind::String => self.string().map(|_| ()),
            Kind::Number => self.skip_number(),
            Kind::Bool | Kind::Null => self.skip_word(),
        }
    }

    fn skip_word(&mut self) -> Result<()> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        for word in ["true", "false", "null"] {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(());
            }
        }
        Err(self.malformed("true, false or null"))
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        self.at - start
    }

    /// RFC 8259: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    fn skip_number(&mut self) -> Result<()> {
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.byte() == Some(b'0');
        let integer = self.digits();
        if integer == 0 || (leading_zero && integer > 1) {
            return Err(self.malformed("a number"));
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.malformed("a digit"));
            }
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.malformed("a digit"));
            }
        }
        Ok(())
    }
}

/// The integer of up to 15 digits (exact in an `f64`) at this place, and where it ends.
#[inline]
fn short_integer(bytes: &[u8], start: usize) -> Option<(u64, usize)> {
    let mut at = start;
    let mut value = 0u64;
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    let leading_zero = at - start > 1 && bytes.get(start) == Some(&b'0');
    let goes_on = matches!(bytes.get(at), Some(b'.' | b'e' | b'E'));
    ((1..=15).contains(&(at - start)) && !leading_zero && !goes_on).then_some((value, at))
}

/// Index of the next quote, backslash or control character, or the end. Eight bytes at a time.
#[inline]
fn next_special(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const fn zero_bytes(word: u64) -> u64 {
        word.wrapping_sub(ONES) & !word & HIGH
    }
    while let Some(chunk) = bytes.get(at..at + 8) {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        let word = u64::from_le_bytes(word);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let quote = zero_bytes(word ^ (ONES * b'"' as u64));
        let backslash = zero_bytes(word ^ (ONES * b'\\' as u64));
        let special = control | quote | backslash;
        if special != 0 {
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if *byte < 0x20 || *byte == b'"' || *byte == b'\\' {
            break;
        }
        at += 1;
    }
    at
}

/// Length of the escape at the backslash `at`, if it is a valid one.
fn escape_length(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => {
            let digits = bytes.get(at + 2..at + 6)?;
            digits.iter().all(u8::is_ascii_hexdigit).then_some(6)
        }
        _ => None,
    }
}

/// Resolves escapes of a string that [`Cursor::string`] has accepted.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(backslash) = rest.find('\\') {
        text.push_str(&rest[..backslash]);
        let escape = rest.as_bytes().get(backslash + 1).copied();
        let mut length = 2;
        match escape {
            Some(b'n') => text.push('\n'),
            Some(b't') => text.push('\t'),
            Some(b'r') => text.push('\r'),
            Some(b'b') => text.push('\u{8}'),
            Some(b'f') => text.push('\u{c}'),
            Some(b'u') => {
                let (character, taken) = unicode_escape(&rest[backslash..]);
                text.push(character);
                length = taken;
            }
            Some(other) => text.push(char::from(other)),
            None => break,
        }
        rest = rest.get(backslash + length..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// The character of a `\uXXXX` escape, with its second half if it is a surrogate pair, and the bytes taken.
fn unicode_escape(text: &str) -> (char, usize) {
    let unit = |at: usize| -> Option<u32> {
        (text.get(at..at + 2)? == "\\u").then_some(())?;
        u32::from_str_radix(text.get(at + 2..at + 6)?, 16).ok()
    };
    let first = unit(0).unwrap_or(0xFFFD);
    if (0xD800..0xDC00).contains(&first)
        && let Some(second) = unit(6)
        && (0xDC00..0xE000).contains(&second)
    {
        let combined = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(combined).unwrap_or('\u{FFFD}'), 12);
    }
    (char::from_u32(first).unwrap_or('\u{FFFD}'), 6)
}

#[cfg(test)]
mod tests {
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
}
