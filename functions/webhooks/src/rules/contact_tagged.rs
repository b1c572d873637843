//! A contact got a tag, or lost it (`contact.user.tag.created`, `contact.lead.tag.deleted` and the others).
//!
//! A tag does not change when a contact was last changed, so of two notifications nobody can say which one is
//! later: the contact is read again.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::ContactTag { contact, .. } = &notification.item else {
        return None;
    };
    Some(vec![Change::ContactAgain(contact.id.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_tags_changed_is_read_again() {
        let body = r#"{"app_id":"acme","topic":"contact.lead.tag.deleted","id":"n1","created_at":1795175940,"data":{"item":{"type":"contact_tag","tag":{"id":"7","name":"VIP"},"contact":{"id":"c1"}}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(matches!(&*changes, [Change::ContactAgain(id)] if id == "c1"));
    }
}
