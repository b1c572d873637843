//! A company came to be, or something about it changed (`company.created`, `company.updated`).
//!
//! The notification has all of a company but its segments. One that is not imported, because nobody of it was
//! seen lately or the workspace has no id for it, is taken away.

use intercom::webhook::{MirroredItem, MirroredNotification};
use notification::Change;

/// What the notification says of what is mirrored; `None` when its item is another topic's.
pub fn rule(notification: &MirroredNotification) -> Option<Vec<Change>> {
    let MirroredItem::Company(company) = &notification.item else {
        return None;
    };
    Some(vec![Change::Company(company.clone())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_is_as_it_is_said_to_be() {
        let body = r#"{"app_id":"acme","topic":"company.updated","id":"n1","created_at":1795175940,"data":{"item":{"id":"co1","company_id":"7","updated_at":"2026-11-20T11:59:00.000+00:00"}}}"#;
        let notification = MirroredNotification::parse(body.as_bytes()).ok().unwrap();
        let changes = rule(&notification).unwrap();
        assert!(
            matches!(&*changes, [Change::Company(company)] if company.company_id.as_deref() == Some("7"))
        );
    }
}
