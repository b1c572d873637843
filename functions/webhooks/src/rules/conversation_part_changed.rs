//! Words of a conversation were taken back, or tagged (`conversation_part.redacted`,
//! `conversation_part.tag.created`).
//!
//! The notification holds the part, in one of several shapes: the conversation is read again.

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
    fn the_conversation_of_the_part_is_read_again() {
        let body = r#"{"app_id":"acme","topic":"conversation_part.redacted","id":"n1","created_at":1795175940,"data":{"item":{"type":"conversation_part","id":"p1","conversation_id":"7"}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(matches!(&*changes, [Change::ConversationAgain(id)] if id == "7"));
    }
}
