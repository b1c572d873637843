//! Numbers: most are ids, sizes and times, which take one pass and no correctly rounding parser.

use super::{Cursor, Kind, Result};

impl Cursor<'_> {
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

    /// The same for a number that is a time in milliseconds.
    #[inline]
    pub(crate) fn time_if_any(&mut self) -> Result<Option<u64>> {
        if let Some((value, end)) = time(self.text.as_bytes(), self.at) {
            self.at = end;
            return Ok(Some(value));
        }
        self.natural_if_any()
    }

    /// Reads over the next value, which is a number in all likelihood.
    #[inline]
    pub(crate) fn skip_likely_number(&mut self) -> Result<()> {
        match self.byte() {
            Some(b'-' | b'0'..=b'9') => self.skip_number(),
            _ => self.skip(),
        }
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
    pub(super) fn skip_number(&mut self) -> Result<()> {
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.byte() == Some(b'0');
        let integer = self.digits();
        if integer == 0 || (leading_zero && integer > 1) {
            return Err(self.malformed("a number"));
        }
        if self.byte() == Some(b'.') {
            self.at = digits_end(self.text.as_bytes(), self.at + 1);
            if self.text.as_bytes().get(self.at - 1) == Some(&b'.') {
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
pub(super) fn short_integer(bytes: &[u8], start: usize) -> Option<(u64, usize)> {
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

/// The number of 13 digits at this place, as times in milliseconds are; and where it ends.
#[inline]
fn time(bytes: &[u8], start: usize) -> Option<(u64, usize)> {
    let (first, last) = (eight_digits(bytes, start)?, eight_digits(bytes, start + 5)?);
    let end = start + 13;
    let goes_on = matches!(bytes.get(end), Some(b'0'..=b'9' | b'.' | b'e' | b'E'));
    let leading_zero = bytes.get(start) == Some(&b'0');
    let value = number_of(first) / 1_000 * 100_000_000 + number_of(last);
    (!goes_on && !leading_zero).then_some((value, end))
}

/// Where the digits that begin here end.
#[inline]
fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    while eight_digits(bytes, at).is_some() {
        at += 8;
    }
    while let Some(b'0'..=b'9') = bytes.get(at) {
        at += 1;
    }
    at
}

/// The values of the eight digits at this place, the first in the lowest byte; `None` if not all are
/// digits.
#[inline]
fn eight_digits(bytes: &[u8], at: usize) -> Option<u64> {
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let word = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
    let values = word.wrapping_sub(ZEROS);
    // A byte below `0` borrows into its high bit, one above `9` carries into it.
    let strange = (values | word.wrapping_add(0x4646_4646_4646_4646)) & 0x8080_8080_8080_8080;
    (strange == 0).then_some(values)
}

/// The number that eight digits make: neighbours by pairs, pairs by fours, fours by eight.
#[inline]
fn number_of(digits: u64) -> u64 {
    let pairs = (digits & 0x000F_000F_000F_000F) * 10 + ((digits >> 8) & 0x000F_000F_000F_000F);
    let fours = (pairs & 0x0000_00FF_0000_00FF) * 100 + ((pairs >> 16) & 0x0000_00FF_0000_00FF);
    (fours & 0xFFFF) * 10_000 + (fours >> 32)
}
