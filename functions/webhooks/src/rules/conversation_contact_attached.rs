//! A contact came to a conversation, or left it (`conversation.contact.attached`,
//! `conversation.contact.detached`).
//!
//! The notification has a shape of Intercom's inside: the conversation is read again.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::ConversationId(id) = &notification.item else {
        return None;
    };
    Some(vec![Change::ConversationAgain(id.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_contacts_changed_is_read_again() {
        let body = r#"{"app_id":"acme","topic":"conversation.contact.attached","id":"n1","created_at":1795175940,"data":{"item":{"conversation":{"model":{"id":7}},"contact":{"id":"c1"}}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(matches!(&*changes, [Change::ConversationAgain(id)] if id == "7"));
    }
}
