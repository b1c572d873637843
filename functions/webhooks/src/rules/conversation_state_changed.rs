//! A conversation stands elsewhere (`conversation.admin.assigned`, `conversation.admin.closed`,
//! `conversation.rating.added` and their like).
//!
//! The notification has all of the conversation, and of its parts the one that says what was done.

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
    fn where_it_stands_is_there() {
        let body = r#"{"app_id":"acme","topic":"conversation.admin.closed","id":"n1","created_at":1795175940,"data":{"item":{"id":"7","state":"closed","open":false}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(
            matches!(&*changes, [Change::Conversation { said, is_new: false }] if said.open == Some(false))
        );
    }
}
