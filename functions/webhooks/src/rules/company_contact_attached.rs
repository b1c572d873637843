//! A contact came to a company, or left it (`company.contact.attached`, `company.contact.detached`).
//!
//! The notification names ten companies of the contact at most, and a company without its dates: both are
//! read again, whichever of the two happened.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::Membership { company, contact } = &notification.item else {
        return None;
    };
    Some(vec![Change::Membership {
        company: company.id.clone(),
        contact: contact.id.clone(),
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_came_or_left_is_read_again() {
        let body = r#"{"app_id":"acme","topic":"company.contact.detached","id":"n1","created_at":1795175940,"data":{"item":{"company":{"id":"co1"},"contact":{"id":"c1"}}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(
            matches!(&*changes, [Change::Membership { company, contact }] if company == "co1" && contact == "c1")
        );
    }
}
