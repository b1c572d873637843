//! A cursor over JSON text: read what matters, skip the rest, build nothing.
//!
//! A recording is megabytes of which the summary needs a few kilobytes. Building a tree of generic values
//! costs ten times the reading; this cursor borrows from the text and allocates only where a string has
//! escapes. It accepts exactly what `serde_json` accepts (a property test holds them against each other),
//! except that nesting is bounded by [`MAX_DEPTH`], deeper than any page and shallower than any stack.

mod number;
mod text;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::{ChunkError, Fault};
use number::short_integer;
use text::{escape_length, next_special, unescape};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct RawStr<'a> {
    raw: &'a str,
    escaped: bool,
}

impl<'a> RawStr<'a> {
    /// A string without escapes.
    pub(crate) fn plain(text: &'a str) -> Self {
        Self {
            raw: text,
            escaped: false,
        }
    }

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
        entry: impl FnMut(&mut Self, &'a str) -> Result<()>,
    ) -> Result<()> {
        self.open_object()?;
        self.rest_of_object(false, entry)
    }

    /// Goes into the object that comes next. Its first entries may be taken as [`Cursor::take_literal`] keys;
    /// [`Cursor::rest_of_object`] must follow.
    #[inline]
    pub(crate) fn open_object(&mut self) -> Result<()> {
        if !self.take(b'{') {
            return Err(self.malformed("an object"));
        }
        self.descend()
    }

    /// Reads the entries that are left of an object, and goes out of it. `begun` tells whether any entry was
    /// taken before.
    #[inline]
    pub(crate) fn rest_of_object(
        &mut self,
        mut begun: bool,
        mut entry: impl FnMut(&mut Self, &'a str) -> Result<()>,
    ) -> Result<()> {
        loop {
            if self.take(b'}') {
                break;
            }
            if begun && !self.take(b',') {
                return Err(self.malformed("a comma or the object's end"));
            }
            let key = self.key()?;
            if !self.take(b':') {
                return Err(self.malformed("a colon"));
            }
            entry(self, key)?;
            begun = true;
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
    #[inline]
    pub(crate) fn string_if_any(&mut self) -> Result<Option<RawStr<'a>>> {
        if self.byte() == Some(b'"') {
            return self.string().map(Some);
        }
        match self.kind()? {
            Kind::String => self.string().map(Some),
            _ => self.skip().map(|()| None),
        }
    }

    /// Takes this text if it comes next, to the letter. What recorders write with `JSON.stringify` can
    /// be read faster than JSON in general.
    #[inline(always)]
    pub(crate) fn take_literal<const N: usize>(&mut self, literal: &[u8; N]) -> bool {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let found = rest.first_chunk::<N>() == Some(literal);
        if found {
            self.at += N;
        }
        found
    }

    /// Goes into the object that comes next if it begins with this text, to the letter, and a small
    /// number: its first entry, as `JSON.stringify` writes it. Answers the number.
    /// [`Cursor::rest_of_object`] must follow.
    #[inline(always)]
    pub(crate) fn open_object_with<const N: usize>(
        &mut self,
        leading: &[u8; N],
    ) -> Result<Option<u8>> {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(self.at..).unwrap_or_default();
        if rest.first_chunk::<N>() != Some(leading) {
            return Ok(None);
        }
        let Some((value, end)) = short_integer(bytes, self.at + N) else {
            return Ok(None);
        };
        let Ok(value) = u8::try_from(value) else {
            return Ok(None);
        };
        self.descend()?;
        self.at = end;
        Ok(Some(value))
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
}

#[cfg(test)]
mod tests;
