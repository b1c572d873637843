//! Somebody said something in a conversation (`conversation.user.replied`, `conversation.admin.replied`,
//! `conversation.admin.noted`, `conversation.operator.replied`).
//!
//! The notification has all of the conversation, and of its parts the new ones.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::Conversation(said) = &notification.item else {
        return None;
    };
    Some(vec![Change::Conversation {
        said: said.clone(),
        is_new: false,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_there() {
        let body = r#"{"app_id":"acme","topic":"conversation.user.replied","id":"n1","created_at":1795175940,"data":{"item":{"id":"7","conversation_parts":{"conversation_parts":[{"id":"p1","part_type":"comment","body":"Hi"}]}}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(
            matches!(&*changes, [Change::Conversation { said, is_new: false }] if said.parts.len() == 1)
        );
    }
}
