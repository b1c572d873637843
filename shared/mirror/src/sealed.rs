//! What Intercom said, compressed and sealed for the row in which it stands.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};
use table::{Key, Packed, Sealer, random_nonce};

use crate::{Error, WorkspaceMirror};

/// Sealed bytes: binary in a row.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Sealed(Vec<u8>);

impl WorkspaceMirror<'_> {
    /// Seals a content for the row of this key, and says what tells it from others.
    pub(crate) fn seal(
        &self,
        key: &Key,
        content: &impl Serialize,
    ) -> Result<(Sealed, String), Error> {
        let json =
            serde_json::to_vec(content).map_err(|error| table::Error::corrupt("record", error))?;
        let digest = self.key.hash_sent(&table::digest(&json));
        let packed = Packed::of(&json)?.into_bytes();
        let sealed = self.sealer(key).seal_bytes(random_nonce()?, &packed)?;
        Ok((Sealed(sealed), digest))
    }

    /// What was sealed for the row of this key.
    pub(crate) fn open<T: DeserializeOwned>(&self, key: &Key, sealed: &Sealed) -> Result<T, Error> {
        let packed = self.sealer(key).open_bytes(&sealed.0)?;
        let json = Packed::from_bytes(packed).unpack()?;
        let content = serde_json::from_slice(&json);
        Ok(content.map_err(|error| table::Error::corrupt("record", error))?)
    }

    fn sealer(&self, key: &Key) -> Sealer {
        let place = format!(
            "{}/mirror/{}/{}",
            self.keys.organization, key.partition, key.sort
        );
        Sealer::new(&self.key, "what Intercom said", place)
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Sealed;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("bytes")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Sealed, E> {
                Ok(Sealed(bytes.to_vec()))
            }

            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Sealed, E> {
                Ok(Sealed(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}
