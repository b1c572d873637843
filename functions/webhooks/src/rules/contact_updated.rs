//! A user came to be, or something about a contact changed (`contact.user.created`, `contact.user.updated`,
//! `contact.lead.updated`).
//!
//! The notification has all of a contact, with up to ten of its companies.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::Contact(contact) = &notification.item else {
        return None;
    };
    Some(vec![Change::Contact(contact.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_as_it_is_said_to_be() {
        let body = r#"{"app_id":"acme","topic":"contact.user.updated","id":"n1","created_at":1795175940,"data":{"item":{"id":"c1","role":"user","name":"Ada"}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(
            matches!(&*changes, [Change::Contact(contact)] if contact.name.as_deref() == Some("Ada"))
        );
    }
}
