//! A conversation is gone for good (`conversation.deleted`).
//!
//! So is everything that was said in it.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::ConversationId(id) = &notification.item else {
        return None;
    };
    Some(vec![Change::ConversationGone(id.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_gone_by_its_id() {
        let body = r#"{"app_id":"acme","topic":"conversation.deleted","id":"n1","created_at":1795175940,"data":{"item":{"type":"conversation","conversation_id":"7"}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(matches!(&*changes, [Change::ConversationGone(id)] if id == "7"));
    }
}
