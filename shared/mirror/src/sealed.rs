//! What Intercom said, compressed and sealed for the row in which it stands.

use serde::Serialize;
use serde::de::DeserializeOwned;
use table::{Key, Packed, Sealed, Sealer, random_nonce};

use crate::{Error, WorkspaceMirror};

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
