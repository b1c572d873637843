//! What a workspace's words mean: its tags, segments and admins. Each list is replaced as a whole.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use table::Read;

use crate::as_of::AsOf;
use crate::record::{Nothing, Put};
use crate::{Error, WorkspaceMirror};

/// A tag or a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Intercom's id.
    pub id: String,
    /// As its people call it.
    pub name: String,
}

impl Named {
    /// The names of tags or segments by their ids; one that has none yet goes by its id.
    #[must_use]
    pub fn names<'a>(ids: &'a [String], named: &'a [Self]) -> Vec<&'a str> {
        let name = |id: &'a String| {
            let found = named.iter().find(|named| named.id == *id);
            found.map_or(id.as_str(), |found| found.name.as_str())
        };
        ids.iter().map(name).collect()
    }
}

/// A teammate. No `Debug`: it is personal data.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// Intercom's id.
    pub id: String,
    /// As teammates see it.
    pub name: String,
    /// Whether they can write to people.
    pub has_inbox_seat: bool,
}

/// The lists of a workspace.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'m, 'a>(pub(crate) &'m WorkspaceMirror<'a>);

impl Vocabulary<'_, '_> {
    /// Replaces the tags.
    ///
    /// # Errors
    /// [`table::Error::Unavailable`] when the table does not answer; this goes for all of these.
    pub async fn put_tags(self, tags: &[Named], read_at: Timestamp) -> Result<Put, Error> {
        self.put("tags", tags, read_at).await
    }

    /// The tags.
    ///
    /// # Errors
    /// As [`Self::put_tags`].
    pub async fn tags(self, now: Timestamp) -> Result<Vec<Named>, Error> {
        self.read("tags", now).await
    }

    /// Replaces the segments.
    ///
    /// # Errors
    /// As [`Self::put_tags`].
    pub async fn put_segments(self, segments: &[Named], read_at: Timestamp) -> Result<Put, Error> {
        self.put("segments", segments, read_at).await
    }

    /// The segments.
    ///
    /// # Errors
    /// As [`Self::put_tags`].
    pub async fn segments(self, now: Timestamp) -> Result<Vec<Named>, Error> {
        self.read("segments", now).await
    }

    /// Replaces the admins.
    ///
    /// # Errors
    /// As [`Self::put_tags`].
    pub async fn put_admins(self, admins: &[Admin], read_at: Timestamp) -> Result<Put, Error> {
        self.put("admins", admins, read_at).await
    }

    /// The admins.
    ///
    /// # Errors
    /// As [`Self::put_tags`].
    pub async fn admins(self, now: Timestamp) -> Result<Vec<Admin>, Error> {
        self.read("admins", now).await
    }

    async fn put<T: Serialize>(
        self,
        kind: &'static str,
        list: &[T],
        read_at: Timestamp,
    ) -> Result<Put, Error> {
        let key = self.0.keys.vocabulary(kind);
        let said = (&list, Nothing {});
        self.0
            .put("replace a list", &key, AsOf::at(read_at), said, None)
            .await
    }

    async fn read<T: DeserializeOwned>(
        self,
        kind: &'static str,
        now: Timestamp,
    ) -> Result<Vec<T>, Error> {
        let key = self.0.keys.vocabulary(kind);
        let stored = self.0.read("read a list", &key, Read::Eventual, now);
        Ok(stored
            .await?
            .map(|stored| stored.content)
            .unwrap_or_default())
    }
}
