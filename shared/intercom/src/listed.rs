//! The beginning of a list that stands in something else, such as the tags of a contact.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::lenient;

/// The ids of the first elements: Intercom shows ten of them, and says how many there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// In Intercom's order.
    pub ids: Vec<String>,
    /// How many there are in all; as many as are shown when that is not said.
    pub total: u64,
    /// Whether others have to be asked for.
    pub has_more: bool,
}

/// An element, of which only the id is read; it may be an id itself.
#[derive(Deserialize)]
#[serde(untagged)]
enum Element {
    Object { id: Id },
    Id(Id),
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Id(#[serde(deserialize_with = "lenient::text")] Option<String>);

#[derive(Default, Deserialize)]
struct Counts {
    #[serde(default, deserialize_with = "lenient::count")]
    total_count: Option<u64>,
    #[serde(default, deserialize_with = "lenient::flag")]
    has_more: bool,
}

/// A list, alone or in an object; `None` for whatever is neither.
pub(crate) fn listed<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Listed>, D::Error> {
    let sent = Value::deserialize(deserializer)?;
    let counts = Counts::deserialize(&sent).unwrap_or_default();
    let list = match sent {
        Value::Array(_) => sent,
        Value::Object(fields) => {
            let mut values = fields.into_iter().map(|(_, value)| value);
            match values.find(Value::is_array) {
                Some(list) => list,
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    };
    let elements: Vec<Element> = lenient::list(list).unwrap_or_default();
    let ids = elements.into_iter().filter_map(|element| match element {
        Element::Object { id: Id(id) } | Element::Id(Id(id)) => id,
    });
    let ids: Vec<String> = ids.collect();
    let shown = ids.len() as u64;
    let total = counts.total_count.unwrap_or(shown).max(shown);
    Ok(Some(Listed {
        has_more: counts.has_more || total > shown,
        ids,
        total,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_read_alone_or_in_an_object_with_ids_of_either_kind() {
        for (sent, ids, total, has_more) in [
            (
                json!([{ "id": 7 }, { "id": "8" }]),
                vec!["7", "8"],
                2,
                false,
            ),
            (json!(["7", 8, null, {}]), vec!["7", "8"], 2, false),
            (
                json!({ "type": "tag.list", "tags": [{ "id": "7", "name": "VIP" }] }),
                vec!["7"],
                1,
                false,
            ),
            (
                json!({ "data": [{ "id": "7" }], "total_count": 12, "has_more": true, "url": "/contacts/1/tags" }),
                vec!["7"],
                12,
                true,
            ),
            (
                json!({ "data": [{ "id": "7" }], "total_count": "12" }),
                vec!["7"],
                12,
                true,
            ),
            (json!({ "data": [], "total_count": null }), vec![], 0, false),
        ] {
            let read = listed(&sent).unwrap().unwrap();
            assert_eq!(read.ids, ids, "{sent}");
            assert_eq!((read.total, read.has_more), (total, has_more), "{sent}");
        }
        for sent in [
            json!(null),
            json!({}),
            json!("7"),
            json!({ "type": "list" }),
        ] {
            assert_eq!(listed(&sent).unwrap(), None, "{sent}");
        }
    }
}
