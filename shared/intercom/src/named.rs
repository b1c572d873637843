//! What is told from others by an id and has a name: tags and segments.

use jiff::Timestamp;
use serde::Deserialize;

use crate::contact::NoId;
use crate::lenient;

/// A tag of people, companies and conversations.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Tag {
    /// Unique in the workspace.
    pub id: String,
    /// As teammates see it.
    pub name: String,
}

/// A segment: people or companies who fulfil a condition. Who they are changes without a notification.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Wire")]
pub struct Segment {
    /// Unique in the workspace.
    pub id: String,
    /// As teammates see it.
    pub name: String,
    /// Whose it is, in Intercom's words: `contact` or `user`; companies' are not told apart.
    pub person_type: Option<String>,
    /// How many belong to it, when that was asked for.
    pub count: Option<u64>,
    /// When its condition was last changed.
    pub updated_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::decoded_text")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    person_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::count")]
    count: Option<u64>,
    #[serde(default, deserialize_with = "lenient::timestamp")]
    updated_at: Option<Timestamp>,
}

impl TryFrom<Wire> for Tag {
    type Error = NoId;

    fn try_from(wire: Wire) -> Result<Self, NoId> {
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            name: wire.name.unwrap_or_default(),
        })
    }
}

impl TryFrom<Wire> for Segment {
    type Error = NoId;

    fn try_from(wire: Wire) -> Result<Self, NoId> {
        Ok(Self {
            id: wire.id.ok_or(NoId)?,
            name: wire.name.unwrap_or_default(),
            person_type: wire.person_type,
            count: wire.count,
            updated_at: wire.updated_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_and_segments_are_read_with_ids_of_either_kind() {
        let tag = Tag::deserialize(json!({ "type": "tag", "id": 17, "name": "R&amp;D" })).unwrap();
        assert_eq!((tag.id.as_str(), tag.name.as_str()), ("17", "R&D"));
        let sent = json!({ "type": "segment", "id": "s1", "name": "New", "person_type": "user", "count": "12",
                           "created_at": 1_795_176_000, "updated_at": 1_795_176_000 });
        let segment = Segment::deserialize(sent).unwrap();
        assert_eq!(segment.count, Some(12));
        assert_eq!(segment.updated_at.unwrap().as_second(), 1_795_176_000);
        assert!(Tag::deserialize(json!({ "name": "VIP" })).is_err());
    }
}
