//! Content as it stands at rest: compressed, and bounded when it is unpacked.

use std::fmt;
use std::io::Read as _;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::Error;

/// Most bytes of content, once unpacked: what a chunk may hold, 100 MB.
pub const MAX_BYTES: u64 = 100 << 20;

/// zstd's default: 12 times smaller on recordings at some 300 MB/s; higher levels cost more than they save.
const LEVEL: i32 = 3;

/// Compressed content. As an attribute of a row it is binary.
#[derive(Clone, PartialEq, Eq)]
pub struct Packed(Vec<u8>);

impl Packed {
    /// Compresses `content`.
    ///
    /// # Errors
    /// [`Error::Refused`] when it cannot be compressed, which does not get better.
    pub fn of(content: &[u8]) -> Result<Self, Error> {
        let packed = zstd::bulk::compress(content, LEVEL).map_err(|error| Error::Refused {
            operation: "compress",
            reason: error.kind().to_string(),
        })?;
        Ok(Self(packed))
    }

    /// Bytes as they stand at rest.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing: not even what says that the content is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The content.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above [`MAX_BYTES`], [`Error::Corrupt`] when it does not unpack.
    pub fn unpack(&self) -> Result<Vec<u8>, Error> {
        unpack(&self.0)
    }

    /// As it stands at rest: for who seals it as well.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Takes what [`Packed::into_bytes`] gave. Anything else shows when it is unpacked.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Packed({} bytes)", self.0.len())
    }
}

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Packed;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Packed, E> {
                Ok(Packed(bytes.to_vec()))
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Packed, E> {
                Ok(Packed(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

pub(crate) fn unpack(packed: &[u8]) -> Result<Vec<u8>, Error> {
    let unreadable = |error: std::io::Error| Error::corrupt("object", error.kind());
    let mut content = Vec::new();
    zstd::stream::read::Decoder::new(packed)
        .map_err(unreadable)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut content)
        .map_err(unreadable)?;
    if content.len() as u64 > MAX_BYTES {
        return Err(Error::TooLarge { limit: MAX_BYTES });
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;

    #[test]
    fn content_comes_back_from_a_row_where_it_stands_as_bytes() {
        let packed = Packed::of(b"[1,2]").unwrap();
        let attribute = serde_dynamo::to_attribute_value(&packed).unwrap();
        assert!(matches!(attribute, AttributeValue::B(_)));
        let read: Packed = serde_dynamo::from_attribute_value(attribute).unwrap();
        assert_eq!(read.unpack().unwrap(), b"[1,2]");
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb =
            zstd::bulk::compress(&vec![0; usize::try_from(MAX_BYTES).unwrap() + 1], 1).unwrap();
        assert!(bomb.len() < 100_000);
        assert!(matches!(
            unpack(&bomb),
            Err(Error::TooLarge { limit: MAX_BYTES })
        ));
    }

    #[test]
    fn what_is_not_packed_is_corrupt() {
        assert!(matches!(unpack(b"plain"), Err(Error::Corrupt { .. })));
    }
}
