//! Data events.

use intercom::data_event;

use crate::DataEvent;

/// An event of a contact's, by Intercom's id of them. One that has no id of its own is known by who did what
/// when, as Intercom itself knows it.
#[must_use]
pub fn event(said: &data_event::DataEvent, contact: &str) -> DataEvent {
    let id = said.id.clone().unwrap_or_else(|| {
        let second = said.created_at.map_or(0, |at| at.as_second());
        format!("{contact}/{}/{second}", said.name)
    });
    DataEvent {
        id,
        name: said.name.clone(),
        created_at: said.created_at,
        contact: Some(contact.to_owned()),
        metadata: said.metadata.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    #[test]
    fn an_event_without_an_id_is_known_by_who_did_what_when() {
        for (sent, id) in [
            (json!({ "id": "e-1", "event_name": "placed-order" }), "e-1"),
            (
                json!({ "event_name": "placed-order", "created_at": 1_795_176_000 }),
                "5f/placed-order/1795176000",
            ),
        ] {
            let event = super::event(&from_value(sent).ok().unwrap(), "5f");
            assert_eq!(
                (event.id.as_str(), event.contact.as_deref()),
                (id, Some("5f"))
            );
        }
    }
}
