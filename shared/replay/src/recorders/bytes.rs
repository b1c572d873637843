//! Bytes to texts: what is packed, Sentry's envelopes, the parts of a form.

use super::{Reading, Take, foreign, log_records};
use crate::chunk::Item;
use crate::error::{ChunkError, Fault};
use crate::inflate::is_packed;

/// Parts of a form that are looked at.
const MAX_PARTS: usize = 64;

impl Reading {
    /// Reads a body, or a part of one, by how it begins.
    pub(super) fn bytes<'a>(
        &mut self,
        bytes: &'a [u8],
        take: &mut (impl FnMut(Item<'a>) + ?Sized),
    ) -> Result<(), Fault> {
        if is_packed(bytes) {
            let (unpacked, _) = self.inflater.bytes(bytes)?;
            return self.within(|reading| reading.owned_bytes(&unpacked, &mut |item| take(item)));
        }
        if bytes.starts_with(b"--") {
            return self.form(bytes, &mut |item| take(item));
        }
        if let Some(records) = log_records::in_protobuf(bytes) {
            return self.within(|reading| {
                let mut records = records.into_iter();
                records.try_for_each(|record| reading.log_record(record, &mut |item| take(item)))
            });
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text(text, take),
            Err(_) if bytes.starts_with(b"{") => self.lines(bytes, &mut |item| take(item)),
            Err(error) => Err(match foreign::binary(bytes) {
                Some(format) => ChunkError::NotRrweb { format }.into(),
                None => not_utf8(error),
            }),
        }
    }

    /// Reads bytes that were made on the way: their events outlive them.
    fn owned_bytes(&mut self, bytes: &[u8], take: Take<'_, '_>) -> Result<(), Fault> {
        let take: Take<'_, '_> = &mut |item| take(item.into_owned());
        self.bytes(bytes, take)
    }

    /// Lines of JSON, after one of which something packed may stand: a Sentry envelope, or its
    /// recording.
    fn lines<'a>(&mut self, bytes: &'a [u8], take: Take<'_, 'a>) -> Result<(), Fault> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if is_packed(rest) {
                let (unpacked, length) = self.inflater.bytes(rest)?;
                self.within(|reading| reading.owned_bytes(&unpacked, take))?;
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            let end = rest.iter().position(|byte| *byte == b'\n');
            let (line, after) = rest.split_at(end.map_or(rest.len(), |end| end + 1));
            let line = std::str::from_utf8(line).map_err(not_utf8)?;
            self.text(line, take)?;
            rest = after;
        }
        Ok(())
    }

    /// The parts of `multipart/form-data`, as it begins: with its boundary.
    fn form<'a>(&mut self, bytes: &'a [u8], take: Take<'_, 'a>) -> Result<(), Fault> {
        let end = find(bytes, b"\r\n").ok_or(ChunkError::NotEvents)?;
        let boundary = [b"\r\n", bytes.get(..end).unwrap_or_default()].concat();
        let mut rest = bytes.get(end..).unwrap_or_default();
        for _ in 0..MAX_PARTS {
            let Some(headers) = find(rest, b"\r\n\r\n") else {
                break;
            };
            let content = rest.get(headers + 4..).unwrap_or_default();
            let end = find(content, &boundary).unwrap_or(content.len());
            let (part, after) = content.split_at(end);
            self.within(|reading| reading.perhaps(|reading| reading.bytes(part, take)))?;
            rest = after.get(boundary.len()..).unwrap_or_default();
        }
        Ok(())
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = wanted.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|byte| byte == first) {
        if bytes.get(from + at..)?.starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

fn not_utf8(error: std::str::Utf8Error) -> Fault {
    let at = error.valid_up_to();
    ChunkError::NotUtf8 { at }.into()
}
