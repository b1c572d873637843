//! Unpacking of single events and fields, bounded: a few kilobytes can unpack to gigabytes.

use std::io::Read;

use crate::error::{ChunkError, Fault};
use crate::json::{Cursor, Kind};

/// What a gzip stream begins with (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Whether the bytes begin as a gzip or a zlib stream does, and no text.
pub(crate) fn is_packed(bytes: &[u8]) -> bool {
    match bytes {
        [0x78, flags, ..] => {
            // RFC 1950: deflate with a 32 kB window, and the two bytes are a multiple of 31.
            (0x7800 + u16::from(*flags)).is_multiple_of(31)
        }
        _ => bytes.starts_with(&GZIP),
    }
}

/// Inflates strings, up to a number of bytes in all.
pub(crate) struct Inflater {
    limit: usize,
    left: usize,
    /// Streams that may still begin: an empty one costs work, too.
    streams: u32,
}

/// Streams of one body: a packed event is one.
const MAX_STREAMS: u32 = 200_000;

impl Inflater {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            left: limit,
            streams: MAX_STREAMS,
        }
    }

    /// The event behind a string of `@rrweb/packer`, or `None` if the string is no event.
    pub(crate) fn unpack(&mut self, string: &str) -> Result<Option<String>, Fault> {
        if string.trim_start().starts_with('{') {
            return Ok(Some(string.to_owned()));
        }
        self.inflate(string)
    }

    /// The event that comes next with its compressed fields (PostHog's `cv`) written out.
    pub(crate) fn expand(&mut self, cursor: &mut Cursor<'_>) -> Result<String, Fault> {
        let mut plain = String::new();
        self.expand_object(cursor, 1, &mut plain)?;
        Ok(plain)
    }

    /// `data` itself may be compressed, or the fields within; below that nothing is.
    fn expand_object(
        &mut self,
        cursor: &mut Cursor<'_>,
        levels: u8,
        plain: &mut String,
    ) -> Result<(), Fault> {
        plain.push('{');
        cursor.object(|cursor, key| {
            if !plain.ends_with('{') {
                plain.push(',');
            }
            plain.push('"');
            plain.push_str(key);
            plain.push_str("\":");
            cursor.skip_whitespace();
            let start = cursor.position();
            if levels > 0 && key == "data" && cursor.kind()? == Kind::Object {
                return self.expand_object(cursor, levels - 1, plain);
            }
            if cursor.kind()? == Kind::String
                && let Some(text) = self.inflate(&cursor.string()?.decode())?
            {
                plain.push_str(&text);
                return Ok(());
            }
            if cursor.position() == start {
                cursor.skip()?;
            }
            plain.push_str(cursor.since(start));
            Ok(())
        })?;
        plain.push('}');
        Ok(())
    }

    /// Inflates a string whose characters are zlib or gzip bytes; `None` if it is not such a string.
    fn inflate(&mut self, string: &str) -> Result<Option<String>, Fault> {
        let mut header = string
            .chars()
            .map_while(|character| u8::try_from(character).ok());
        if !header
            .next()
            .zip(header.next())
            .is_some_and(|(first, second)| is_packed(&[first, second]))
        {
            return Ok(None);
        }
        // "x^2" begins as zlib does, too; no stream has letters and digits alone.
        if string.is_ascii() {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(string.len());
        for character in string.chars() {
            bytes.push(u8::try_from(u32::from(character)).map_err(|_| ChunkError::BrokenPack)?);
        }
        let (unpacked, _) = self.bytes(&bytes)?;
        let text = String::from_utf8(unpacked).map_err(|_| ChunkError::BrokenPack)?;
        Ok(Some(text))
    }

    /// Inflates the zlib or gzip stream with which the bytes begin, and tells how many bytes it has.
    pub(crate) fn bytes(&mut self, packed: &[u8]) -> Result<(Vec<u8>, usize), Fault> {
        let mut rest = packed;
        let unpacked = if packed.starts_with(&GZIP) {
            self.read(flate2::bufread::GzDecoder::new(&mut rest))
        } else {
            self.read(flate2::bufread::ZlibDecoder::new(&mut rest))
        }?;
        Ok((unpacked, packed.len() - rest.len()))
    }

    /// Takes from what may still be unpacked.
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<(), Fault> {
        let limit = self.limit;
        let left = self.left.checked_sub(bytes);
        self.left = left.ok_or(ChunkError::TooLarge { limit })?;
        Ok(())
    }

    fn read(&mut self, decoder: impl Read) -> Result<Vec<u8>, Fault> {
        let limit = self.limit;
        let streams = self.streams.checked_sub(1);
        self.streams = streams.ok_or(ChunkError::TooLarge { limit })?;
        let mut bytes = Vec::new();
        // One byte more than allowed tells a full budget from an exceeded one.
        decoder
            .take(self.left as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| ChunkError::BrokenPack)?;
        self.spend(bytes.len())?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn latin1(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    }

    fn zlib(text: &str) -> String {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        latin1(&encoder.finish().unwrap())
    }

    fn gzip(text: &str) -> String {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        latin1(&encoder.finish().unwrap())
    }

    #[test]
    fn a_packed_event_is_unpacked_and_other_text_is_not_taken_for_one() {
        let mut inflater = Inflater::new(1_000);
        let event = r#"{"type":4,"v":"v1"}"#;
        assert_eq!(inflater.unpack(&zlib(event)), Ok(Some(event.into())));
        assert_eq!(inflater.unpack("window-1"), Ok(None));
        assert_eq!(inflater.unpack("x"), Ok(None));
    }

    #[test]
    fn compressed_fields_are_written_out() {
        let event = serde_json::json!({"type": 3, "data": {"source": 0, "adds": gzip("[]"),
            "texts": gzip("[1]")}, "cv": "2024-10"});
        let plain = Inflater::new(1_000)
            .expand(&mut Cursor::new(&event.to_string()))
            .unwrap();
        let plain: serde_json::Value = serde_json::from_str(&plain).unwrap();
        let expected = serde_json::json!({"type": 3, "data": {"source": 0, "adds": [], "texts": [1]},
            "cv": "2024-10"});
        assert_eq!(plain, expected);
    }

    #[test]
    fn a_damaged_or_cut_pack_is_an_error_and_a_bomb_stops_at_the_limit() {
        let packed = zlib(&"{}".repeat(1_000));
        let cut: String = packed.chars().take(packed.chars().count() - 6).collect();
        let mut inflater = Inflater::new(10_000);
        assert_eq!(inflater.unpack(&cut), Err(ChunkError::BrokenPack.into()));
        assert_eq!(
            inflater.unpack(&format!("{}\u{100}", zlib("{}"))),
            Err(ChunkError::BrokenPack.into())
        );
        assert_eq!(
            Inflater::new(1_999).unpack(&packed),
            Err(ChunkError::TooLarge { limit: 1_999 }.into())
        );
        let mut budget = Inflater::new(3_999);
        assert!(budget.unpack(&packed).is_ok());
        assert_eq!(
            budget.unpack(&packed),
            Err(ChunkError::TooLarge { limit: 3_999 }.into())
        );
    }
}
