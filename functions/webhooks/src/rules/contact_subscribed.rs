//! A contact wants e-mails again, or no longer (`contact.subscribed`, `contact.unsubscribed` and those of one
//! type).
//!
//! As with tags, the contact is read again.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::Subscription { contact, .. } = &notification.item else {
        return None;
    };
    Some(vec![Change::ContactAgain(contact.id.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_no_emails_is_read_again() {
        let body = r#"{"app_id":"acme","topic":"contact.unsubscribed","id":"n1","created_at":1795175940,"data":{"item":{"type":"contact_unsubscribe","contact":{"id":"c1"},"subscription_types":{"data":[]}}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(matches!(&*changes, [Change::ContactAgain(id)] if id == "c1"));
    }
}
