//! A contact did something (`event.created`).
//!
//! The envelope says when Intercom told of it, the item when it was done.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::DataEvent(event) = &notification.item else {
        return None;
    };
    Some(vec![Change::Event(event.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_there() {
        let body = r#"{"app_id":"acme","topic":"event.created","id":"n1","created_at":1795175940,"data":{"item":{"type":"event","id":"e1","event_name":"placed-order","intercom_user_id":"c1"}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(matches!(&*changes, [Change::Event(event)] if event.name == "placed-order"));
    }
}
